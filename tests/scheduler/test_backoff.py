"""How much longer a failing feed is left alone."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from archwatch.scheduler.backoff import PERMANENT, SOFT, TEMPORARY, backed_off, strained, weight
from archwatch.scheduler.states import PollState

INTERVAL, LONGEST = timedelta(minutes=15), timedelta(hours=24)
failures = st.lists(
    st.tuples(st.sampled_from([s for s in PollState if not s.good]), st.none() | st.integers(100, 599))
)


@given(failures)
def test_the_wait_only_grows_and_stays_within_its_bounds(found: list[tuple[PollState, int | None]]) -> None:
    strain, waits = 0.0, [INTERVAL]
    for state, status in found:
        strain = strained(strain, state, status)
        waits.append(backed_off(INTERVAL, strain, LONGEST))
    assert all(earlier <= later for earlier, later in pairwise(waits))
    assert waits[-1] <= LONGEST
    assert strained(strain, PollState.NOT_MODIFIED) == 0


def test_what_passes_weighs_less_than_what_stays() -> None:
    assert weight(PollState.HTTP_ERROR, 404) == weight(PollState.NOT_A_FEED) == PERMANENT
    assert weight(PollState.HTTP_ERROR, 500) == weight(PollState.PARSE_ERROR) == SOFT
    assert weight(PollState.HTTP_ERROR, 429) == weight(PollState.DNS_ERROR) == TEMPORARY
    assert backed_off(INTERVAL, 1, LONGEST) == INTERVAL
    assert backed_off(INTERVAL, 2, LONGEST) == 2 * INTERVAL
