"""What is learned: weights of features, relevance, its calibration, and topics. All scikit-learn."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_recall_curve
from sklearn.multiclass import OneVsRestClassifier

from archwatch.classifier.folds import Rows, folds

Scores = NDArray[np.float64]
RECALL_AIM: Final = 0.95
MIN_OF_TOPIC: Final = 8  # a topic with fewer examples is not learned


@dataclass(frozen=True)
class Prepared:
    """All items as numbers: `counts` (items, features), `topics` (items, topic ids) of 0 and 1."""

    counts: csr_matrix
    labels: Sequence[int]
    topics: NDArray[np.int8]
    groups: Sequence[str]
    digests: Sequence[str]


@dataclass(frozen=True)
class Heads:
    """The learned parts. `topics` is None when no topic had examples enough."""

    tfidf: TfidfTransformer
    relevance: LogisticRegression
    calibration: LogisticRegression
    topics: OneVsRestClassifier | None

    def weighted(self, counts: csr_matrix) -> csr_matrix:
        return self.tfidf.transform(counts)

    def scores(self, weighted: csr_matrix) -> Scores:
        """Calibrated probability of core, shape (items,)."""
        return _calibrated(self.calibration, self.relevance.decision_function(weighted))

    def topic_scores(self, weighted: csr_matrix) -> Scores:
        """Probability of each topic, given that the item is relevant: shape (items, topics)."""
        if self.topics is None:
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
    margins = np.zeros(len(clear))
    position = {row: at for at, row in enumerate(clear)}
    for train, test in folds(clear, data.labels, data.groups, data.digests, seed)[0]:
        tfidf, relevance = _relevance(data, train, seed)
        found = relevance.decision_function(tfidf.transform(data.counts[test]))
        margins[[position[row] for row in test]] = found
    calibration = LogisticRegression(C=np.inf).fit(margins.reshape(-1, 1), core)
    tfidf, relevance = _relevance(data, clear, seed)
    heads = Heads(tfidf, relevance, calibration, _topics(data, rows, tfidf, seed))
    return heads, _thresholds(core, _calibrated(calibration, margins))


def _relevance(data: Prepared, rows: Rows, seed: int) -> tuple[TfidfTransformer, LogisticRegression]:
    counts = data.counts[rows]
    tfidf = TfidfTransformer(sublinear_tf=True).fit(counts)
    # what training never saw says nothing, and must not dilute what it did see: half the words of a
    # language without training items
    weights = tfidf.idf_.copy()
    weights[counts.getnnz(axis=0) == 0] = 0.0
    tfidf.idf_ = weights
    core = [data.labels[row] == 2 for row in rows]
    return tfidf, _logistic(seed, C=30.0, class_weight="balanced").fit(tfidf.transform(counts), core)


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
