"""Learning the judge from coded headlines and sentences. What it is measured on it has not seen.

Calibration and thresholds rest on verdicts for outlets held out: the judge that gave them saw nothing of the
outlet. Headlines of our own making are learnt from always, and never measured on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.decomposition import PCA
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.svm import SVC

from archwatch.encoders import Vectors
from archwatch.errors import BadInput
from archwatch.extractor.candidates import Candidate, Question, Signs, candidates
from archwatch.extractor.decisions import decided
from archwatch.extractor.drafts import best, written
from archwatch.extractor.gazetteer import Gazetteer
from archwatch.extractor.gold import Case
from archwatch.extractor.judge import Judge, Projection, Verdict, counted, radial, sensed, verdicts
from archwatch.extractor.lexicon import Lexicon
from archwatch.extractor.pairing import Coded
from archwatch.extractor.parsed import Parsed
from archwatch.extractor.reading import Reading, read
from archwatch.extractor.scoring import Figures, Scored, figures, score
from archwatch.extractor.weighing import SIGNS, TYPES, weighed

FOLDS: Final = 5
_SURE: Final = tuple(percent / 100 for percent in range(16, 48, 4))
_MOST_SPURIOUS: Final = 22.0  # events that no reader would accept, a hundred texts
_LEAST: Final = 3  # a type with fewer examples is not learnt
_AXES: Final = 128
_ACTS_C, _TYPE_C = 2.0, 3.0
MADE: Final = "made"  # the outlet of headlines in our own words


class Example(NamedTuple):
    """A question, of which sentence of which case, and the types that a reader would accept (16,)."""

    case: int
    sentence: int
    question: Question
    accepted: NDArray[np.bool_]


@dataclass(frozen=True)
class Lessons:
    """Examples as numbers. `signs` by case, then by sentence."""

    cases: Sequence[Case]
    signs: list[list[tuple[Parsed, Signs]]]
    examples: list[Example]
    counts: csr_matrix
    parts: tuple[Vectors, ...]

    @property
    def accepted(self) -> NDArray[np.bool_]:
        return np.array([example.accepted for example in self.examples])


@dataclass(frozen=True)
class Learnt:
    """The judge; and how it does on outlets held out, at thresholds chosen there."""

    judge: Judge
    held_out: Figures
    outlets: dict[str, Figures]
    examples: int


def read_lessons(cases: Sequence[Case], gazetteer: Gazetteer, lexicon: Lexicon) -> Lessons:
    """Every candidate of every sentence of `cases`, with what gold says of it."""
    signs: list[list[tuple[Parsed, Signs]]] = []
    examples: list[Example] = []
    for at, case in enumerate(cases):
        reading: Reading = read(
            case.reading,
            headline_end=len(case.title),
            published_at=case.published_at,
            language="en",
            gazetteer=gazetteer,
            lexicon=lexicon,
        )
        signs.append([(parsed, reading.signs(i)) for i, parsed in enumerate(reading.sentences)])
        for i, (parsed, found) in enumerate(signs[-1]):
            examples += [
                Example(at, i, Question(parsed, one), _accepted(case, parsed, one))
                for one in candidates(parsed, found)
            ]
    questions = [example.question for example in examples]
    return Lessons(cases, signs, examples, counted(questions), sensed(questions))


def learn(lessons: Lessons) -> Learnt:
    """Raises BadInput when there are fewer than two outlets, so that none could be held out."""
    outlets = np.array([lessons.cases[example.case].outlet for example in lessons.examples])
    made = np.flatnonzero(outlets == MADE)
    told = np.flatnonzero(outlets != MADE)
    groups = outlets[told]
    if len(set(groups)) < 2:
        raise BadInput("training data", "is of one outlet", mend="add another, so that one can be held out")
    everything = np.arange(len(outlets))
    margins = np.zeros((len(outlets), 1 + len(TYPES)))
    for train, test in GroupKFold(min(FOLDS, len(set(groups)))).split(told, groups=groups):
        judge = _fit(lessons, np.concatenate([told[train], made]))
        unseen = told[test]
        parts = tuple(axes(part[unseen]) for axes, part in zip(judge.projections, lessons.parts, strict=True))
        margins[unseen] = judge.margins(judge.tfidf.transform(lessons.counts[unseen]), parts)
    signs = weighed([example.question for example in lessons.examples], margins)
    weights = _weights(lessons, signs)
    judged = verdicts(weights, signs)
    tried = {sure: _scored(lessons, judged, sure) for sure in _SURE}
    sure = max(tried, key=lambda one: _worth(figures(tried[one])))
    judge = replace(_fit(lessons, everything), weights=weights, sure=sure)
    scored = tried[sure]
    names = sorted({one.case.outlet for one in scored})
    by_outlet = {name: figures([one for one in scored if one.case.outlet == name]) for name in names}
    return Learnt(judge, figures(scored), by_outlet, len(outlets))


def _worth(found: Figures) -> tuple[bool, float]:
    """First few enough events that no reader would accept, then F1."""
    return (found.spurious or 0.0) <= _MOST_SPURIOUS, found.f1 or 0.0


def _weights(lessons: Lessons, signs: NDArray[np.float64]) -> LogisticRegression:
    """Learnt from headlines where there are any: on these a verdict is measured."""
    told = np.array([lessons.cases[example.case].outlet != MADE for example in lessons.examples])
    titled = told & np.array([bool(lessons.cases[example.case].title) for example in lessons.examples])
    rows = titled if titled.any() else told
    return LogisticRegression(max_iter=1000).fit(
        signs[rows].reshape(-1, SIGNS), lessons.accepted[rows].reshape(-1)
    )


def _accepted(case: Case, parsed: Parsed, candidate: Candidate) -> NDArray[np.bool_]:
    accepted = np.zeros(len(TYPES), dtype=bool)
    for event in case.events:
        if candidate.codes & set(event.actors) or _stands_in(event.where, parsed, candidate):
            accepted[[TYPES.index(kind) for kind in event.types]] = True
    return accepted


def _stands_in(where: Sequence[tuple[int, int]], parsed: Parsed, candidate: Candidate) -> bool:
    spans = [(parsed.tokens[first].start, parsed.tokens[last].end) for first, last in candidate.spans]
    return any(start < end_ and start_ < end for start, end in where for start_, end_ in spans)


def _fit(lessons: Lessons, rows: NDArray[np.intp]) -> Judge:
    tfidf = TfidfTransformer().fit(lessons.counts[rows])
    weighted = tfidf.transform(lessons.counts[rows])
    projections = tuple(_projection(part[rows]) for part in lessons.parts)
    parts = tuple(axes(part[rows]) for axes, part in zip(projections, lessons.parts, strict=True))
    kernel = np.asarray((weighted @ weighted.T).todense()) + radial(parts, parts)
    accepted = lessons.accepted[rows]
    acts: NDArray[np.bool_] = np.asarray(accepted.any(axis=1))
    everyone, acting = np.arange(len(rows)), np.flatnonzero(acts)
    duals = np.zeros((1 + len(TYPES), len(rows)))
    intercepts = np.full(1 + len(TYPES), -np.inf)
    duals[0], intercepts[0] = _machine(kernel, acts, everyone, _ACTS_C)
    for k in range(1, 1 + len(TYPES)):
        kind: NDArray[np.bool_] = np.asarray(accepted[:, k - 1])
        if kind.sum() >= _LEAST:
            duals[k], intercepts[k] = _machine(kernel, kind, acting, _TYPE_C)
    return Judge(
        tfidf=tfidf,
        projections=projections,
        words=csr_matrix(csr_matrix(duals) @ weighted),
        lessons=parts,
        duals=csr_matrix(duals),
        intercepts=intercepts,
        weights=LogisticRegression(),
        sure=1.0,
    )


def _projection(vectors: Vectors) -> Projection:
    axes = PCA(min(_AXES, *vectors.shape), random_state=1).fit(vectors)
    return Projection(axes.mean_.astype(np.float32), axes.components_.T.astype(np.float32))


def _machine(
    kernel: NDArray[np.float64], wanted: NDArray[np.bool_], rows: NDArray[np.intp], cost: float
) -> tuple[NDArray[np.float64], float]:
    """Dual coefficients of all examples, learnt from those at `rows`, and the intercept."""
    learner = SVC(kernel="precomputed", C=cost).fit(kernel[np.ix_(rows, rows)], wanted[rows])
    duals = np.zeros(len(kernel))
    duals[rows[learner.support_]] = learner.dual_coef_[0]
    return duals, float(learner.intercept_[0])


def _scored(lessons: Lessons, judged: Sequence[Verdict], sure: float) -> list[Scored]:
    """The cases whose actors are told by code, with what this threshold finds."""
    of: dict[tuple[int, int], list[tuple[Candidate, Verdict]]] = {}
    for example, verdict in zip(lessons.examples, judged, strict=True):
        of.setdefault((example.case, example.sentence), []).append((example.question.candidate, verdict))
    found = []
    for at, case in enumerate(lessons.cases):
        if any(event.where for event in case.events) or not case.title or case.outlet == MADE:
            continue
        events = [
            written(parsed, draft)
            for i, (parsed, signs) in enumerate(lessons.signs[at])
            for draft in best(decided(parsed, signs, of.get((at, i), []), sure=sure, opening=False))
        ]
        found.append(score(case, map(Coded.of, events)))
    return found
