"""The judge: of a party in a sentence, whether it does something there, and of which PLOVER type.

Two questions to logistic regression (scikit-learn), asked apart so that each learns from all examples: does
this party act at all, and if so, how. What they see: words around the party with all parties masked, what
the patterns made of it (candidates.py), and the sense of the sentence from two sentence encoders.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction import FeatureHasher
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression

from archwatch.contracts.event import EventType
from archwatch.encoders import cleaned, quick_vectors, slow_vectors
from archwatch.extractor.candidates import Candidate, masked
from archwatch.extractor.parsed import Parsed

SCHEMA: Final = "candidates/1"
SIZE: Final = 1 << 17
TYPES: Final[tuple[EventType, ...]] = (
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST",
    "ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip
Scores = NDArray[np.float64]
_SENSE: Final = 0.5  # weight of the vectors beside the words
_SPREAD: Final = 2.0  # of e5's vectors, which crowd, once centred
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
class Judge:
    """The learned parts. `centre`: mean of e5's vectors. `types`: one a type of TYPES, None for one that
    training had no examples of. `alone`, `backed`: how sure a verdict must be to be told, where no pattern
    says the same and where one does."""

    tfidf: TfidfTransformer
    centre: NDArray[np.float32]
    acts: LogisticRegression
    types: tuple[LogisticRegression | None, ...]
    calibration: LogisticRegression
    alone: float
    backed: float

    def verdicts(self, questions: Sequence[Question]) -> list[Verdict]:
        """For each question the likeliest type, in order."""
        if not questions:
            return []
        scores = self.scores(seen(questions, self.tfidf, self.centre))
        best = scores.argmax(axis=1)
        sure = self.calibration.predict_proba(scores[np.arange(len(best)), best].reshape(-1, 1))[:, 1]
        return [Verdict(TYPES[k], float(p)) for k, p in zip(best, sure, strict=True)]

    def scores(self, rows: csr_matrix) -> Scores:
        """Shape (len(rows), len(TYPES)): how likely it acts, times the root of how likely so."""
        acting = self.acts.predict_proba(rows)[:, 1]
        how = np.zeros((rows.shape[0], len(TYPES)))
        for k, learner in enumerate(self.types):
            if learner is not None:
                how[:, k] = learner.predict_proba(rows)[:, 1]
        return np.asarray(acting[:, None] * np.sqrt(how), dtype=np.float64)


def counted(questions: Sequence[Question]) -> csr_matrix:
    """Whether each feature is there: shape (len(questions), SIZE)."""
    hasher = FeatureHasher(SIZE, input_type="string", alternate_sign=False)
    found: csr_matrix = hasher.transform(question.candidate.features for question in questions)
    found.data = np.minimum(found.data, 1.0)
    return found


def sensed(questions: Sequence[Question]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """USE of the sentence and of the masked sentence, beside one another; and e5 of the sentence."""
    plain = [cleaned(question.parsed.sentence.text) for question in questions]
    hidden = [
        cleaned(" ".join(_STAND_IN.get(word, word) for word in masked(q.parsed, q.candidate)))
        for q in questions
    ]
    return np.hstack([quick_vectors(plain), quick_vectors(hidden)]), slow_vectors(plain)


def seen(
    questions: Sequence[Question], tfidf: TfidfTransformer, centre: NDArray[np.float32]
) -> csr_matrix:
    """All that the learners see of each question, as rows."""
    return rows_of(counted(questions), *sensed(questions), tfidf, centre)


def rows_of(
    counts: csr_matrix,
    quick: NDArray[np.float32],
    slow: NDArray[np.float32],
    tfidf: TfidfTransformer,
    centre: NDArray[np.float32],
) -> csr_matrix:
    dense = np.hstack([quick, _SPREAD * (slow - centre)])
    return hstack([tfidf.transform(counts), csr_matrix(_SENSE * dense)]).tocsr()
