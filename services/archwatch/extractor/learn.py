"""Learning the judge from coded headlines and sentences. What it is measured on it has not seen.

Calibration and thresholds rest on verdicts for outlets held out: the judge that gave them saw nothing of the
outlet.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.decomposition import PCA
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.svm import SVC

from archwatch.contracts.event import EventType
from archwatch.encoders import Vectors
from archwatch.errors import BadInput
from archwatch.extractor.candidates import Candidate, Signs, candidates
from archwatch.extractor.decisions import decided
from archwatch.extractor.drafts import best, written
from archwatch.extractor.gazetteer import Gazetteer
from archwatch.extractor.gold import Case
from archwatch.extractor.judge import TYPES, Judge, Projection, Question, Verdict, counted, radial, sensed
from archwatch.extractor.lexicon import Lexicon
from archwatch.extractor.pairing import Coded
from archwatch.extractor.parsed import Parsed
from archwatch.extractor.reading import Reading, read
from archwatch.extractor.scoring import Figures, Scored, figures, score

FOLDS: Final = 5
_ALONE: Final = (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)
_BACKED: Final = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35)
_LEAST: Final = 3  # a type with fewer examples is not learnt
_FEW: Final = 100  # with fewer, what the patterns find plain is told beside what the judge holds
_AXES: Final = 128
_ACTS_C, _TYPE_C = 2.0, 3.0


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
    if len(set(outlets)) < 2:
        raise BadInput("training data", "is of one outlet", mend="add another, so that one can be held out")
    everything = np.arange(len(outlets))
    scores = np.zeros((len(outlets), len(TYPES)))
    for train, test in GroupKFold(min(FOLDS, len(set(outlets)))).split(everything, groups=outlets):
        judge = _fit(lessons, train)
        parts = tuple(axes(part[test]) for axes, part in zip(judge.projections, lessons.parts, strict=True))
        scores[test] = judge.scores(judge.tfidf.transform(lessons.counts[test]), parts)
    likeliest = scores.argmax(axis=1)
    right = lessons.accepted[everything, likeliest]
    top = scores[everything, likeliest]
    calibration = LogisticRegression(C=np.inf).fit(top.reshape(-1, 1), right)
    judge = replace(_fit(lessons, everything), calibration=calibration)
    verdicts = [
        Verdict(TYPES[k], float(sure))
        for k, sure in zip(likeliest, calibration.predict_proba(top.reshape(-1, 1))[:, 1], strict=True)
    ]
    tried = {
        (alone, backed): _scored(lessons, verdicts, alone, backed, judge.few)
        for alone, backed in product(_ALONE, _BACKED)
        if backed <= alone
    }
    alone, backed = max(tried, key=lambda pair: figures(tried[pair]).f1 or 0.0)
    judge = replace(judge, alone=alone, backed=backed)
    scored = tried[alone, backed]
    names = sorted({one.case.outlet for one in scored})
    by_outlet = {name: figures([one for one in scored if one.case.outlet == name]) for name in names}
    return Learnt(judge, figures(scored), by_outlet, len(outlets))


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
    few = frozenset(kind for kind, count in zip(TYPES, accepted.sum(axis=0), strict=True) if count < _FEW)
    return Judge(
        tfidf=tfidf,
        projections=projections,
        words=csr_matrix(csr_matrix(duals) @ weighted),
        lessons=parts,
        duals=csr_matrix(duals),
        intercepts=intercepts,
        calibration=LogisticRegression(),
        alone=1.0,
        backed=1.0,
        few=few,
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


def _scored(
    lessons: Lessons, verdicts: Sequence[Verdict], alone: float, backed: float, few: frozenset[EventType]
) -> list[Scored]:
    """The cases whose actors are told by code, with what these thresholds find."""
    judged: dict[tuple[int, int], list[tuple[Candidate, Verdict]]] = {}
    for example, verdict in zip(lessons.examples, verdicts, strict=True):
        judged.setdefault((example.case, example.sentence), []).append((example.question.candidate, verdict))
    found = []
    for at, case in enumerate(lessons.cases):
        if any(event.where for event in case.events) or not case.title:
            continue
        events = [
            written(parsed, draft)
            for i, (parsed, signs) in enumerate(lessons.signs[at])
            for draft in best(
                decided(
                    parsed,
                    signs,
                    judged.get((at, i), []),
                    alone=alone,
                    backed=backed,
                    few=few,
                    opening=False,
                )
            )
        ]
        found.append(score(case, map(Coded.of, events)))
    return found
