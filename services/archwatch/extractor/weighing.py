"""How sure a verdict is: what the machines say of a party, beside what they say of the other parties of the
sentence and what the patterns made of it, weighed by a logistic regression. Pure.

News seldom tells two acts in one headline, so that a party is less likely to act where another surely does;
and to whom something is done seldom does the same.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from archwatch.contracts.event import EventType
from archwatch.extractor.candidates import Question
from archwatch.extractor.drafts import is_plain

Scores = NDArray[np.float64]
TYPES: Final[tuple[EventType, ...]] = (
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST",
    "ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip
SIGNS: Final = 12
_STEEP: Final = 2.0  # how fast margins turn into shares
_NONE: Final = -3.0  # the margin of what no machine was taught, and of who is not there


def weighed(questions: Sequence[Question], margins: Scores) -> Scores:
    """What is weighed of each question and type: shape (questions, types, SIGNS).

    `margins`: (questions, 1 + types), first whether the party acts, then how if it does. Questions about one
    sentence must all be there: they are read beside one another.
    """
    margins = np.where(np.isfinite(margins), margins, _NONE)
    acts, kinds = margins[:, :1], margins[:, 1:]
    shares = 1 / (1 + np.exp(-_STEEP * margins))
    rival = _highest_of_others(kinds.T).T
    same, sure, plain, borne = _patterns(questions)
    other_acts, other_kinds = _mates(questions, margins)
    signs = (
        acts, kinds, shares[:, :1] * np.sqrt(shares[:, 1:]), rival, np.minimum(kinds - rival, 0.0),
        other_acts, other_kinds, same, sure, plain, borne, same.any(axis=1, keepdims=True),
    )  # fmt: skip
    return np.stack([np.broadcast_to(sign, kinds.shape) for sign in signs], axis=2)


def _highest_of_others(rows: Scores) -> Scores:
    """For each place the highest value at the other places of its column."""
    if len(rows) < 2:
        return np.full(rows.shape, _NONE)
    first = rows.argmax(axis=0)
    across = np.arange(rows.shape[1])
    highest = rows[first, across]
    left = rows.copy()
    left[first, across] = -np.inf
    found = np.broadcast_to(highest, rows.shape).copy()
    found[first, across] = left.max(axis=0)
    return found


def _mates(questions: Sequence[Question], margins: Scores) -> tuple[Scores, Scores]:
    """The highest margins of the other parties of the sentence: acts (questions, 1), and each type."""
    together: dict[int, list[int]] = {}
    for row, question in enumerate(questions):
        together.setdefault(id(question.parsed), []).append(row)
    found = np.empty_like(margins)
    for rows in together.values():
        found[rows] = _highest_of_others(margins[rows])
    return found[:, :1], found[:, 1:]


def _patterns(questions: Sequence[Question]) -> tuple[Scores, ...]:
    """What the patterns made of each party, by type: an actor, how sure, plain; a recipient of another."""
    found = np.zeros((4, len(questions), len(TYPES)))
    for row, question in enumerate(questions):
        for draft in question.candidate.drafts:
            at = row, TYPES.index(draft.event_type)
            found[0][at] = 1.0
            found[1][at] = max(found[1][at], draft.confidence)
            found[2][at] = max(found[2][at], is_plain(draft))
        for draft in question.candidate.borne:
            found[3][row, TYPES.index(draft.event_type)] = 1.0
    return tuple(found)
