"""Learning: from lessons to heads. Calibration and thresholds rest on predictions for sources held out."""

import warnings
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier

from archwatch.classifier.aims import Point, curve_of
from archwatch.classifier.encoder import QUICK_WIDTHS
from archwatch.classifier.folds import folds
from archwatch.classifier.heads import Heads, Scores, calibrated, cascade, for_topics
from archwatch.classifier.lessons import Lessons
from archwatch.classifier.machine import BOTH, QUICK, Machine, Rows, fit_machine

INNER_FOLDS: Final = 5
SIEVE_RECALL: Final = 0.998  # of core items, on sources held out
MIN_OF_TOPIC: Final = 8  # a topic with fewer examples is not learned
_MIN_OF_RULER: Final = 50
_QUICK_WIDTH: Final = sum(QUICK_WIDTHS)


def fit(lessons: Lessons, topics: Sequence[str], rows: Rows, seed: int) -> tuple[Heads, list[Point]]:
    """Learn from `rows`; with the heads, the precision and recall of each threshold in validation.

    Those rest on items that were not `chosen` for being hard, where there are 50 core and 50 others.
    """
    labels = lessons.labels()
    clear = rows[labels[rows] != 1]
    core = labels[clear] == 2
    sifted, quick, slow = _held_out(lessons, rows, clear, seed)
    ruler = _ruler(lessons, clear, core)
    sieve_calibration, quick_calibration, slow_calibration = (
        LogisticRegression(C=np.inf).fit(margins[ruler].reshape(-1, 1), core[ruler])
        for margins in (sifted, quick, slow)
    )
    sieve_at = float(np.quantile(sifted[core], 1 - SIEVE_RECALL, method="lower"))
    scores = cascade(
        calibrated(sieve_calibration, sifted),
        np.flatnonzero(sifted >= sieve_at),
        lambda at: calibrated(quick_calibration, quick[at]),
        lambda at: calibrated(slow_calibration, slow[at]),
    )
    tfidf, sieve, machines = _relevance(lessons, rows, seed)
    heads = Heads(
        tfidf=tfidf,
        sieve=sieve,
        sieve_at=sieve_at,
        sieve_calibration=sieve_calibration,
        quick=machines[0],
        quick_calibration=quick_calibration,
        slow=machines[1],
        slow_calibration=slow_calibration,
        topics=_topics(lessons, topics, rows, tfidf, seed),
    )
    return heads, curve_of(core[ruler], scores[ruler])


def _held_out(lessons: Lessons, rows: Rows, clear: Rows, seed: int) -> tuple[Scores, Scores, Scores]:
    """Margins of sieve, quick and slow judge for each of `clear`, by judges that saw none of its source."""
    sifted, quick, slow = (np.zeros(len(clear)) for _ in range(3))
    position = {row: at for at, row in enumerate(clear)}
    for train, tested in folds(rows, lessons.told, seed, most=INNER_FOLDS)[0]:
        test = tested[np.isin(tested, clear)]
        if not len(test):
            continue
        tfidf, sieve, (quick_machine, slow_machine) = _relevance(lessons, train, seed)
        at = [position[row] for row in test]
        weighted, vectors = tfidf.transform(lessons.counts[test]), lessons.vectors[test]
        sifted[at] = sieve.decision_function(weighted)
        quick[at] = quick_machine.margins(weighted, quick_machine.sense(vectors[:, :_QUICK_WIDTH]))
        slow[at] = slow_machine.margins(weighted, slow_machine.sense(vectors))
    return sifted, quick, slow


def _ruler(lessons: Lessons, clear: Rows, core: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which of `clear` calibrate: what was chosen for being hard would say that all news is hard."""
    usual = np.array([not lessons.told[row].chosen for row in clear])
    enough = min((usual & core).sum(), (usual & ~core).sum()) >= _MIN_OF_RULER
    return usual if enough else np.ones(len(clear), dtype=bool)


def _relevance(
    lessons: Lessons, rows: Rows, seed: int
) -> tuple[TfidfTransformer, LogisticRegression, tuple[Machine, Machine]]:
    labels = lessons.labels()
    clear = rows[labels[rows] != 1]
    counts = lessons.counts[clear]
    tfidf = TfidfTransformer(sublinear_tf=True).fit(counts)
    # what training never saw says nothing, and must not dilute what it did see: half the words of a
    # language without training items
    weights = tfidf.idf_.copy()
    weights[counts.getnnz(axis=0) == 0] = 0.0
    tfidf.idf_ = weights
    sieve = _logistic(seed, C=3.0).fit(tfidf.transform(counts), labels[clear] == 2)
    weighted, core, between = tfidf.transform(lessons.counts[rows]), labels[rows] == 2, labels[rows] == 1
    quick = fit_machine(QUICK, weighted, lessons.vectors[:, :_QUICK_WIDTH], rows, core, between)
    return tfidf, sieve, (quick, fit_machine(BOTH, weighted, lessons.vectors, rows, core, between))


def _topics(
    lessons: Lessons, topics: Sequence[str], rows: Rows, tfidf: TfidfTransformer, seed: int
) -> OneVsRestClassifier | None:
    wanted = lessons.topics(topics)
    relevant = rows[(lessons.labels()[rows] > 0) & wanted[rows].any(axis=1)]
    if not len(relevant):
        return None
    learner = OneVsRestClassifier(_logistic(seed, C=10.0))
    seen: csr_matrix = tfidf.transform(lessons.counts[relevant])
    with warnings.catch_warnings():
        # when a source is held out, a topic may be left without examples: it is then never told
        warnings.filterwarnings("ignore", "Label .* is present in all training examples", UserWarning)
        return learner.fit(for_topics(seen, lessons.vectors[relevant, :_QUICK_WIDTH]), wanted[relevant])


def _logistic(seed: int, **settings: Any) -> LogisticRegression:
    return LogisticRegression(solver="liblinear", random_state=seed, class_weight="balanced", **settings)
