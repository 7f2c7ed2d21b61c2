"""How much longer a failing feed is left alone. Pure.

After Media Cloud's rss-fetcher: a failure weighs by how likely it is to pass; ours doubles the wait with each
unit of weight, where theirs adds to it.
"""

from datetime import timedelta
from typing import Final

from archwatch.scheduler.states import PollState

PERMANENT: Final = 1.0
SOFT: Final = 0.5
TEMPORARY: Final = 0.25
_BUSY: Final = frozenset((408, 425, 429, 502, 503, 504))
_WEIGHTS: Final = {
    PollState.DNS_ERROR: TEMPORARY,
    PollState.CONNECT_TIMEOUT: TEMPORARY,
    PollState.READ_TIMEOUT: TEMPORARY,
    PollState.CONNECTION_ERROR: TEMPORARY,
    PollState.TLS_ERROR: SOFT,
    PollState.PARSE_ERROR: SOFT,
    PollState.EMPTY: SOFT,
    PollState.TOO_LARGE: SOFT,
    PollState.FILE_ERROR: SOFT,
    PollState.TOO_MANY_REDIRECTS: PERMANENT,
    PollState.BLOCKED_ADDRESS: PERMANENT,
    PollState.NOT_A_FEED: PERMANENT,
    PollState.PARSER_KILLED: PERMANENT,
    PollState.RETIRED: PERMANENT,
}


def weight(state: PollState, status: int | None = None) -> float:
    """0 for an answer that is well, else permanent 1, soft 0.5 or temporary 0.25; `status` of HTTP."""
    if state.good:
        return 0.0
    if state is PollState.HTTP_ERROR:
        if status in _BUSY:
            return TEMPORARY
        return SOFT if status is None or status >= 500 else PERMANENT
    return _WEIGHTS[state]


def strained(before: float, state: PollState, status: int | None = None) -> float:
    """The weight of all failures in a row, this poll the last of them; one success clears it."""
    return 0.0 if state.good else before + weight(state, status)


def backed_off(interval: timedelta, strain: float, longest: timedelta) -> timedelta:
    """The first unit of weight is free, each further one doubles the wait, up to `longest`."""
    if strain <= 0:
        return interval
    return min(max(interval, longest), interval * 2 ** min(max(0.0, strain - PERMANENT), 20.0))
