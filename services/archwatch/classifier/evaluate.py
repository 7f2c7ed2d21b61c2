"""How good: core against no, beside a keyword list on the same items. Borderline items are told apart."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

from archwatch.classifier.lessons import Lesson

_BINS: Final = 10
_SHOWN: Final = 10
Bools = NDArray[np.bool_]
Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Figures:
    """Of `items` clear items, `core` of them core. None where it cannot be told (no core, no score).

    `false_alarms` is the share of the others that was flagged.
    """

    items: int
    core: int
    precision: float | None
    recall: float | None
    f1: float | None
    false_alarms: float | None
    average_precision: float | None = None
    calibration_error: float | None = None


@dataclass(frozen=True)
class Sieve:
    """What the first stage lets through: its share of core is the most that the whole can recall."""

    recall: float | None
    others: float | None

    def __str__(self) -> str:
        def share(value: float | None) -> str:
            return "-" if value is None else f"{value:.1%}"

        return f"the sieve lets through {share(self.recall)} of core and {share(self.others)} of the others"


COLUMNS: Final = (
    "on",
    "items",
    "core",
    "precision",
    "recall",
    "F1",
    "false alarms",
    "average precision",
    "calibration error",
)


@dataclass(frozen=True)
class Report:
    """`overall` and `keywords` on the same items; `parts` maps e.g. `language de` to its figures."""

    overall: Figures
    keywords: Figures
    parts: Mapping[str, Figures]
    topics: Mapping[str, Figures]
    borderline_flagged: float | None
    missed: Sequence[str]
    false_alarms: Sequence[str]
    sieve: Sieve | None = None
    unlearnt: Sequence[str] = ()  # topics of the items that the model does not know

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def rows(self) -> list[tuple[str, ...]]:
        """A table: first the header, then a row for each part."""
        named = [("model", self.overall), ("keyword list", self.keywords), *self.parts.items()]
        return [COLUMNS, *(as_row(name, figures) for name, figures in named)]

    def topic_rows(self) -> list[tuple[str, ...]]:
        """The same for the topics: `core` counts the items that have the topic."""
        last = COLUMNS.index("F1") + 1
        header = ("topic", "items", "with it", *COLUMNS[3:last])
        return [header, *(as_row(name, figures)[:last] for name, figures in self.topics.items())]


def evaluate(
    told: Sequence[Lesson],
    scores: Scores,
    flagged: Bools,
    topics: Sequence[Sequence[str]] | None = None,
    passed: Bools | None = None,
) -> Report:
    """`scores`, `flagged` and `passed` (the sieve) of each item, shape (items,); `topics` what the model gave
    each item."""
    clear = np.array([lesson.label != 1 for lesson in told], dtype=bool)
    core = np.array([lesson.label == 2 for lesson in told], dtype=bool)
    listed = np.array([lesson.listed for lesson in told], dtype=bool)
    borderline = ~clear
    order = np.argsort(scores)

    def of(name: Callable[[Lesson], str]) -> dict[str, Figures]:
        rows: defaultdict[str, list[int]] = defaultdict(list)
        for at in np.flatnonzero(clear).tolist():
            rows[name(told[at])].append(at)
        if len(rows) < 2:
            return {}
        return {name: _figures(core[at], flagged[at], scores[at]) for name, at in sorted(rows.items())}

    return Report(
        overall=_figures(core[clear], flagged[clear], scores[clear]),
        keywords=_figures(core[clear], listed[clear], None),
        parts={
            **of(lambda lesson: "chosen for being hard" if lesson.chosen else "not chosen"),
            **_hard_negatives(told, scores, flagged),
            **of(lambda lesson: f"language {lesson.language or 'unknown'}"),
            **of(lambda lesson: f"source {lesson.group}"),
        },
        topics=_topics(told, topics) if topics is not None else {},
        borderline_flagged=float(flagged[borderline].mean()) if borderline.any() else None,
        missed=[_shown(told[at], scores[at]) for at in order if core[at] and not flagged[at]][:_SHOWN],
        false_alarms=[
            _shown(told[at], scores[at]) for at in order[::-1] if clear[at] and flagged[at] and not core[at]
        ][:_SHOWN],
        sieve=None if passed is None else _sieve(core[clear], passed[clear]),
    )


def _hard_negatives(told: Sequence[Lesson], scores: Scores, flagged: Bools) -> dict[str, Figures]:
    """What is easily mistaken and told as such by its `kind`: all of it, and each kind."""
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for at, lesson in enumerate(told):
        if lesson.kind:
            rows["hard negatives"].append(at)
            rows[f"hard negatives: {lesson.kind}"].append(at)
    return {
        name: _figures(np.zeros(len(at), dtype=bool), flagged[at], scores[at])
        for name, at in sorted(rows.items())
    }


def _sieve(core: Bools, passed: Bools) -> Sieve:
    return Sieve(
        recall=float(passed[core].mean()) if core.any() else None,
        others=float(passed[~core].mean()) if not core.all() else None,
    )


def _figures(core: Bools, flagged: Bools, scores: Scores | None) -> Figures:
    hits = int((core & flagged).sum())
    precision = hits / int(flagged.sum()) if flagged.any() else None
    recall = hits / int(core.sum()) if core.any() else None
    both = precision is not None and recall is not None and precision + recall > 0
    return Figures(
        items=len(core),
        core=int(core.sum()),
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / (precision + recall) if both else None,  # type: ignore[operator]
        false_alarms=float(flagged[~core].mean()) if not core.all() else None,
        average_precision=float(average_precision_score(core, scores))
        if scores is not None and core.any()
        else None,
        calibration_error=_calibration_error(core, scores) if scores is not None and len(core) else None,
    )


def _calibration_error(core: Bools, scores: Scores) -> float:
    """Expected calibration error over ten equal bins (Naeini et al. 2015)."""
    bins = np.minimum((scores * _BINS).astype(int), _BINS - 1)
    error = 0.0
    for number in range(_BINS):
        inside = bins == number
        if inside.any():
            error += inside.mean() * abs(float(core[inside].mean()) - float(scores[inside].mean()))
    return float(error)


def _topics(told: Sequence[Lesson], given: Sequence[Sequence[str]]) -> dict[str, Figures]:
    """For each topic of the relevant items: was it found?"""
    relevant = [at for at, lesson in enumerate(told) if lesson.label > 0 and lesson.topics]
    figures = {}
    for topic in sorted({topic for at in relevant for topic in told[at].topics}):
        right = np.array([topic in told[at].topics for at in relevant], dtype=bool)
        found = np.array([topic in given[at] for at in relevant], dtype=bool)
        figures[topic] = _figures(right, found, None)
    return figures


def _shown(lesson: Lesson, score: float) -> str:
    return f"{score:.2f} {lesson.id} {lesson.headline}".rstrip()


def as_row(name: str, figures: Figures) -> tuple[str, ...]:
    """A row below COLUMNS."""
    values = asdict(figures)
    counts = (str(values.pop("items")), str(values.pop("core")))
    return (name, *counts, *("-" if value is None else f"{value:.3f}" for value in values.values()))
