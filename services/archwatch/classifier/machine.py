"""The relevance head: a support vector machine over words, concepts and the sense of the whole text.

Its kernel is a sum (Gönen and Alpaydin 2011): linear in the weighted words and concepts, so that each
word's share in a score can be told, and radial in each of the encoders' vectors.
"""

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.svm import SVC

from archwatch.classifier.encoder import QUICK_WIDTHS, SLOW_WIDTHS
from archwatch.encoders import Vectors

Margins = NDArray[np.float64]
Rows = NDArray[np.intp]


class Part(NamedTuple):
    """The share of one encoder's vectors in a kernel: `weight` * exp(-`gamma` * squared distance)."""

    width: int
    weight: float
    gamma: float
    centred: bool = False  # for an encoder whose directions crowd together


Kernel = tuple[Part, ...]
QUICK: Final[Kernel] = tuple(Part(width, 0.5, 1.0) for width in QUICK_WIDTHS)
BOTH: Final[Kernel] = (
    *(Part(width, 0.25, 1.0) for width in QUICK_WIDTHS),
    *(Part(width, 0.5, 0.7, centred=True) for width in SLOW_WIDTHS),
)
_C: Final = 3.0
_LINEAR: Final = 0.5
_BETWEEN: Final = 0.1  # of a borderline item, beside 1 of a clear one


@dataclass(frozen=True)
class Machine:
    """`words` (features,) are coefficients; `rows` (vectors,) say which of the items it learnt from support
    it, each once, with their `dual` weights; `support` (vectors, width) are the vectors of those, less the
    `centre`."""

    kernel: Kernel
    words: NDArray[np.float64]
    rows: Rows
    dual: Margins
    intercept: float
    centre: Vectors
    support: Vectors

    @property
    def width(self) -> int:
        """Of the vectors that it judges."""
        return len(self.centre)

    def sense(self, vectors: Vectors) -> Margins:
        """The share of the text as a whole, shape (items,)."""
        return self.likeness(vectors) @ self.dual

    def likeness(self, vectors: Vectors) -> NDArray[np.float64]:
        """To each of the items that support it, 0 to 1 or so: shape (items, len(rows))."""
        return _radial(self.kernel, _less(vectors, self.centre, self.kernel), self.support)

    def margins(self, weighted: csr_matrix, sense: Margins) -> Margins:
        """Signed distances, shape (items,)."""
        return np.asarray(weighted @ self.words + sense + self.intercept)

    def stored(self) -> dict[str, Any]:
        """What must be kept beside the items that it learnt from."""
        return {name: getattr(self, name) for name in ("words", "rows", "dual", "intercept", "centre")}


def restored(kernel: Kernel, stored: dict[str, Any], vectors: Vectors) -> Machine:
    """The machine of `stored`, with the `vectors` (items, width) of all items that it learnt from."""
    support = _less(vectors[stored["rows"]], stored["centre"], kernel)
    return Machine(kernel=kernel, support=support, **stored)


def fit_machine(
    kernel: Kernel,
    weighted: csr_matrix,
    vectors: Vectors,
    rows: Rows,
    core: NDArray[np.bool_],
    between: NDArray[np.bool_] | None = None,
) -> Machine:
    """Learn from `rows` of `vectors` (all items, width); `weighted` (rows, features), `core` (rows,) and
    `between` (rows,) are of those rows alone.

    What is `between` core and no is taught as both, each with half of a small weight: that keeps the border
    between them among such items.
    """
    taught = vectors[rows]
    centre = np.concatenate(
        [taught[:, columns].mean(axis=0) * part.centred for part, columns in _columns(kernel)]
    ).astype(np.float32)
    less = _less(taught, centre, kernel)
    gram = _radial(kernel, less, less) + _LINEAR * (weighted @ weighted.T).toarray()
    doubtful = np.zeros(len(rows), dtype=bool) if between is None else between
    once, twice = np.flatnonzero(~doubtful), np.flatnonzero(doubtful)
    at = np.concatenate([once, twice, twice])
    answers = np.concatenate([core[once], np.ones(len(twice), bool), np.zeros(len(twice), bool)])
    weights = np.concatenate([np.ones(len(once)), np.full(2 * len(twice), _BETWEEN / 2)])
    learnt = SVC(kernel="precomputed", C=_C, class_weight="balanced")
    learnt.fit(gram[np.ix_(at, at)], answers, sample_weight=weights)
    support, where = np.unique(at[learnt.support_], return_inverse=True)
    dual = np.bincount(where, weights=learnt.dual_coef_[0])
    stored = {
        "words": np.asarray(_LINEAR * (weighted[support].T @ dual)).ravel(),
        "rows": rows[support],
        "dual": dual,
        "intercept": float(learnt.intercept_[0]),
        "centre": centre,
    }
    return restored(kernel, stored, vectors)


def _columns(kernel: Kernel) -> list[tuple[Part, slice]]:
    ends = np.cumsum([part.width for part in kernel]).tolist()
    return [(part, slice(end - part.width, end)) for part, end in zip(kernel, ends, strict=True)]


def _less(vectors: Vectors, centre: Vectors, kernel: Kernel) -> Vectors:
    """Each part of `vectors` less its part of the centre, of length 1 again."""
    found = vectors[:, : len(centre)] - centre
    for part, columns in _columns(kernel):
        if part.centred:
            found[:, columns] /= np.maximum(np.linalg.norm(found[:, columns], axis=1, keepdims=True), 1e-9)
    return found


def _radial(kernel: Kernel, one: Vectors, other: Vectors) -> NDArray[np.float64]:
    """Shape (len(one), len(other)); for vectors of length 1 the squared distance is 2 - 2 cos."""
    total = np.zeros((len(one), len(other)))
    for part, columns in _columns(kernel):
        total += part.weight * np.exp(2 * part.gamma * (one[:, columns] @ other[:, columns].T - 1))
    return total
