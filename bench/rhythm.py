"""Delay from publication to entry, and polls spent: the adaptive rhythm beside fixed ones.

    python bench/rhythm.py FOLDER_OF_FEED_DOCUMENTS

Two mixes. `real`: each document whose entries have hours, played for four weeks: its last four, or all it
has again and again, each round moved by a whole number of days and each entry by up to half an hour. `news`:
160 Poisson feeds, log-normal rates (median 8 a day), three quarters of entries within a twelve-hour day, one
in three starts a burst of two more within the hour. Half of the feeds (even) choose the constants of
scheduler/pace.py, the other half (odd) is reported; the first week is not counted.
"""

import random
import statistics
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from archwatch.scheduler import pace
from archwatch.scheduler.feeds import Feed
from archwatch.scheduler.parse import parse_feed
from archwatch.store import History

START: Final = datetime(2026, 3, 2, tzinfo=UTC)
DAY: Final = timedelta(days=1)
WEEKS, WARM_UP = 28 * DAY, 7 * DAY
PAST: Final = 28 * DAY  # what the first poll finds in the document, at most 25 entries
SHORTEST, LONGEST = timedelta(minutes=2), timedelta(hours=24)

Times = list[datetime]
Rule = Callable[[History], timedelta]


class Result(NamedTuple):
    median: float  # minutes
    p95: float
    mean: float
    polls: float  # a feed and day


def real_feeds(folder: Path, rng: random.Random) -> list[Times]:
    feeds = []
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        parsed = parse_feed(
            path.read_bytes(),
            feed=Feed("https://feed.example/", "x"),
            content_type=None,
            fetched_at=datetime.now(UTC),
            max_entries=500,
            base_url="https://feed.example/",
        )
        dates = sorted({entry.published_at for entry in parsed.entries if entry.published_at})
        with_hours = [when for when in dates if (when.hour, when.minute, when.second) != (0, 0, 0)]
        if len(with_hours) >= 5 and len(with_hours) > len(dates) / 2:
            feeds.append(played(with_hours, rng))
    return feeds


def played(dates: Times, rng: random.Random) -> Times:
    span = max(1, -((dates[0] - dates[-1]) // DAY)) * DAY
    whole = DAY * 7 * -(-span // (7 * DAY)) if span > 4 * DAY else span
    shift = (START + WEEKS - dates[-1]) // DAY * DAY
    times, turn = [], 0
    while dates[-1] + shift - turn * whole > START - PAST:
        times += [
            when + shift - turn * whole + timedelta(minutes=rng.uniform(-30, 30) if turn else 0)
            for when in dates
        ]
        turn += 1
    return sorted(when for when in times if START - PAST < when < START + WEEKS)


def news_feeds(rng: random.Random, count: int = 160) -> list[Times]:
    feeds = []
    for _ in range(count):
        rate, wake = rng.lognormvariate(2.08, 1.3) / (5 / 3), rng.randrange(24)
        times, day = [], START - PAST
        while day < START + WEEKS:
            came = 0.0
            while (came := came + rng.expovariate(rate)) < 1:
                hour = wake + (rng.uniform(0, 12) if rng.random() < 0.75 else rng.uniform(12, 24))
                first = day + timedelta(hours=hour)
                more = 2 if rng.random() < 1 / 3 else 0
                times += [first, *(first + timedelta(hours=rng.random()) for _ in range(more))]
            day += DAY
        feeds.append(sorted(times))
    return feeds


def first_history(times: Times) -> History:
    return pace.learn(None, START, [when for when in times if when <= START][-25:])


def play(feeds: Sequence[Times], rule: Rule, rng: random.Random) -> Result:
    delays: list[float] = []
    polls = 0
    for times in feeds:
        history, at = first_history(times), sum(when <= START for when in times)
        now = START
        while True:
            now += rule(history) * rng.uniform(0.9, 1.1)
            if now >= START + WEEKS:
                break
            until = at
            while until < len(times) and times[until] <= now:
                until += 1
            found, at = times[at:until], until
            history = pace.learn(history, now, list(found))
            if now > START + WARM_UP:
                polls += 1
                delays += [(now - when) / timedelta(minutes=1) for when in found]
    delays.sort()
    days = len(feeds) * ((WEEKS - WARM_UP) / DAY)
    return Result(
        statistics.median(delays), delays[int(len(delays) * 0.95)], statistics.fmean(delays), polls / days
    )


def fixed(feeds: Sequence[Times], interval: timedelta) -> Result:
    return play(feeds, lambda _: interval, random.Random(2))


def adaptive(feeds: Sequence[Times], interval: timedelta) -> Result:
    rates = [pace.rate(one.items, one.days) for one in map(first_history, feeds)]
    speed = pace.pace_for(rates, interval, SHORTEST, LONGEST)
    return play(feeds, lambda history: pace.interval_of(history, speed, SHORTEST, LONGEST), random.Random(2))


def at_equal_polls(feeds: Sequence[Times], plain: Result, interval: timedelta) -> Result:
    """The interval is shifted until the polls spent are the same, within 3%."""
    for _ in range(4):
        got = adaptive(feeds, interval)
        if abs(got.polls / plain.polls - 1) < 0.03:
            break
        interval *= got.polls / plain.polls
    return got


def main() -> None:
    rng = random.Random(1)
    for mix, feeds in {"real": real_feeds(Path(sys.argv[1]), rng), "news": news_feeds(rng)}.items():
        reported = feeds[1::2]
        entries = sum(map(len, reported)) / len(reported) / ((PAST + WEEKS) / DAY)
        print(f"{mix}: {len(reported)} feeds, {entries:.1f} entries a day each")
        for minutes in (10, 15):
            plain = fixed(reported, timedelta(minutes=minutes))
            print(f"  fixed at {minutes}                     {show(plain)}")
            equal = at_equal_polls(reported, plain, timedelta(minutes=minutes))
            print(f"  adaptive, for as many polls     {show(equal, plain)}")
            for times in (1, 2, 3):
                got = adaptive(reported, timedelta(minutes=minutes * times))
                print(f"  adaptive at {minutes * times:2} on average       {show(got, plain)}")


def show(got: Result, plain: Result | None = None) -> str:
    text = f"median {got.median:5.2f} min, 95% {got.p95:5.1f}, mean {got.mean:5.1f}, {got.polls:5.1f} a day"
    if plain is None:
        return text
    return (
        f"{text} ({got.median / plain.median:.2f} of the median, {got.polls / plain.polls:.2f} of the polls)"
    )


if __name__ == "__main__":
    main()
