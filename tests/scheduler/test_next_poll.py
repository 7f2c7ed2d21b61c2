"""When a feed is asked next."""

import random
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from archwatch.scheduler.feeds import Feed
from archwatch.scheduler.manners import Asked, Wishes
from archwatch.scheduler.next_poll import MAX_DELAY, first_polls, next_poll

NOW = datetime(2026, 3, 4, tzinfo=UTC)
INTERVAL = timedelta(minutes=15)
TENTH = 0.1
seeds = st.integers().map(random.Random)
waits = st.timedeltas(timedelta(), timedelta(days=3_650))


@given(st.floats(0, 1e6), st.booleans(), waits, waits, st.integers(0, 10**9), seeds)
def test_a_feed_is_always_asked_again(
    strain: float, retired: bool, retry: timedelta, fresh: timedelta, wishes: int, rng: random.Random
) -> None:
    asked = Asked(retry, fresh, Wishes(wishes))
    when, _ = next_poll(NOW, INTERVAL, rng, strain=strain, retired=retired, asked=asked)
    assert INTERVAL * (1 - TENTH) <= when - NOW <= MAX_DELAY * (1 + TENTH)
    assert when - NOW >= min(MAX_DELAY, max(retry, fresh, timedelta(seconds=wishes)))


@given(st.frozensets(st.integers(0, 23), max_size=23), st.frozensets(st.integers(0, 6), max_size=6), seeds)
def test_hours_and_days_to_be_left_out_are_left_out(
    hours: frozenset[int], days: frozenset[int], rng: random.Random
) -> None:
    when, _ = next_poll(NOW, INTERVAL, rng, asked=Asked(wishes=Wishes(0, hours, days)))
    assert when.hour not in hours
    assert when.weekday() not in days
    assert when - NOW < timedelta(days=8)


@given(st.timedeltas(timedelta(minutes=2), timedelta(days=2)), st.floats(0, 50), st.floats(0, 50), seeds)
def test_failures_only_put_off_what_the_rhythm_asks_for(
    interval: timedelta, strain: float, more: float, rng: random.Random
) -> None:
    state = rng.getstate()
    well = next_poll(NOW, interval, rng)[0]
    rng.setstate(state)
    failing = next_poll(NOW, interval, rng, strain=strain)[0]
    rng.setstate(state)
    assert well <= failing <= next_poll(NOW, interval, rng, strain=strain + more)[0]


def test_what_decided_the_time_is_told() -> None:
    def why(**given: object) -> str:
        return next_poll(NOW, INTERVAL, random.Random(1), **given)[1]  # type: ignore[arg-type]

    assert why() == "its rhythm"
    assert why(asked=Asked(timedelta(hours=1))) == "Retry-After"
    assert why(asked=Asked(wishes=Wishes(3_600))).startswith("ttl")
    assert "failures" in why(strain=3.0)
    assert "retired" in why(retired=True)


def test_feeds_polled_together_drift_apart() -> None:
    rng = random.Random(1)
    assert len({next_poll(NOW, INTERVAL, rng)[0] for _ in range(100)}) == 100
    assert len({next_poll(NOW, INTERVAL, rng, asked=Asked(INTERVAL * 4))[0] for _ in range(100)}) == 100


def test_ten_thousand_new_feeds_do_not_come_due_at_once() -> None:
    feeds = [Feed(f"https://{n}.example/", "x") for n in range(10_000)]
    times = sorted(first_polls(feeds, NOW, INTERVAL, random.Random(1)).values())
    assert times[0] >= NOW
    assert times[-1] <= NOW + INTERVAL
    assert times[5_000] - NOW > timedelta(minutes=2)
