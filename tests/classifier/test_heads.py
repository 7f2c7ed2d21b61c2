"""The cascade: each judge is asked for what the one before could not settle, and its word is the last."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from archwatch.classifier.heads import DOUBT, Scores, cascade
from archwatch.classifier.machine import Rows

SCORE = st.floats(0, 1)
ITEMS = st.lists(st.tuples(SCORE, st.booleans(), SCORE, SCORE), max_size=30)


@given(ITEMS)
def test_the_last_judge_that_was_asked_decides(items: list[tuple[float, bool, float, float]]) -> None:
    sifted, quick, slow = (np.array([item[at] for item in items], dtype=np.float64) for at in (0, 2, 3))
    passing = np.flatnonzero([item[1] for item in items])
    asked: dict[str, list[int]] = {"quick": [], "slow": []}

    def ask(name: str, scores: Scores, rows: Rows) -> Scores:
        asked[name] += rows.tolist()
        return scores[rows]

    found = cascade(
        sifted, passing, lambda rows: ask("quick", quick, rows), lambda rows: ask("slow", slow, rows)
    )
    doubted = [row for row in passing.tolist() if DOUBT[0] <= quick[row] <= DOUBT[1]]
    assert asked == {"quick": passing.tolist(), "slow": doubted}
    for row, score in enumerate(found):
        judge = slow if row in doubted else quick if row in passing else sifted
        assert score == judge[row]
