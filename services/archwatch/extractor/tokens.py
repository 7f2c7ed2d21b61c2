"""Words of a sentence with what the gazetteer found in it laid over them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from archwatch.extractor.gazetteer import Named

_WORD: Final = re.compile(
    r"[’'] ?s\b|[’'] ?(?:re|ll|ve)\b|\d+(?:[.,:]\d+)*|\w+(?:[’'] ?t\b|(?:-\w+)+)?|[^\w\s]"
)
QUOTE_MARKS: Final = frozenset('"“”„«»‘‟')


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a sign or a named stretch. `low`: lower case; `head`: its last word, lower case."""

    start: int
    end: int
    text: str
    low: str
    head: str
    named: Named | None = None

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()


def tokenize(text: str, offset: int, named: Sequence[Named]) -> list[Token]:
    """Tokens of `text`, which starts at `offset`; `named` are the gazetteer's finds inside it, in order."""
    tokens: list[Token] = []
    position = 0
    for mention in named:
        _words(text, position, mention.start - offset, offset, tokens)
        low = mention.text.lower().replace("’", "'")
        tokens.append(Token(mention.start, mention.end, mention.text, low, low.rsplit(" ", 1)[-1], mention))
        position = mention.end - offset
    _words(text, position, len(text), offset, tokens)
    return tokens


def _words(text: str, start: int, end: int, offset: int, tokens: list[Token]) -> None:
    for match in _WORD.finditer(text, start, end):
        word = match.group()
        low = word.lower().replace("’", "'").replace(" ", "")
        tokens.append(Token(match.start() + offset, match.end() + offset, word, low, low))
