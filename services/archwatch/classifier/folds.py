"""Splits that keep a source whole, so that figures tell how the model does on outlets it never saw."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold, StratifiedKFold

Rows = NDArray[np.intp]
MAX_FOLDS: Final = 10
BY_SOURCE: Final = "by source"
AT_RANDOM: Final = "at random, for lack of sources: outlets never seen will do worse"


def folds(
    rows: Rows,
    labels: Sequence[int],
    groups: Sequence[str],
    digests: Sequence[str],
    seed: int,
    most: int = MAX_FOLDS,
) -> tuple[list[tuple[Rows, Rows]], str]:
    """(train, test) pairs that together test each of `rows` once, and how they were split.

    At most `most` of them. By group when every training part then has core and no; else at random. A
    headline that is in the test part (two outlets, one agency) is left out of the training part. All
    indices are into the whole data; `labels`, `groups` and `digests` are of the whole data too.
    """
    names = [groups[row] for row in rows]
    count = min(len(set(names)), most)
    if count > 1:
        pairs = [
            _pair(rows, train, test, digests) for train, test in GroupKFold(count).split(rows, groups=names)
        ]
        if all(_both(labels, train) for train, _ in pairs):
            return pairs, BY_SOURCE
    classes = [labels[row] for row in rows]
    rarest = min(classes.count(0), classes.count(2))
    shuffled = StratifiedKFold(max(2, min(5, rarest)), shuffle=True, random_state=seed)
    return [_pair(rows, train, test, digests) for train, test in shuffled.split(rows, classes)], AT_RANDOM


def _pair(rows: Rows, train: Rows, test: Rows, digests: Sequence[str]) -> tuple[Rows, Rows]:
    tested = {digests[row] for row in rows[test]}
    kept = [row for row in rows[train] if digests[row] not in tested]
    return np.array(kept, dtype=np.intp), rows[test]


def _both(labels: Sequence[int], train: Rows) -> bool:
    return {0, 2} <= {labels[row] for row in train}
