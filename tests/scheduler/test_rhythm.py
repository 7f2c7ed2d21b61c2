"""When a feed is asked next."""

import random
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from archwatch.scheduler.feeds import Feed
from archwatch.scheduler.rhythm import MAX_DELAY, first_polls, next_poll
from archwatch.scheduler.states import PollState

NOW = datetime(2026, 3, 4, tzinfo=UTC)
INTERVAL = timedelta(minutes=15)
TENTH = 0.1
seeds = st.integers().map(random.Random)


@given(st.sampled_from(PollState), st.integers(0, 10_000), seeds)
def test_a_feed_is_always_asked_again(state: PollState, failures: int, rng: random.Random) -> None:
    delay = next_poll(NOW, state, failures, INTERVAL, rng) - NOW
    assert INTERVAL * (1 - TENTH) <= delay <= MAX_DELAY * (1 + TENTH)


@given(st.integers(1, 5), seeds)
def test_each_failure_doubles_the_wait(failures: int, rng: random.Random) -> None:
    delay = next_poll(NOW, PollState.HTTP_ERROR, failures, INTERVAL, rng) - NOW
    assert abs(delay / (INTERVAL * 2 ** (failures - 1)) - 1) <= TENTH


def test_a_feed_that_is_gone_is_asked_once_a_day() -> None:
    delay = next_poll(NOW, PollState.GONE, 1, INTERVAL, random.Random(1)) - NOW
    assert abs(delay / timedelta(days=1) - 1) <= TENTH


def test_feeds_polled_together_drift_apart() -> None:
    rng = random.Random(1)
    assert len({next_poll(NOW, PollState.OK, 0, INTERVAL, rng) for _ in range(100)}) == 100


def test_ten_thousand_new_feeds_do_not_come_due_at_once() -> None:
    feeds = [Feed(f"https://{n}.example/", "x") for n in range(10_000)]
    times = sorted(first_polls(feeds, NOW, INTERVAL, random.Random(1)).values())
    assert times[0] >= NOW
    assert times[-1] <= NOW + INTERVAL
    assert times[5_000] - NOW > timedelta(minutes=2)
