"""Reads names of people nobody listed: capitalised words after an office, or in apposition to it."""

from dataclasses import dataclass
from typing import Final

from archwatch.extractor.actors import Sense
from archwatch.extractor.tokens import Token
from archwatch.extractor.words import COORDINATOR, DETERMINER, OPENING, PREPOSITION

_BREAKS: Final = PREPOSITION | COORDINATOR | DETERMINER


@dataclass(frozen=True)
class Names:
    """The tokens of a sentence; `text` is the sentence, which starts at `offset` of the whole."""

    tokens: list[Token]
    text: str
    offset: int
    title_case: bool

    @classmethod
    def of(cls, tokens: list[Token], text: str, offset: int) -> "Names":
        """Names cannot be told from other words in a headline Written Like This: `title_case` says so."""
        words = [t for t in tokens if t.text[0].isalpha() and t.named is None and len(t.text) > 3]
        capitals = sum(t.capital for t in words)
        return cls(tokens, text, offset, len(words) > 2 and capitals > 0.6 * len(words))

    def sense(self, i: int) -> Sense | None:
        """What the gazetteer says of token `i`."""
        named = self.tokens[i].named if 0 <= i < len(self.tokens) else None
        return named.sense if named else None

    def low(self, i: int) -> str:
        """Token `i` in lower case; empty outside the sentence."""
        return self.tokens[i].low if 0 <= i < len(self.tokens) else ""

    def words(self, first: int, last: int) -> str:
        """The name that tokens spell, without a comma before it."""
        begin, end = self.tokens[first].start - self.offset, self.tokens[last].end - self.offset
        return self.text[begin:end].lstrip(", ")

    def is_name(self, i: int) -> bool:
        """Whether token `i` may be part of a name that nobody listed."""
        token = self.tokens[i]
        return (
            token.named is None
            and token.capital
            and token.text[0].isalpha()
            and token.low not in _BREAKS
            and token.low not in OPENING
        )

    def bearer(self, i: int) -> tuple[Sense | None, int | None]:
        """Who stands right after an office: a person of the gazetteer, or up to four capitalised words."""
        if self.low(i) == "," and (sense := self.sense(i + 1)) and sense.kind == "person":
            return sense, i + 1
        sense = self.sense(i)
        if sense and sense.kind == "person":
            return sense, i
        if self.title_case:
            return None, None
        end = self._in_apposition(i)
        for j in range(i, min(i + 4, len(self.tokens))):
            if not self.is_name(j):
                break
            end = j
        return None, end

    def _in_apposition(self, i: int) -> int | None:
        """The end of a name between commas: "the foreign minister, Anna Berg, said"."""
        if self.low(i) != ",":
            return None
        j = i + 1
        while j < len(self.tokens) and j - i <= 4 and self.is_name(j):
            j += 1
        closed = j >= len(self.tokens) or not (self.tokens[j].capital or self.tokens[j].named)
        return j - 1 if j - i > 2 and closed else None
