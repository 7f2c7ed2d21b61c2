"""How good: core against no, beside a keyword list on the same items. Borderline items are told apart."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

from archwatch.classifier.data import Item
from archwatch.classifier.judgement import Judgement
from archwatch.classifier.keywords import by_keywords

_BINS: Final = 10
_SHOWN: Final = 10
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Figures:
    """Of `items` clear items, `core` of them core. None where it cannot be told (no core, no score)."""

    items: int
    core: int
    precision: float | None
    recall: float | None
    f1: float | None
    average_precision: float | None = None
    calibration_error: float | None = None


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

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def rows(self) -> list[tuple[str, ...]]:
        """A table: first the header, then a row for each part."""
        header = (
            "on",
            "items",
            "core",
            "precision",
            "recall",
            "F1",
            "average precision",
            "calibration error",
        )
        named = [("model", self.overall), ("keyword list", self.keywords), *self.parts.items()]
        return [header, *(as_row(name, figures) for name, figures in named)]


def evaluate(
    items: Sequence[Item],
    scores: NDArray[np.float64],
    flagged: Bools,
    topics: Sequence[Sequence[str]] | None = None,
) -> Report:
    """`scores` and `flagged` of each item, shape (len(items),); `topics` what the model gave each item."""
    clear = np.array([item.label != 1 for item in items], dtype=bool)
    core = np.array([item.label == 2 for item in items], dtype=bool)
    listed = np.array(by_keywords(items), dtype=bool)
    borderline = ~clear
    order = np.argsort(scores)
    return Report(
        overall=_figures(core[clear], flagged[clear], scores[clear]),
        keywords=_figures(core[clear], listed[clear], None),
        parts={
            **_parts(
                "language", items, lambda item: item.language or "unknown", clear, core, flagged, scores
            ),
            **_parts("source", items, lambda item: item.group, clear, core, flagged, scores),
        },
        topics=_topics(items, topics) if topics is not None else {},
        borderline_flagged=float(flagged[borderline].mean()) if borderline.any() else None,
        missed=[_shown(items[at], scores[at]) for at in order if core[at] and not flagged[at]][:_SHOWN],
        false_alarms=[
            _shown(items[at], scores[at]) for at in order[::-1] if clear[at] and flagged[at] and not core[at]
        ][:_SHOWN],
    )


def evaluate_judgements(items: Sequence[Item], judged: Sequence[Judgement]) -> Report:
    """The same, from what a model said of the items."""
    return evaluate(
        items,
        np.array([one.relevance.score for one in judged], dtype=np.float64),
        np.array([one.relevance.flagged for one in judged], dtype=bool),
        [[topic.id for topic in one.topics] for one in judged],
    )


def _figures(core: Bools, flagged: Bools, scores: NDArray[np.float64] | None) -> Figures:
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
        average_precision=float(average_precision_score(core, scores))
        if scores is not None and core.any()
        else None,
        calibration_error=_calibration_error(core, scores) if scores is not None and len(core) else None,
    )


def _calibration_error(core: Bools, scores: NDArray[np.float64]) -> float:
    """Expected calibration error over ten equal bins (Naeini et al. 2015)."""
    bins = np.minimum((scores * _BINS).astype(int), _BINS - 1)
    error = 0.0
    for number in range(_BINS):
        inside = bins == number
        if inside.any():
            error += inside.mean() * abs(float(core[inside].mean()) - float(scores[inside].mean()))
    return float(error)


def _parts(
    kind: str,
    items: Sequence[Item],
    key: Callable[[Item], str],
    clear: Bools,
    core: Bools,
    flagged: Bools,
    scores: NDArray[np.float64],
) -> dict[str, Figures]:
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for at, item in enumerate(items):
        if clear[at]:
            rows[key(item)].append(at)
    if len(rows) < 2:
        return {}
    return {
        f"{kind} {name}": _figures(core[at], flagged[at], scores[at]) for name, at in sorted(rows.items())
    }


def _topics(items: Sequence[Item], given: Sequence[Sequence[str]]) -> dict[str, Figures]:
    """For each topic of the relevant items: was it found?"""
    relevant = [at for at, item in enumerate(items) if item.label > 0 and item.topics]
    figures = {}
    for topic in sorted({topic for at in relevant for topic in items[at].topics}):
        right = np.array([topic in items[at].topics for at in relevant], dtype=bool)
        found = np.array([topic in given[at] for at in relevant], dtype=bool)
        figures[topic] = _figures(right, found, None)
    return figures


def _shown(item: Item, score: float) -> str:
    return f"{score:.2f} {item.id} {(item.title or item.summary or item.text)[:100]}"


def as_row(name: str, figures: Figures) -> tuple[str, ...]:
    """A row below the header of `Report.rows`."""
    values = asdict(figures)
    counts = (str(values.pop("items")), str(values.pop("core")))
    return (name, *counts, *("-" if value is None else f"{value:.3f}" for value in values.values()))
