"""The judge: of a party in a sentence, whether it does something there, and of which PLOVER type.

Two questions to support vector machines (scikit-learn), asked apart so that each learns from all examples:
does this party act at all, and if so, how. What they see: words around the party with all parties masked and
what the patterns made of it (candidates.py), linearly; and the sense of the sentence, and of the masked
sentence, from two sentence encoders, radially.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction import FeatureHasher
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression

from archwatch.contracts.event import EventType
from archwatch.encoders import Vectors, cleaned, quick_vectors, slow_vectors
from archwatch.extractor.candidates import Question, masked
from archwatch.extractor.weighing import SIGNS, TYPES, Scores, weighed

SCHEMA: Final = "candidates/2"
SIZE: Final = 1 << 17
PARTS: Final = 3  # encodings of a question: USE of the sentence and of the masked one, e5 of the sentence
_CHARS: Final = 400  # of a sentence: the time taken grows with its length
_RADIAL: Final = 1.5  # weight of the radial kernels, together, beside the linear one
# what stands for a masked party where the encoder reads the sentence
_STAND_IN: Final = {"@": "France", "O": "it", "U": "it", "0": "some"}


@dataclass(frozen=True)
class Verdict:
    """Of each of TYPES, how likely a reader accepts that the candidate does it: shape (types,)."""

    shares: Scores

    @property
    def event_type(self) -> EventType:
        """The likeliest."""
        return TYPES[int(self.shares.argmax())]

    @property
    def confidence(self) -> float:
        return float(self.shares.max())

    def of(self, event_type: EventType) -> float:
        return float(self.shares[TYPES.index(event_type)])


@dataclass(frozen=True)
class Projection:
    """The first principal axes of one encoding: shapes (width,) and (width, axes)."""

    centre: NDArray[np.float32]
    axes: NDArray[np.float32]

    def __call__(self, vectors: Vectors) -> Vectors:
        """Rows of length 1."""
        found = (vectors - self.centre) @ self.axes
        return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9), np.float32)


@dataclass(frozen=True)
class Judge:
    """The machines as arrays; the first answers whether a party acts, the others are those of TYPES.

    `words`: (1 + types, SIZE), the linear part; `lessons`: PARTS times (examples, axes), what the radial part
    compares with; `duals`: (1 + types, examples); `intercepts`: (1 + types,), minus infinity for a type that
    training had no examples of. `weights`: of what is weighed for a verdict (weighing.py). `sure`: how likely
    a verdict must be to be told.
    """

    tfidf: TfidfTransformer
    projections: tuple[Projection, ...]
    words: csr_matrix
    lessons: tuple[Vectors, ...]
    duals: csr_matrix
    intercepts: Scores
    weights: LogisticRegression
    sure: float

    def verdicts(self, questions: Sequence[Question]) -> list[Verdict]:
        """For each question, in order. All questions about a sentence must be asked together."""
        if not questions:
            return []
        parts = tuple(axes(part) for axes, part in zip(self.projections, sensed(questions), strict=True))
        margins = self.margins(self.tfidf.transform(counted(questions)), parts)
        return verdicts(self.weights, weighed(questions, margins))

    def margins(self, weighted: csr_matrix, parts: Sequence[Vectors]) -> Scores:
        """Shape (questions, 1 + types): whether the party acts; how, if it does."""
        linear = np.asarray((weighted @ self.words.T).todense())
        return np.asarray(linear + (self.duals @ radial(self.lessons, parts)).T + self.intercepts)


def verdicts(weights: LogisticRegression, signs: Scores) -> list[Verdict]:
    """`signs` as `weighed` gives them."""
    shares = weights.predict_proba(signs.reshape(-1, SIGNS))[:, 1].reshape(signs.shape[:2])
    return [Verdict(row) for row in shares]


def radial(ones: Sequence[Vectors], others: Sequence[Vectors]) -> Scores:
    """Shape (len(one), len(other)): the mean of a radial kernel on each part, weighted."""
    kernels = [np.exp(2.0 * (one @ other.T - 1.0)) for one, other in zip(ones, others, strict=True)]
    return np.asarray(_RADIAL * sum(kernels) / PARTS, dtype=np.float64)


def counted(questions: Sequence[Question]) -> csr_matrix:
    """Whether each feature is there: shape (len(questions), SIZE)."""
    hasher = FeatureHasher(SIZE, input_type="string", alternate_sign=False)
    found: csr_matrix = hasher.transform(question.candidate.features for question in questions)
    found.data = np.minimum(found.data, 1.0)
    return found


def sensed(questions: Sequence[Question]) -> tuple[Vectors, ...]:
    """The encodings of each question, PARTS of them."""
    plain = [cleaned(question.parsed.sentence.text, _CHARS) for question in questions]
    hidden = [
        cleaned(" ".join(_STAND_IN.get(word, word) for word in masked(q.parsed, q.candidate)), _CHARS)
        for q in questions
    ]
    return quick_vectors(plain), quick_vectors(hidden), slow_vectors(plain)
