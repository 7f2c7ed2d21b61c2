"""Gold events and coded ones, paired one to one. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import linear_sum_assignment

from archwatch.contracts.event import CodedEvent, EventType, Modality
from archwatch.extractor.gold import GoldEvent

_MUTUAL: Final = frozenset({"CONSULT", "COOPERATE"})  # who is actor and who recipient is a matter of words
_HIT, _WANTED, _WHOM, _HOW = 10_000, 100, 10, 1


@dataclass(frozen=True)
class Coded:
    """What scoring needs of a coded event: codes, "-" for a party without one."""

    type: EventType
    actors: frozenset[str]
    recipients: frozenset[str]
    modality: Modality = "asserted"

    @classmethod
    def of(cls, event: CodedEvent) -> "Coded":
        actors, recipients = (
            frozenset(ref.code or "-" for ref in refs) for refs in (event.actors, event.recipients)
        )
        return cls(event.event_type, actors, recipients, event.modality)

    def __str__(self) -> str:
        return _told((self.type,), self.actors, self.recipients, (self.modality,))


@dataclass(frozen=True)
class Pair:
    """A gold event beside a coded one; None where the other has no partner. A pair shares its type or an
    actor; `hit`: both."""

    gold: GoldEvent | None
    found: Coded | None

    @property
    def hit(self) -> bool:
        return self.type_right and self.actor_right

    @property
    def type_right(self) -> bool:
        return bool(self.gold and self.found) and self.found.type in self.gold.types  # type: ignore[union-attr]

    @property
    def actor_right(self) -> bool:
        """One of the actors was found; where gold names none, any will do."""
        if self.gold is None or self.found is None:
            return False
        mutual = _MUTUAL.intersection(self.gold.types)
        right = {*self.gold.actors, *(self.gold.recipients or ())} if mutual else {*self.gold.actors}
        return not self.gold.actors or bool(right & self.found.actors)

    @property
    def recipient_right(self) -> bool | None:
        """One of the recipients was found, or none where there is none; None: not judged.

        Where the parties do it together (several actors and no recipient, or a meeting), two of them were
        found, on either side, and nobody else as recipient.
        """
        if self.gold is None or self.found is None or self.gold.recipients is None:
            return None
        actors, recipients = {*self.gold.actors}, {*self.gold.recipients}
        if (_MUTUAL.intersection(self.gold.types) and actors) or (len(actors) > 1 and not recipients):
            parties = actors | recipients
            seen = parties & (self.found.actors | self.found.recipients)
            return len(seen) >= min(2, len(parties)) and self.found.recipients <= parties
        return bool(recipients & self.found.recipients) if recipients else not self.found.recipients

    @property
    def modality_right(self) -> bool:
        if self.gold is None or self.found is None:
            return False
        return self.found.modality in (self.gold.modality or ("asserted",))


def paired(gold: Sequence[GoldEvent], found: Sequence[Coded]) -> list[Pair]:
    """The best pairing: first as many hits as can be, of gold that is not optional before that which is, then
    by recipient and modality. What is left alone on either side comes last, gold before found."""
    worth = np.array([[_worth(Pair(g, f)) for f in found] for g in gold], dtype=int)
    worth = worth.reshape(len(gold), len(found))  # numpy sees no width in no rows
    rows, columns = linear_sum_assignment(worth, maximize=True)
    together = [(i, j) for i, j in zip(rows.tolist(), columns.tolist(), strict=True) if worth[i, j] > 0]
    left, right = {i for i, _ in together}, {j for _, j in together}
    pairs = [Pair(gold[i], found[j]) for i, j in together]
    pairs += [Pair(event, None) for i, event in enumerate(gold) if i not in left]
    return pairs + [Pair(None, event) for j, event in enumerate(found) if j not in right]


def told(event: GoldEvent) -> str:
    """A gold event in a line."""
    whom = ("anyone",) if event.recipients is None else event.recipients
    return _told(event.types, event.actors, whom, event.modality or ("asserted",))


def _told(types: Iterable[str], actors: Iterable[str], whom: Iterable[str], how: Iterable[str]) -> str:
    sides = " -> ".join(" ".join(sorted(codes)) or "nobody" for codes in (actors, whom))
    return f"{'|'.join(types)} {sides} ({'|'.join(how)})"


def _worth(pair: Pair) -> int:
    wanted = not (pair.gold and pair.gold.optional)
    if not pair.hit and not (wanted and (pair.type_right or pair.actor_right)):
        return 0
    return (
        1
        + _HIT * pair.hit
        + _WANTED * wanted
        + _WHOM * (pair.recipient_right is not False)
        + _HOW * pair.modality_right
    )
