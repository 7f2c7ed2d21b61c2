"""Who can be named, by which forms: what config/actors.yaml says, once read and checked."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from archwatch.contracts.event import ActorKind

FormKind = Literal["name", "adjective", "capital", "organ", "person", "format", "office", "body", "city"]


@dataclass(frozen=True)
class Office:
    """An office of a person; the years are None where they are not known, `end` None while it lasts."""

    title: str
    start: int | None = None
    end: int | None = None


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

    def office_at(self, moment: datetime | None) -> Office | None:
        """The office held in that year, else the last one before it, else the last known."""
        year = moment.year if moment else 9999
        held = [o for o in self.offices if o.start and o.start <= year <= (o.end or 9999)]
        before = [o for o in self.offices if o.start and o.start <= year]
        known = held or before or list(self.offices)
        return known[-1] if known else None


@dataclass(frozen=True)
class Form:
    """A way of writing a party. `stem`: any case ending may follow. `language` None: in every text."""

    text: str
    stem: bool
    language: str | None
    sense: Sense
    line: int


@dataclass(frozen=True)
class Ambiguity:
    """When a form may be taken at its word: see `ambiguous` in config/actors.yaml."""

    form: str
    means: str | None
    needs: tuple[str, ...]
    unless: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class Actors:
    """Everything config/actors.yaml says."""

    forms: tuple[Form, ...]
    ambiguous: dict[str, Ambiguity]
    names: dict[str, tuple[str, ActorKind]] = field(default_factory=dict)
