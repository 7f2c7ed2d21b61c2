"""Aims: a threshold reaches what it was asked for, as well as may be, or the message says that none does."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archwatch.classifier.aims import Aim, curve_of, parse_aim, threshold_for
from archwatch.errors import ConfigError

JUDGED = st.lists(st.tuples(st.booleans(), st.integers(0, 100)), min_size=2, max_size=60)


@pytest.mark.parametrize(
    ("text", "aim"),
    [
        ("recall 0.95", Aim("recall", 0.95)),
        ("precision .9", Aim("precision", 0.9)),
        ("recall 1", Aim("recall", 1.0)),
        ("balance", Aim("balance", 0.0)),
    ],
)
def test_an_aim_is_read(text: str, aim: Aim) -> None:
    assert parse_aim(text) == aim


@pytest.mark.parametrize("text", ["", "recall", "recall 2", "precision 0.9x", "accuracy 0.9", "balance 0.5"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no aim"):
        parse_aim(text)


@given(JUDGED, st.sampled_from([0.5, 0.8, 0.95, 1.0]))
def test_the_threshold_has_the_recall_that_was_asked_for(
    judged: list[tuple[bool, int]], value: float
) -> None:
    core = np.array([True, False, *(label for label, _ in judged)])
    scores = np.array([0.7, 0.3, *(score / 100 for _, score in judged)])
    at = threshold_for(Aim("recall", value), curve_of(core, scores), "m")
    assert (scores[core] >= at).mean() >= value


def test_the_best_of_those_that_reach_the_aim_is_taken() -> None:
    core = np.array([True] * 4 + [False] * 4)
    scores = np.array([0.9, 0.8, 0.7, 0.2, 0.6, 0.3, 0.1, 0.1])
    curve = curve_of(core, scores)
    assert threshold_for(parse_aim("recall 0.5"), curve, "m") == pytest.approx(0.65, abs=1e-4)
    assert threshold_for(parse_aim("recall 0.95"), curve, "m") == pytest.approx(0.15, abs=1e-4)
    assert threshold_for(parse_aim("precision 1"), curve, "m") == pytest.approx(0.65, abs=1e-4)


def test_between_classes_far_apart_the_threshold_is_in_the_middle() -> None:
    curve = curve_of(np.array([True, True, False, False]), np.array([0.99, 0.97, 0.03, 0.01]))
    assert threshold_for(parse_aim("recall 0.95"), curve, "m") == pytest.approx(0.5, abs=1e-4)


def test_an_aim_out_of_reach_is_told_with_what_is_in_reach() -> None:
    curve = curve_of(np.array([True, False, False]), np.array([0.5, 0.5, 0.9]))
    with pytest.raises(ConfigError, match=r"model v9 reached no precision of 0.9 .* at best 0\.333"):
        threshold_for(parse_aim("precision 0.9"), curve, "v9")
