"""What a threshold is to reach: a recall, a precision, or a balance of both."""

import re
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import precision_recall_curve

from archwatch.errors import ConfigError
from archwatch.settings import AIM

DEFAULT_AIM: Final = "recall 0.95"
_STEPS: Final = 200
# threshold, and the precision and recall of flagging at it and above
Point = tuple[float, float, float]


@dataclass(frozen=True)
class Aim:
    """`value` is what the recall or precision should at least be; 0 for a balance."""

    of: Literal["balance", "recall", "precision"]
    value: float


def parse_aim(text: str) -> Aim:
    """`recall 0.95`, `precision 0.9` or `balance`. Raises ValueError for anything else."""
    if not re.match(AIM, text):
        raise ValueError(f"{text!r} is no aim: write `recall 0.95`, `precision 0.9` or `balance`")
    of, _, value = text.partition(" ")
    return Aim(
        "recall" if of == "recall" else "precision" if of == "precision" else "balance", float(value or 0)
    )


def curve_of(core: NDArray[np.bool_], scores: NDArray[np.float64]) -> list[Point]:
    """Points of rising threshold, thinned to steps of half a hundredth in recall.

    A threshold lies midway between the lowest score that it flags and the next below: where core and
    others lie wide apart, what was never seen falls to the side that it is nearer to.
    """
    precision, recall, seen = precision_recall_curve(core, scores)
    thresholds = (seen + np.concatenate([[0.0], seen[:-1]])) / 2
    points: dict[int, Point] = {}
    for point in zip(thresholds.tolist(), precision.tolist(), recall.tolist(), strict=False):
        step = round(point[2] * _STEPS)
        if step not in points or _f1(point) > _f1(points[step]):
            points[step] = point
    # the threshold is cut, not rounded: what is flagged at it must be flagged at what is written of it
    return sorted((int(at * 10_000) / 10_000, round(p, 4), round(r, 4)) for at, p, r in points.values())


def threshold_for(aim: Aim, curve: list[Point], model: str) -> float:
    """Of the points that reach the aim, the one of highest F1. Raises ConfigError when none does."""
    reached = [point for point in curve if _of(aim, point) >= aim.value]
    if not reached:
        best = max((_of(aim, point) for point in curve), default=0.0)
        problem = f"model {model} reached no {aim.of} of {aim.value} in validation: at best {best:.3f}"
        raise ConfigError("classifier.threshold", problem, mend=f"aim at {best:.2f} or less")
    return max(reached, key=_f1)[0]


def _of(aim: Aim, point: Point) -> float:
    return {"recall": point[2], "precision": point[1], "balance": 1.0}[aim.of]


def _f1(point: Point) -> float:
    _, precision, recall = point
    return 2 * precision * recall / max(precision + recall, 1e-9)
