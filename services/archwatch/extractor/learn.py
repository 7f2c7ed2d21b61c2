"""Learning the judge from coded headlines and sentences. What it is measured on it has not seen.

Calibration and thresholds rest on verdicts for outlets held out: the judge that gave them saw nothing of the
outlet. Source of the method: two logistic regressions in a row, as in two-stage event coding; see the card.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from archwatch.errors import BadInput
from archwatch.extractor.candidates import Candidate, Signs, candidates
from archwatch.extractor.decisions import decided
from archwatch.extractor.drafts import best, written
from archwatch.extractor.gazetteer import Gazetteer
from archwatch.extractor.gold import Case
from archwatch.extractor.judge import TYPES, Judge, Question, Scores, Verdict, counted, rows_of, sensed
from archwatch.extractor.lexicon import Lexicon
from archwatch.extractor.pairing import Coded
from archwatch.extractor.parsed import Parsed
from archwatch.extractor.reading import Reading, read
from archwatch.extractor.scoring import Figures, Scored, figures, score

FOLDS: Final = 5
_ALONE: Final = (0.25, 0.3, 0.35, 0.4, 0.45, 0.5)
_BACKED: Final = (0.1, 0.15, 0.2, 0.25, 0.3, 0.35)
_LEAST: Final = 3  # a type with fewer examples is not learnt
_C: Final = 10.0


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
    quick: NDArray[np.float32]
    slow: NDArray[np.float32]

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
    return Lessons(cases, signs, examples, counted(questions), *sensed(questions))


def learn(lessons: Lessons) -> Learnt:
    """Raises BadInput when there are fewer than two outlets, so that none could be held out."""
    outlets = np.array([lessons.cases[example.case].outlet for example in lessons.examples])
    if len(set(outlets)) < 2:
        raise BadInput("training data", "is of one outlet", mend="add another, so that one can be held out")
    everything = np.arange(len(outlets))
    scores = np.zeros((len(outlets), len(TYPES)))
    for train, test in GroupKFold(min(FOLDS, len(set(outlets)))).split(everything, groups=outlets):
        judge = _fit(lessons, train)
        scores[test] = judge.scores(_rows(lessons, test, judge))
    likeliest = scores.argmax(axis=1)
    right = lessons.accepted[everything, likeliest]
    top = scores[everything, likeliest]
    calibration = LogisticRegression(C=np.inf).fit(top.reshape(-1, 1), right)
    verdicts = [
        Verdict(TYPES[k], float(sure))
        for k, sure in zip(likeliest, calibration.predict_proba(top.reshape(-1, 1))[:, 1], strict=True)
    ]
    tried = {
        (alone, backed): _scored(lessons, verdicts, alone, backed)
        for alone, backed in product(_ALONE, _BACKED)
        if backed <= alone
    }
    alone, backed = max(tried, key=lambda pair: figures(tried[pair]).f1 or 0.0)
    judge = replace(_fit(lessons, everything), calibration=calibration, alone=alone, backed=backed)
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
    centre = lessons.slow[rows].mean(axis=0)
    seen = rows_of(lessons.counts[rows], lessons.quick[rows], lessons.slow[rows], tfidf, centre)
    accepted = lessons.accepted[rows]
    acting = accepted.any(axis=1)
    types = tuple(
        _logistic().fit(seen[acting], kind) if kind.sum() >= _LEAST else None for kind in accepted[acting].T
    )
    return Judge(tfidf, centre, _logistic().fit(seen, acting), types, LogisticRegression(), 1.0, 1.0)


def _logistic() -> LogisticRegression:
    return LogisticRegression(C=_C, solver="liblinear", random_state=1)


def _rows(lessons: Lessons, rows: NDArray[np.intp], judge: Judge) -> csr_matrix:
    return rows_of(lessons.counts[rows], lessons.quick[rows], lessons.slow[rows], judge.tfidf, judge.centre)


def _scored(lessons: Lessons, verdicts: Sequence[Verdict], alone: float, backed: float) -> list[Scored]:
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
            for draft in best(decided(parsed, signs, judged.get((at, i), []), alone=alone, backed=backed))
        ]
        found.append(score(case, map(Coded.of, events)))
    return found


__all__ = ["Learnt", "Lessons", "Scores", "learn", "read_lessons"]


def trained_on(cases: Sequence[Case]) -> dict[str, Any]:
    """What the manifest tells of the training data."""
    outlets: dict[str, int] = {}
    for case in cases:
        outlets[case.outlet] = outlets.get(case.outlet, 0) + 1
    return {"cases": len(cases), "events": sum(len(case.events) for case in cases), "outlets": outlets}
