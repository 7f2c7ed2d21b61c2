"""Where a story stands, from the rhythm in which outlets take it up."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from archwatch.contracts.event import Phase

_QUIET: Final = timedelta(hours=24)  # nobody new for so long: fading
_LONG: Final = timedelta(hours=48)  # still carried after so long: sustained
_LIVELY: Final = 3  # entries that make it more than a first report


def phase(times: Sequence[datetime], now: datetime) -> Phase:
    """`times`: when each entry came, at least one. new: fewer than three; developing: taken up again within
    a day; sustained: so for two days; fading: for a day nobody new."""
    first, last = min(times), max(times)
    if now - last > _QUIET:
        return "fading"
    if last - first >= _LONG:
        return "sustained"
    return "developing" if len(times) >= _LIVELY else "new"
