"""What is learned: weights of features, a sieve, relevance, its calibration, and topics. All scikit-learn.

A cascade: the sieve, a linear model of words and concepts, puts aside what is plainly something else;
only the rest is read by the encoders and judged by the machine, which costs a hundred times as much.
"""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_recall_curve
from sklearn.multiclass import OneVsRestClassifier

from archwatch.classifier.encoder import Vectors
from archwatch.classifier.folds import Rows, folds
from archwatch.classifier.machine import Machine, fit_machine

Scores = NDArray[np.float64]
RECALL_AIM: Final = 0.95
INNER_FOLDS: Final = 5
SIEVE_RECALL: Final = 0.997  # of core items, on sources held out
MIN_OF_TOPIC: Final = 8  # a topic with fewer examples is not learned


@dataclass(frozen=True)
class Prepared:
    """All items as numbers: `counts` (items, features), `vectors` (items, WIDTH), `topics` (items, topic ids)
    of 0 and 1."""

    counts: csr_matrix
    vectors: Vectors
    labels: Sequence[int]
    topics: NDArray[np.int8]
    groups: Sequence[str]
    digests: Sequence[str]


@dataclass(frozen=True)
class Heads:
    """The learned parts. `topics` is None when no topic had examples enough."""

    tfidf: TfidfTransformer
    sieve: LogisticRegression
    sieve_at: float
    sieve_calibration: LogisticRegression
    machine: Machine
    calibration: LogisticRegression
    topics: OneVsRestClassifier | None

    def weighted(self, counts: csr_matrix) -> csr_matrix:
        return self.tfidf.transform(counts)

    def passing(self, weighted: csr_matrix) -> Rows:
        """The rows that the sieve lets through: never one in which it knows no word at all."""
        likely = self.sieve.decision_function(weighted) >= self.sieve_at
        return np.flatnonzero(likely & (weighted.getnnz(axis=1) > 0))

    def scores(self, weighted: csr_matrix, vectors: Callable[[Rows], Vectors]) -> tuple[Scores, Scores]:
        """Calibrated probability of core, and the share of the sense of the whole in the margin: each of
        shape (items,). `vectors` is asked for the rows that the sieve lets through; others have no sense."""
        found = _calibrated(self.sieve_calibration, self.sieve.decision_function(weighted))
        sense = np.zeros(len(found))
        rows = self.passing(weighted)
        if len(rows):
            sense[rows] = self.machine.sense(vectors(rows))
            margins = self.machine.margins(weighted[rows], sense[rows])
            found[rows] = _calibrated(self.calibration, margins)
        return found, sense

    def topic_scores(self, weighted: csr_matrix) -> Scores:
        """Probability of each topic, given that the item is relevant: shape (items, topics)."""
        if self.topics is None or not weighted.shape[0]:
            return np.zeros((weighted.shape[0], 0))
        found = np.asarray(self.topics.predict_proba(weighted), dtype=np.float64)
        return found[:, -len(self.topics.estimators_) :]  # of one topic alone, scikit-learn tells "not" first


@dataclass(frozen=True)
class Thresholds:
    """Scores to flag at: `f1` where precision and recall balance, `recall` for a recall of 0.95."""

    f1: float
    recall: float


def fit(data: Prepared, rows: Rows, seed: int) -> tuple[Heads, Thresholds]:
    """Learn from `rows`. Calibration and thresholds rest on predictions for sources held out in turn."""
    clear = np.array([row for row in rows if data.labels[row] != 1], dtype=np.intp)
    core = np.array([data.labels[row] == 2 for row in clear])
    margins, sifted = np.zeros(len(clear)), np.zeros(len(clear))
    position = {row: at for at, row in enumerate(clear)}
    for train, test in folds(clear, data.labels, data.groups, data.digests, seed, most=INNER_FOLDS)[0]:
        tfidf, sieve, machine = _relevance(data, train, seed)
        at = [position[row] for row in test]
        weighted = tfidf.transform(data.counts[test])
        margins[at] = machine.margins(weighted, machine.sense(data.vectors[test]))
        sifted[at] = sieve.decision_function(weighted)
    calibration, sieve_calibration = (
        LogisticRegression(C=np.inf).fit(found.reshape(-1, 1), core) for found in (margins, sifted)
    )
    tfidf, sieve, machine = _relevance(data, clear, seed)
    heads = Heads(
        tfidf=tfidf,
        sieve=sieve,
        sieve_at=float(np.quantile(sifted[core], 1 - SIEVE_RECALL, method="lower")),
        sieve_calibration=sieve_calibration,
        machine=machine,
        calibration=calibration,
        topics=_topics(data, rows, tfidf, seed),
    )
    return heads, _thresholds(core, _calibrated(calibration, margins))


def _relevance(data: Prepared, rows: Rows, seed: int) -> tuple[TfidfTransformer, LogisticRegression, Machine]:
    counts = data.counts[rows]
    tfidf = TfidfTransformer(sublinear_tf=True).fit(counts)
    # what training never saw says nothing, and must not dilute what it did see: half the words of a
    # language without training items
    weights = tfidf.idf_.copy()
    weights[counts.getnnz(axis=0) == 0] = 0.0
    tfidf.idf_ = weights
    core = np.array([data.labels[row] == 2 for row in rows])
    weighted = tfidf.transform(counts)
    sieve = _logistic(seed, C=3.0, class_weight="balanced").fit(weighted, core)
    return tfidf, sieve, fit_machine(weighted, data.vectors[rows], core)


def _topics(data: Prepared, rows: Rows, tfidf: TfidfTransformer, seed: int) -> OneVsRestClassifier | None:
    relevant = [row for row in rows if data.labels[row] > 0 and data.topics[row].any()]
    if not relevant or not data.topics.shape[1]:
        return None
    learner = OneVsRestClassifier(_logistic(seed, C=10.0, class_weight="balanced"))
    with warnings.catch_warnings():
        # when a source is held out, a topic may be left without examples: it is then never told
        warnings.filterwarnings("ignore", "Label .* is present in all training examples", UserWarning)
        return learner.fit(tfidf.transform(data.counts[relevant]), data.topics[relevant])


def _logistic(seed: int, **settings: Any) -> LogisticRegression:
    return LogisticRegression(solver="liblinear", random_state=seed, **settings)


def _calibrated(calibration: LogisticRegression, margins: Scores) -> Scores:
    return np.asarray(calibration.predict_proba(margins.reshape(-1, 1))[:, 1], dtype=np.float64)


def _thresholds(core: NDArray[np.bool_], scores: Scores) -> Thresholds:
    precision, recall, at = precision_recall_curve(core, scores)
    precision, recall = precision[:-1], recall[:-1]  # the last point has no threshold
    balance = 2 * precision * recall / np.maximum(precision + recall, 1e-9)
    return Thresholds(f1=float(at[balance.argmax()]), recall=float(at[recall >= RECALL_AIM].max()))
