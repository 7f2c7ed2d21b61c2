"""When a feed that says it has moved for good is believed. Pure.

Entry ids are of the listed URL: a move changes where we ask, and no entry's identity.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

PROOFS: Final = 20
PROVEN_AFTER: Final = timedelta(days=3)
BACK_AFTER: Final = 3


@dataclass(frozen=True)
class Moving:
    """`location`: where it is asked now (None: as listed); `to`, `since`, `seen`: a move not yet believed."""

    location: str | None = None
    to: str | None = None
    since: datetime | None = None
    seen: int = 0


def moved(before: Moving, to: str | None, failures: int, now: datetime) -> Moving:
    """After a poll that permanent redirects led to `to`, the `failures`th in a row that failed (0: well).

    Believed after 20 polls in a row over three days that say the same; taken back, and the listed URL asked
    again, when the new place fails three times in a row.
    """
    if failures:
        return Moving() if before.location and failures >= BACK_AFTER else before
    if to is None:
        return Moving(before.location)
    if to != before.to or before.since is None:
        return Moving(before.location, to, now, 1)
    if before.seen + 1 >= PROOFS and now - before.since >= PROVEN_AFTER:
        return Moving(to)
    return Moving(before.location, to, before.since, before.seen + 1)
