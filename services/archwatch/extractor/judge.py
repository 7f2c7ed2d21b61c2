"""The judge: of a party in a sentence, whether it does something there, and of which PLOVER type.

Two questions to support vector machines (scikit-learn), asked apart so that each learns from all examples:
does this party act at all, and if so, how. What they see: words around the party with all parties masked and
what the patterns made of it (candidates.py), linearly; and the sense of the sentence, and of the masked
sentence, from two sentence encoders, radially.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction import FeatureHasher
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression

from archwatch.contracts.event import EventType
from archwatch.encoders import Vectors, cleaned, quick_vectors, slow_vectors
from archwatch.extractor.candidates import Candidate, masked
from archwatch.extractor.parsed import Parsed

SCHEMA: Final = "candidates/1"
SIZE: Final = 1 << 17
TYPES: Final[tuple[EventType, ...]] = (
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST",
    "ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip
PARTS: Final = 3  # encodings of a question: USE of the sentence and of the masked one, e5 of the sentence
Scores = NDArray[np.float64]
_CHARS: Final = 400  # of a sentence: the time taken grows with its length
_RADIAL: Final = 1.5  # weight of the radial kernels, together, beside the linear one
_STEEP: Final = 2.0  # how fast margins turn into shares
# what stands for a masked party where the encoder reads the sentence
_STAND_IN: Final = {"@": "France", "O": "it", "U": "it", "0": "some"}


class Question(NamedTuple):
    """A candidate and the sentence that it stands in."""

    parsed: Parsed
    candidate: Candidate


class Verdict(NamedTuple):
    """What a candidate does, most likely; `confidence`: calibrated probability that a reader accepts it."""

    event_type: EventType
    confidence: float


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
    training had no examples of. `alone`, `backed`: how sure a verdict must be to be told, where no pattern
    says the same and where one does. `few`: types with so few examples that a plain pattern is told too.
    """

    tfidf: TfidfTransformer
    projections: tuple[Projection, ...]
    words: csr_matrix
    lessons: tuple[Vectors, ...]
    duals: csr_matrix
    intercepts: Scores
    calibration: LogisticRegression
    alone: float
    backed: float
    few: frozenset[EventType]

    def verdicts(self, questions: Sequence[Question]) -> list[Verdict]:
        """For each question the likeliest type, in order."""
        if not questions:
            return []
        parts = tuple(axes(part) for axes, part in zip(self.projections, sensed(questions), strict=True))
        scores = self.scores(self.tfidf.transform(counted(questions)), parts)
        best = scores.argmax(axis=1)
        sure = self.calibration.predict_proba(scores[np.arange(len(best)), best].reshape(-1, 1))[:, 1]
        return [Verdict(TYPES[k], float(p)) for k, p in zip(best, sure, strict=True)]

    def scores(self, weighted: csr_matrix, parts: Sequence[Vectors]) -> Scores:
        """Shape (questions, types): how likely the party acts, times the root of how likely so."""
        linear = np.asarray((weighted @ self.words.T).todense())
        margins = linear + (self.duals @ radial(self.lessons, parts)).T + self.intercepts
        shares = 1 / (1 + np.exp(-_STEEP * margins))
        return np.asarray(shares[:, :1] * np.sqrt(shares[:, 1:]), dtype=np.float64)


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
