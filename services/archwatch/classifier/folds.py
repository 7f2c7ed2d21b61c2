"""Splits by source and by time: figures tell how the model does on outlets and years it never saw."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from sklearn.model_selection import GroupKFold, StratifiedKFold

from archwatch.classifier.lessons import Lesson
from archwatch.classifier.machine import Rows

MAX_FOLDS: Final = 10
BY_SOURCE: Final = "by source"
AT_RANDOM: Final = "at random, for lack of sources: outlets never seen will do worse"
_LATER: Final = 0.2  # of the dated core items
_MIN_LATER: Final = 20


class ByTime(NamedTuple):
    """Rows of the years before `year`, and of that year and later."""

    year: int
    earlier: Rows
    later: Rows


def folds(
    rows: Rows, told: Sequence[Lesson], seed: int, most: int = MAX_FOLDS
) -> tuple[list[tuple[Rows, Rows]], str]:
    """(train, test) pairs that together test each of `rows` once, and how they were split.

    At most `most` of them. By group when every training part then has core and no; else at random. A
    headline that is in the test part (two outlets, one agency) is left out of the training part. `rows`
    and all pairs are indices into `told`.
    """
    names = [told[row].group for row in rows]
    count = min(len(set(names)), most)
    if count > 1:
        pairs = [
            (_untold(rows[train], rows[test], told), rows[test])
            for train, test in GroupKFold(count).split(rows, groups=names)
        ]
        if all(_both(told, train) for train, _ in pairs):
            return pairs, BY_SOURCE
    classes = [told[row].label for row in rows]
    rarest = min(classes.count(0), classes.count(2))
    shuffled = StratifiedKFold(max(2, min(5, rarest)), shuffle=True, random_state=seed)
    return [
        (_untold(rows[train], rows[test], told), rows[test]) for train, test in shuffled.split(rows, classes)
    ], AT_RANDOM


def by_time(told: Sequence[Lesson]) -> ByTime | None:
    """The latest fifth of the dated core items, and the rest; whole years. None when too few are dated."""
    years = sorted(lesson.year for lesson in told if lesson.label == 2 and lesson.year)
    if len(years) * _LATER < _MIN_LATER:
        return None
    year = years[-int(len(years) * _LATER)]
    dated = np.array([lesson.year or 0 for lesson in told])
    later = np.flatnonzero(dated >= year)
    earlier = _untold(np.flatnonzero((dated > 0) & (dated < year)), later, told)
    return ByTime(year, earlier, later) if _both(told, earlier) and _both(told, later) else None


def _untold(train: Rows, test: Rows, told: Sequence[Lesson]) -> Rows:
    tested = {told[row].digest for row in test}
    return np.array([row for row in train if told[row].digest not in tested], dtype=np.intp)


def _both(told: Sequence[Lesson], rows: Rows) -> bool:
    return {0, 2} <= {told[row].label for row in rows}
