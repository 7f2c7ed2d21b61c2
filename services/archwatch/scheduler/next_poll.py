"""When a feed is asked next: decided here, and nowhere else. Pure but for the dice.

Its rhythm (`pace`) says when it is worth asking; failures (`backoff`) put that off; what server and feed ask
for (`manners`) is a floor under both.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from archwatch.scheduler.backoff import backed_off
from archwatch.scheduler.feeds import Feed
from archwatch.scheduler.manners import NOTHING_ASKED, Asked, after_skipped

MAX_DELAY: Final = timedelta(hours=24)
_JITTER: Final = 0.1
_START_SPREAD: Final = timedelta(seconds=0.05)


def next_poll(
    now: datetime,
    interval: timedelta,
    rng: random.Random,
    *,
    strain: float = 0.0,
    retired: bool = False,
    asked: Asked = NOTHING_ASKED,
    longest: timedelta = MAX_DELAY,
) -> tuple[datetime, str]:
    """The time, and what decided it in a few words.

    `interval` is the feed's own rhythm, `strain` the weight of its failures in a row (see `backoff`). A
    retired feed is still asked, each `longest`: it may come back. The wait is shifted by up to a tenth,
    so that feeds polled together do not stay together, yet never below what is asked for. Nothing is
    longer than `longest` (or `interval`), except that hours and days to be left out are left out.
    """
    longest = max(interval, longest)
    delay, why = interval, "its rhythm"
    if retired:
        delay, why = longest, "retired: asked rarely, in case it comes back"
    elif (longer := backed_off(interval, strain, longest)) > delay:
        delay, why = longer, "backs off after failures"
    floor, who = asked.floor(longest)
    wait = delay * rng.uniform(1 - _JITTER, 1 + _JITTER)
    if floor > wait:
        wait, why = floor * rng.uniform(1, 1 + _JITTER), who
    when = now + wait
    open_again = after_skipped(when, asked.wishes)
    return (open_again, "skipHours or skipDays of the feed") if open_again > when else (when, why)


def first_polls(
    feeds: Sequence[Feed], now: datetime, interval: timedelta, rng: random.Random
) -> dict[str, datetime]:
    """When feeds never polled before are asked: local files at once, the others spread over a while."""
    spread = min(interval, _START_SPREAD * len(feeds))
    return {feed.url: now if feed.path else now + spread * rng.random() for feed in feeds}
