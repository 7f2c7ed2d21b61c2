"""When a feed is asked next. Pure."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from archwatch.scheduler.feeds import Feed
from archwatch.scheduler.states import PollState

MAX_DELAY: Final = timedelta(hours=24)
_JITTER: Final = 0.1
_START_SPREAD: Final = timedelta(seconds=0.05)


def next_poll(
    now: datetime, state: PollState, failures: int, interval: timedelta, rng: random.Random
) -> datetime:
    """After `failures` polls in a row without success the interval doubles with each, up to a day.

    A feed that says it is gone is still asked once a day: it may come back. Each time is shifted by up to
    a tenth, so that feeds polled together do not stay together.
    """
    longest = max(interval, MAX_DELAY)
    delay = (
        longest if state is PollState.GONE else min(longest, interval * 2 ** min(max(0, failures - 1), 20))
    )
    return now + delay * rng.uniform(1 - _JITTER, 1 + _JITTER)


def first_polls(
    feeds: Sequence[Feed], now: datetime, interval: timedelta, rng: random.Random
) -> dict[str, datetime]:
    """When feeds never polled before are asked: local files at once, the others spread over a while."""
    spread = min(interval, _START_SPREAD * len(feeds))
    return {feed.url: now if feed.path else now + spread * rng.random() for feed in feeds}
