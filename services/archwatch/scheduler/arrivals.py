"""How often a feed brings something, from the moments when it last did. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Final

KEPT: Final = 50
_ENOUGH: Final = 5
_SILENCE: Final = 5
_SLACK: Final = 1.5


def remembered(before: Sequence[int], published: Iterable[datetime], now: datetime) -> tuple[int, ...]:
    """The last 50 moments (seconds since 1970) when something came, oldest first.

    `published`: the dates of a document that brought something new; it came `now` if none of them is later
    than what was known.
    """
    stamps = {int(min(moment, now).timestamp()) for moment in published}
    if not stamps or (before and max(stamps) <= before[-1]):
        stamps.add(int(now.timestamp()))
    return tuple(sorted({*before, *stamps})[-KEPT:])


def typical_gap(arrivals: Sequence[int]) -> timedelta | None:
    """The median time from one arrival to the next; None with fewer than 5 gaps to tell it by."""
    gaps = _gaps(arrivals)
    return timedelta(seconds=median(gaps)) if len(gaps) >= _ENOUGH else None


def silent_after(arrivals: Sequence[int], interval: timedelta) -> timedelta | None:
    """How long without anything new is odd: five times the feed's rhythm (or the poll `interval`, if longer),
    and half as long again as any pause it made before, such as its nights; None when it has no rhythm yet."""
    gap = typical_gap(arrivals)
    if gap is None:
        return None
    return max(_SILENCE * max(gap, interval), _SLACK * timedelta(seconds=max(_gaps(arrivals))))


def _gaps(arrivals: Sequence[int]) -> list[int]:
    return [later - earlier for earlier, later in pairwise(arrivals)]
