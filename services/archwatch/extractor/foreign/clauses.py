"""Cuts a sentence into clauses: runs of words with one verb, and who answers for them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from archwatch.extractor.foreign.grammar import Grammar
from archwatch.extractor.foreign.parties import Noun
from archwatch.extractor.parsed import Parsed

_STOPS: Final = frozenset(".;:?!…()")
_DASHES: Final = frozenset("-–—−")
_MARKS: Final = frozenset('"“”„«»')
_SHORT: Final = 3  # words; so few between quotation marks are a label, and the clause goes on through them


@dataclass(frozen=True)
class Clause:
    """Tokens of one clause, in order. `before`: the sign or word that opens it; `quoted`: it stands between
    quotation marks."""

    tokens: tuple[int, ...]
    before: str
    quoted: bool = False

    @property
    def first(self) -> int:
        return self.tokens[0]

    @property
    def last(self) -> int:
        return self.tokens[-1]


def find_clauses(parsed: Parsed, grammar: Grammar, groups: list[list[Noun]]) -> list[Clause]:
    """The clauses in order; a relative clause is left out, and what it parted is put together again."""
    inside = {k for group in groups for k in range(group[0].first, group[-1].last + 1)}
    pieces = [piece for piece in _pieces(parsed, grammar, inside) if piece.tokens]
    clauses: list[Clause] = []
    k = 0
    while k < len(pieces):
        piece = pieces[k]
        if (
            clauses
            and piece.before == ","
            and parsed.low(piece.first + (parsed.low(piece.first) in grammar.prepositions))
            in grammar.relative
            and not _is_that(parsed, grammar, piece)
        ):
            if k + 1 < len(pieces) and pieces[k + 1].before == ",":
                last = clauses.pop()
                clauses.append(Clause(last.tokens + pieces[k + 1].tokens, last.before, last.quoted))
                k += 1
        else:
            clauses.append(piece)
        k += 1
    return clauses


def _is_that(parsed: Parsed, grammar: Grammar, piece: Clause) -> bool:
    return parsed.low(piece.first) in grammar.that and parsed.low(piece.first) not in grammar.relative


def _pieces(parsed: Parsed, grammar: Grammar, inside: set[int]) -> Iterator[Clause]:
    tokens: list[int] = []
    before, quoted = "", False
    marks = _long_quotations(parsed)
    for i, token in enumerate(parsed.tokens):
        low = token.low
        cut = i in marks or (
            i not in inside and (low in _STOPS or low == "," or (low in _DASHES and _apart(parsed, i)))
        )
        if cut:
            yield Clause(tuple(tokens), before, quoted)
            tokens, before = [], low
            quoted = marks.get(i, quoted)
        elif (
            tokens
            and i not in inside
            and (low in grammar.that or low in grammar.condition)
            and token.named is None
        ):
            yield Clause(tuple(tokens), before, quoted)
            tokens, before = [i], low
        elif low not in _MARKS:
            tokens.append(i)
    yield Clause(tuple(tokens), before, quoted)


def _apart(parsed: Parsed, i: int) -> bool:
    """Whether a dash stands between blanks, or between a quotation and its speaker."""
    tokens = parsed.tokens
    left = i == 0 or tokens[i - 1].end < tokens[i].start or tokens[i - 1].low in _MARKS | {","}
    right = i + 1 == len(tokens) or tokens[i].end < tokens[i + 1].start
    return left and right


def _long_quotations(parsed: Parsed) -> dict[int, bool]:
    """The marks of quotations that are sentences: where one opens True, where it closes False."""
    found: dict[int, bool] = {}
    opened: int | None = None
    for i, token in enumerate(parsed.tokens):
        if token.low not in _MARKS:
            continue
        if opened is None:
            opened = i
            continue
        if i - opened - 1 > _SHORT and parsed.tokens[opened + 1].capital:
            found[opened], found[i] = True, False
        opened = None
    return found
