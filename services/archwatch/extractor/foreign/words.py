"""Words as config/languages/ writes them: `abc` whole, `abc*` by its beginning, `*abc` its end, `*abc*`."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from archwatch.contracts.event import EventType

RowKind = Literal["verb", "noun", "stance"]


@dataclass(frozen=True)
class Words:
    """A set of words, some of them by their beginning, end or middle only."""

    whole: frozenset[str] = frozenset()
    beginnings: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    middles: tuple[str, ...] = ()

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Words":
        """From words with `*` for what may stand before or after."""
        whole: set[str] = set()
        beginnings, ends, middles = [], [], []
        for text in texts:
            bare = text.strip("*").lower()
            if text.startswith("*") and text.endswith("*"):
                middles.append(bare)
            elif text.endswith("*"):
                beginnings.append(bare)
            elif text.startswith("*"):
                ends.append(bare)
            else:
                whole.add(bare)
        return cls(frozenset(whole), tuple(beginnings), tuple(ends), tuple(middles))

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and (
            word in self.whole
            or word.startswith(self.beginnings)
            or word.endswith(self.ends)
            or any(middle in word for middle in self.middles)
        )

    def __or__(self, other: "Words") -> "Words":
        return Words(
            self.whole | other.whole,
            self.beginnings + other.beginnings,
            self.ends + other.ends,
            self.middles + other.middles,
        )


@dataclass(frozen=True)
class Step:
    """One word of a row. `gap`: whether other words may stand before it."""

    words: Words
    gap: bool


@dataclass(frozen=True)
class Row:
    """A row of words that makes an event. `weak`: only where another party stands with it; `bare`: and no
    preposition governs that party."""

    event_type: EventType
    mode: str | None
    kind: RowKind
    head: Words
    rest: tuple[Step, ...]
    weak: bool
    bare: bool
    text: str


class Rows:
    """Rows by the beginning of their first word, the longest first; those without a beginning are few."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._by_beginning: dict[str, list[Row]] = {}
        self._others: list[Row] = []
        for row in sorted(rows, key=lambda r: (-len(r.rest), -len(r.text))):
            keys = {word[:2] for word in (*row.head.whole, *row.head.beginnings)}
            for key in keys:
                self._by_beginning.setdefault(key, []).append(row)
            if row.head.ends or row.head.middles:
                self._others.append(row)

    def starting(self, word: str) -> list[Row]:
        """The rows whose first word this may be."""
        return [row for row in self._by_beginning.get(word[:2], []) + self._others if word in row.head]
