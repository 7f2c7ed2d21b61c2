"""States: each a metric label, and words for a person."""

import pytest

from archwatch.scheduler.backoff import weight
from archwatch.scheduler.states import PollState, in_words, label


@pytest.mark.parametrize("state", PollState)
def test_each_state_has_its_label_its_words_and_its_weight(state: PollState) -> None:
    assert label(state, 200) == ("http_200" if state is PollState.HTTP_ERROR else state.value)
    assert in_words(label(state, None)).replace(" ", "_").replace("-", "").lower() == state.value
    assert (weight(state) > 0) != state.good


@pytest.mark.parametrize(
    ("status", "shown", "words"),
    [(404, "http_404", "HTTP 404"), (503, "http_503", "HTTP 503"), (599, "http_5xx", "HTTP 5xx"),
     (999, "http_9xx", "HTTP 9xx"), (None, "http_error", "HTTP error")],
)  # fmt: skip
def test_a_code_that_no_one_knows_makes_no_label_of_its_own(
    status: int | None, shown: str, words: str
) -> None:
    assert label(PollState.HTTP_ERROR, status) == shown
    assert in_words(shown) == words
