"""How often a feed publishes, and how long it may be left alone. Pure.

For a number of polls, waiting is least when each feed is asked in proportion to a power of its rate: the
square root for the mean delay of independent arrivals. bench/rhythm.py chose the constants;
docs/decisions/0009-rhythm.md tells what was measured. Counts fade by half in MEMORY (`recent`: in BURST).
"""

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from archwatch.store import History

POWER: Final = 0.8  # above the square root: most entries come sooner, those of quiet feeds later
MEMORY: Final = timedelta(days=14)
BURST: Final = timedelta(hours=1)
BURST_WEIGHT: Final = 0.375
HOUR_PRIOR: Final = 0.3  # arrivals at each hour, as if seen: a profile needs proof
MOST_ASKED: Final = 96  # times for each entry that a feed brings: a list of quiet feeds is left in peace
_PRIOR_ITEMS: Final = 0.5
_PRIOR_DAYS: Final = 0.1
_LOOK_BACK: Final = timedelta(days=56)  # of a document read for the first time
_DAY: Final = timedelta(days=1)
_STEP: Final = 1_800.0
_LN2: Final = 0.693


def rate(items: float, days: float) -> float:
    """Entries a day; for a feed hardly watched, near a guess of five."""
    return (items + _PRIOR_ITEMS) / (days + _PRIOR_DAYS)


def learn(history: History | None, now: datetime, published: Sequence[datetime | None]) -> History:
    """The history after a good poll at `now` that brought new entries with these dates (none: not modified).

    Of a date only what the polls allow is believed: later than the last poll, not in the future; any other
    entry came when it was found. A document read for the first time tells of the past by its dates.
    """
    if history is None:
        return _first(now, published)
    seconds = max(0.0, (now - history.at).total_seconds())
    fade = 0.5 ** (seconds / MEMORY.total_seconds())
    arrivals = [when if when and history.at < when <= now else now for when in published]
    hours = [count * fade for count in history.hours]
    for when in arrivals:
        hours[when.astimezone(UTC).hour] += 1
    return History(
        now,
        history.items * fade + len(arrivals),
        history.days * fade + seconds / _DAY.total_seconds(),
        history.recent * 0.5 ** (seconds / BURST.total_seconds()) + _fading(arrivals, now, BURST),
        tuple(hours),
    )


def _first(now: datetime, published: Sequence[datetime | None]) -> History:
    dated = sorted({when for when in published if when and when <= now})
    since = dated[0] if dated and dated[0] > now - _LOOK_BACK else now - _LOOK_BACK
    # a span that begins with an entry has one arrival less than entries
    within = [when for when in dated if when > since]
    if (not within and since > now - _LOOK_BACK) or not dated:
        return History(now)  # no dates, or one: nothing to measure by
    hours = [0.0] * 24
    for when in within:
        hours[when.astimezone(UTC).hour] += 0.5 ** ((now - when) / MEMORY)
    watched = MEMORY / _DAY / _LN2 * (1 - 0.5 ** ((now - since) / MEMORY))
    return History(now, sum(hours), watched, _fading(within, now, BURST), tuple(hours))


def _fading(times: Sequence[datetime], now: datetime, half_life: timedelta) -> float:
    return sum(math.exp2((when - now) / half_life) for when in times)


def pace_for(rates: Sequence[float], interval: timedelta, shortest: timedelta, longest: timedelta) -> float:
    """Polls a day of a feed with one entry a day, for these feeds to cost what `interval` for all would, or
    less where that is more than any of them needs.

    Found by bisection, as the time between two polls stays within the bounds.
    """
    least = _DAY / longest
    wanted = len(rates) * min(_DAY / shortest, max(least, _DAY / interval))
    powers = [(one**POWER, _DAY / _least_wait(one, shortest, longest)) for one in rates]
    low, high = 1e-4, 1e8
    for _ in range(50):
        middle = (low * high) ** 0.5
        cost = sum(min(most, max(least, middle * power)) for power, most in powers)
        low, high = (middle, high) if cost < wanted else (low, middle)
    return math.sqrt(low * high)


def interval_of(history: History, pace: float, shortest: timedelta, longest: timedelta) -> timedelta:
    """How long after `history.at` the wish to ask, by what may come at each time, adds up to one poll."""
    daily = rate(history.items, history.days)
    usual = daily * 24 / (sum(history.hours) + 24 * HOUR_PRIOR)
    burst = history.recent * _LN2 / (BURST / _DAY)
    start = history.at.astimezone(UTC)
    second = start.hour * 3600 + start.minute * 60 + start.second
    wish, waited = 0.0, 0.0
    while waited < longest.total_seconds():
        expected = usual * (history.hours[int((second + waited) // 3600) % 24] + HOUR_PRIOR)
        soon = burst * 0.5 ** (waited / BURST.total_seconds())
        asking = pace * ((1 - BURST_WEIGHT) * expected + BURST_WEIGHT * soon) ** POWER / _DAY.total_seconds()
        if wish + asking * _STEP >= 1:
            waited += (1 - wish) / asking
            break
        wish, waited = wish + asking * _STEP, waited + _STEP
    return max(_least_wait(daily, shortest, longest), min(longest, timedelta(seconds=waited)))


def _least_wait(rate: float, shortest: timedelta, longest: timedelta) -> timedelta:
    return min(longest, max(shortest, _DAY / (MOST_ASKED * rate)))
