"""The learned parts, as a cascade: each of three judges is ten times as dear as the one before.

A linear sieve of words and concepts puts aside what is plainly something else. A machine with a quick
encoder judges the rest; where it doubts, a machine with a slow encoder too. All scikit-learn.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from archwatch.classifier.machine import BOTH, QUICK, Machine, Rows, restored
from archwatch.encoders import Vectors

Scores = NDArray[np.float64]
Encode = Callable[[Rows], Vectors]  # vectors of some of the items
DOUBT: Final = (0.1, 0.95)  # scores of the quick judge between which the slow one is asked
_SENSE_OF_TOPICS: Final = 0.7  # weight of a vector beside the words, for topics


class Reading(NamedTuple):
    """`scores` (items,): calibrated probability of core. `slowly` (items,): whether the slow judge was asked.
    `vectors` (items, all widths): 0 where the encoder was not asked."""

    scores: Scores
    slowly: NDArray[np.bool_]
    vectors: Vectors


@dataclass(frozen=True)
class Heads:
    """`topics` is None when no topic had examples enough."""

    tfidf: TfidfTransformer
    sieve: LogisticRegression
    sieve_at: float
    sieve_calibration: LogisticRegression
    quick: Machine
    quick_calibration: LogisticRegression
    slow: Machine
    slow_calibration: LogisticRegression
    topics: OneVsRestClassifier | None

    def weighted(self, counts: csr_matrix) -> csr_matrix:
        return self.tfidf.transform(counts)

    def passing(self, weighted: csr_matrix) -> Rows:
        """The rows that the sieve lets through: never one in which it knows no word at all."""
        likely = self.sieve.decision_function(weighted) >= self.sieve_at
        return np.flatnonzero(likely & (weighted.getnnz(axis=1) > 0))

    def read(self, weighted: csr_matrix, quickly: Encode, slowly: Encode) -> Reading:
        """Judge each item as dearly as it needs: `quickly` and `slowly` give vectors of rows."""
        items = weighted.shape[0]
        width = self.quick.width
        vectors = np.zeros((items, self.slow.width), dtype=np.float32)
        asked = np.zeros(items, dtype=bool)

        def quick(rows: Rows) -> Scores:
            vectors[rows, :width] = quickly(rows)
            sense = self.quick.sense(vectors[rows, :width])
            return calibrated(self.quick_calibration, self.quick.margins(weighted[rows], sense))

        def slow(rows: Rows) -> Scores:
            asked[rows] = True
            vectors[rows, width:] = slowly(rows)
            sense = self.slow.sense(vectors[rows])
            return calibrated(self.slow_calibration, self.slow.margins(weighted[rows], sense))

        sifted = calibrated(self.sieve_calibration, self.sieve.decision_function(weighted))
        return Reading(cascade(sifted, self.passing(weighted), quick, slow), asked, vectors)

    def topic_scores(self, weighted: csr_matrix, vectors: Vectors) -> Scores:
        """Probability of each topic, given that the item is relevant: shape (items, topics)."""
        if self.topics is None or not weighted.shape[0]:
            return np.zeros((weighted.shape[0], 0))
        found = np.asarray(self.topics.predict_proba(for_topics(weighted, vectors)), dtype=np.float64)
        return found[:, -len(self.topics.estimators_) :]  # of one topic alone, scikit-learn tells "not" first

    def stored(self) -> dict[str, Any]:
        """What must be kept beside the lessons."""
        parts = {field.name: getattr(self, field.name) for field in fields(self)}
        return parts | {"quick": self.quick.stored(), "slow": self.slow.stored()}


def restored_heads(stored: dict[str, Any], vectors: Vectors) -> Heads:
    """The heads of `stored`, with the `vectors` (items, WIDTH) of all items that they learnt from."""
    quick, slow = restored(QUICK, stored["quick"], vectors), restored(BOTH, stored["slow"], vectors)
    return Heads(**stored | {"quick": quick, "slow": slow})


def cascade(
    sifted: Scores, passing: Rows, quick: Callable[[Rows], Scores], slow: Callable[[Rows], Scores]
) -> Scores:
    """The scores of the last judge that was asked, shape (items,)."""
    found = sifted.copy()
    if not len(passing):
        return found
    found[passing] = judged = quick(passing)
    doubtful = passing[(judged >= DOUBT[0]) & (judged <= DOUBT[1])]
    if len(doubtful):
        found[doubtful] = slow(doubtful)
    return found


def calibrated(calibration: LogisticRegression, margins: Scores) -> Scores:
    return np.asarray(calibration.predict_proba(margins.reshape(-1, 1))[:, 1], dtype=np.float64)


def for_topics(weighted: csr_matrix, vectors: Vectors) -> csr_matrix:
    return hstack([weighted, csr_matrix(_SENSE_OF_TOPICS * vectors)]).tocsr()
