"""When to try again what failed because something is away. Pure but for what it remembers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

_FIRST: Final = timedelta(seconds=1)
LONGEST: Final = timedelta(seconds=30)


@dataclass
class Patience:
    """A pause of a second after the first failure in a row, twice as long after each, 30 s at most."""

    _failures: int = 0
    _again: datetime | None = None

    def over(self, now: datetime) -> bool:
        """May it be tried?"""
        return self._again is None or now >= self._again

    def failed(self, now: datetime) -> None:
        self._again = now + min(LONGEST, _FIRST * 2 ** min(self._failures, 10))
        self._failures += 1

    def worked(self) -> None:
        self._failures, self._again = 0, None
