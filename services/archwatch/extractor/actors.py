"""Who can be named, by which forms: what config/actors.yaml says, once read and checked."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

from archwatch.contracts.event import ActorKind

FormKind = Literal["name", "adjective", "capital", "organ", "person", "format", "office", "body", "city"]
# Where a form counts: anywhere; beside an office or a "Mr" (the surname Brown), or there and alone while its
# bearer is in office (Bush); after "in", "near" (Split).
Scope = Literal["anywhere", "titled", "incumbent", "placed"]
_EVER: Final = 12 * 9999


def month(moment: datetime | None) -> int:
    """Months since the year 0; a time beyond all offices for None."""
    return 12 * moment.year + moment.month - 1 if moment else _EVER


@dataclass(frozen=True)
class Office:
    """An office of a person, from month `start` to month `end`, both within it (see `month`).

    None where a year is not known; `end` is None while it lasts, too.
    """

    title: str
    start: int | None = None
    end: int | None = None

    def held(self, moment: datetime | None) -> bool:
        """Whether the years say that it was held then."""
        return self.start is not None and self.start <= month(moment) <= (
            _EVER if self.end is None else self.end
        )


@dataclass(frozen=True)
class Sense:
    """What a form means. `code` is None for an office or body that names no state by itself."""

    kind: FormKind
    code: str | None
    name: str
    actor_kind: ActorKind
    offices: tuple[Office, ...] = ()
    members: tuple[str, ...] = ()
    ended: int | None = None
    place: str | None = None

    def in_office(self, moment: datetime | None) -> bool:
        """Whether any office with years was held then; False without a date."""
        return moment is not None and any(office.held(moment) for office in self.offices)

    def office_at(self, moment: datetime | None) -> Office | None:
        """The office held in that month, else the last one before it, else the last known."""
        held = [o for o in self.offices if o.held(moment)]
        before = [o for o in self.offices if o.start is not None and o.start <= month(moment)]
        known = held or before or list(self.offices)
        return known[-1] if known else None


@dataclass(frozen=True)
class Form:
    """A way of writing a party. `language` None: in every text.

    `stem`: a case ending may follow, one of `endings` or, when that is None, any of up to six letters.
    """

    text: str
    stem: bool
    language: str | None
    sense: Sense
    line: int
    endings: frozenset[str] | None = None
    scope: Scope = "anywhere"


@dataclass(frozen=True)
class Ambiguity:
    """When a form may be taken at its word: see `ambiguous` in config/actors.yaml."""

    form: str
    means: str | None
    needs: tuple[str, ...]
    unless: tuple[str, ...]
    reason: str
    after: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()


@dataclass(frozen=True)
class Actors:
    """Everything config/actors.yaml says; `members` by the code of the organisation.

    `checked`: the month (see `month`) up to which its offices without an end are known to have lasted.
    """

    forms: tuple[Form, ...]
    ambiguous: dict[str, Ambiguity]
    names: dict[str, tuple[str, ActorKind]] = field(default_factory=dict)
    anaphors: dict[str, tuple[str, ...]] = field(default_factory=dict)
    members: dict[str, tuple[str, ...]] = field(default_factory=dict)
    checked: int | None = None
