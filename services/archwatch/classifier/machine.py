"""The relevance head: a support vector machine over words, concepts and the sense of the whole text.

Its kernel is a sum (Gönen and Alpaydin 2011): linear in the weighted words and concepts, so that each
word's share in a score can be told, and radial in each of the encoders' vectors.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.svm import SVC

from archwatch.classifier.encoder import WIDTHS, Vectors

Margins = NDArray[np.float64]
_C: Final = 3.0
_LINEAR: Final = 0.5
# of each encoder's part: (weight, gamma); e5's directions crowd together, so it is centred
_RADIAL: Final = ((0.25, 1.0), (0.25, 1.0), (0.5, 0.7))


@dataclass(frozen=True)
class Machine:
    """`words` (features,) are coefficients; `support` (vectors, WIDTH) are centred, with their `dual`
    (vectors,)."""

    words: NDArray[np.float64]
    support: NDArray[np.float16]
    dual: Margins
    intercept: float
    centre: Vectors

    def sense(self, vectors: Vectors) -> Margins:
        """The share of the text as a whole, shape (items,)."""
        return _radial(_centred(vectors, self.centre), self.support.astype(np.float32)) @ self.dual

    def margins(self, weighted: csr_matrix, sense: Margins) -> Margins:
        """Signed distances, shape (items,)."""
        return np.asarray(weighted @ self.words + sense + self.intercept)


def fit_machine(weighted: csr_matrix, vectors: Vectors, core: NDArray[np.bool_]) -> Machine:
    """Learn from `weighted` (items, features) and `vectors` (items, WIDTH)."""
    centre = vectors[:, -WIDTHS[-1] :].mean(axis=0)
    centred = _centred(vectors, centre)
    kernel = _radial(centred, centred) + _LINEAR * (weighted @ weighted.T).toarray()
    learnt = SVC(kernel="precomputed", C=_C, class_weight="balanced").fit(kernel, core)
    dual = learnt.dual_coef_[0]
    return Machine(
        words=np.asarray(_LINEAR * (weighted[learnt.support_].T @ dual)).ravel(),
        support=centred[learnt.support_].astype(np.float16),
        dual=dual,
        intercept=float(learnt.intercept_[0]),
        centre=centre,
    )


def _centred(vectors: Vectors, centre: Vectors) -> Vectors:
    last = vectors[:, -len(centre) :] - centre
    last /= np.maximum(np.linalg.norm(last, axis=1, keepdims=True), 1e-9)
    return np.hstack([vectors[:, : -len(centre)], last])


def _radial(one: Vectors, other: Vectors) -> NDArray[np.float64]:
    """Shape (len(one), len(other)); for vectors of length 1 the squared distance is 2 - 2 cos."""
    total = np.zeros((len(one), len(other)))
    start = 0
    for width, (weight, gamma) in zip(WIDTHS, _RADIAL, strict=True):
        part = slice(start, start + width)
        total += weight * np.exp(2 * gamma * (one[:, part] @ other[:, part].T - 1))
        start += width
    return total
