"""Who is quoted in other languages: the party beside a verb of saying, or "X: «...»"."""

from typing import Final

from archwatch.contracts.event import ActorRef
from archwatch.extractor.foreign.grammar import Grammar
from archwatch.extractor.foreign.parties import Noun, read_nouns
from archwatch.extractor.parsed import Parsed

_NEAR: Final = 6  # words between a verb of saying and who says it
_REACH: Final = 16  # words of the sentence on either side of the quotation
_MARKS: Final = frozenset('"“”„«»')


def speaker(
    sentences: list[Parsed], at: int, last: int, start: int, end: int, grammar: Grammar
) -> tuple[ActorRef | None, str | None]:
    """Who says the quotation at [start, end) that begins in sentence `at` and ends in `last`, and the verb."""
    inside = sentences[last]
    after = next((i for i, t in enumerate(inside.tokens) if t.start >= end + 1), len(inside.tokens))
    found = _beside(inside, grammar, range(after, min(after + _REACH, len(inside.tokens))))
    if found is None:
        parsed = sentences[at]
        before = next((i for i, t in enumerate(parsed.tokens) if t.end > start), len(parsed.tokens))
        while before and parsed.low(before - 1) in _MARKS:
            before -= 1
        found = _beside(parsed, grammar, range(max(0, before - _REACH), before)) or _by_colon(parsed, grammar, before)
        if found is None and parsed.sentence.kind == "headline":
            found = _by_dash(inside, grammar, after)
    if found is None and after >= len(inside.tokens) - 1 and last + 1 < len(sentences):
        following = sentences[last + 1]
        if following.sentence.paragraph == inside.sentence.paragraph:
            found = _beside(following, grammar, range(min(_NEAR, len(following.tokens))))
    return found or (None, None)


def _beside(parsed: Parsed, grammar: Grammar, places: range) -> tuple[ActorRef, str] | None:
    """The free noun group nearest to the first verb of saying there; before it or after it."""
    if not places:
        return None
    nouns = [n for n in read_nouns(parsed, grammar) if _can_speak(n) and n.last >= places[0] and n.first <= places[-1]]
    for i in places:
        if parsed.low(i) not in grammar.says or parsed.tokens[i].named is not None:
            continue
        near = [(_distance(n, i), n) for n in nouns if _distance(n, i) <= _NEAR and not _parted(parsed, n, i)]
        if near:
            return min(near, key=lambda item: item[0])[1].ref, parsed.low(i)
    return None


def _can_speak(noun: Noun) -> bool:
    return not noun.attribute and not noun.preposition and noun.case != "oblique"


def _distance(noun: Noun, i: int) -> int:
    return i - noun.last if noun.last < i else noun.first - i


def _parted(parsed: Parsed, noun: Noun, i: int) -> bool:
    """Whether a quotation mark or the end of a clause stands between."""
    first, last = (noun.last, i) if noun.last < i else (i, noun.first)
    return any(parsed.low(k) in _MARKS or parsed.low(k) in (";", ":", ".") for k in range(first + 1, last))


def _by_colon(parsed: Parsed, grammar: Grammar, before: int) -> tuple[ActorRef, None] | None:
    if parsed.low(before - 1) != ":":
        return None
    noun = next((n for n in read_nouns(parsed, grammar) if n.last == before - 2), None)
    return (noun.ref, None) if noun and not noun.attribute and not noun.preposition else None


def _by_dash(parsed: Parsed, grammar: Grammar, after: int) -> tuple[ActorRef, None] | None:
    """ "«...» — Песков": a person or body that closes the headline."""
    nouns = [n for n in read_nouns(parsed, grammar) if n.first >= after]
    if len(nouns) == 1 and nouns[0].body and nouns[0].free and nouns[0].last == len(parsed.tokens) - 1:
        between = [parsed.low(k) for k in range(after, nouns[0].first)]
        if between and all(not w[:1].isalnum() for w in between) and set(between) & {"-", "–", "—"}:
            return nouns[0].ref, None
    return None
