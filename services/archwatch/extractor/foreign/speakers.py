"""Who is quoted in other languages: the party beside a verb of saying, a pronoun for it, or "X: «...»"."""

from typing import Final

from archwatch.contracts.event import ActorRef
from archwatch.extractor.foreign.grammar import Grammar
from archwatch.extractor.foreign.groups import read_nouns
from archwatch.extractor.foreign.parties import Noun
from archwatch.extractor.parsed import Parsed
from archwatch.extractor.parties import Memory

_NEAR: Final = 3  # words between a verb of saying and who says it
_NAME: Final = 3  # words of a name that nobody listed
_REACH: Final = 16  # words of the sentence on either side of the quotation
_BACK: Final = 2  # sentences back to whom a pronoun means
_MARKS: Final = frozenset('"“”„«»')
_STOPS: Final = frozenset(",;:.")

_Said = tuple[ActorRef, str | None]


def speaker(
    sentences: list[Parsed],
    memories: list[Memory],
    at: int,
    last: int,
    start: int,
    end: int,
    grammar: Grammar,
) -> tuple[ActorRef | None, str | None]:
    """Who says the quotation at [start, end), from sentence `at` to sentence `last`, and the verb."""
    inside = sentences[last]
    after = next((i for i, t in enumerate(inside.tokens) if t.start >= end + 1), len(inside.tokens))
    who = _known(sentences, memories, at)
    found = _beside(inside, grammar, range(after, min(after + _REACH, len(inside.tokens))), who)
    if found is None:
        parsed = sentences[at]
        before = next((i for i, t in enumerate(parsed.tokens) if t.end > start), len(parsed.tokens))
        while before and parsed.low(before - 1) in _MARKS:
            before -= 1
        found = _beside(parsed, grammar, range(max(0, before - _REACH), before), who)
        found = found or _by_colon(parsed, grammar, before)
        if found is None and parsed.sentence.kind == "headline":
            found = _by_dash(inside, grammar, after)
    if found is None and after >= len(inside.tokens) - 1 and last + 1 < len(sentences):
        following = sentences[last + 1]
        if following.sentence.paragraph == inside.sentence.paragraph:
            found = _beside(following, grammar, range(min(2 * _NEAR, len(following.tokens))), who)
    return found or (None, None)


def _known(sentences: list[Parsed], memories: list[Memory], at: int) -> ActorRef | None:
    """The person whom the text named last, if that was just before."""
    person = memories[at].last_person
    near = [p.ref for s in sentences[max(0, at - _BACK) : at + 1] for p in s.parties]
    return person if person is not None and any(ref.name == person.name for ref in near) else None


def _beside(parsed: Parsed, grammar: Grammar, places: range, who: ActorRef | None) -> _Said | None:
    """The subject of the first verb of saying there: after it, else before it; `who` a pronoun means."""
    nouns = [n for n in read_nouns(parsed, grammar) if n.free]
    for i in places:
        if parsed.low(i) not in grammar.says or parsed.tokens[i].named is not None:
            continue
        if any(parsed.low(k) in grammar.pronouns for k in (i + 1, i - 1)):
            return (who, parsed.low(i)) if who else None
        for noun in sorted(nouns, key=lambda n: (n.last < i, abs(n.first - i))):
            if _distance(noun, i) <= _NEAR and not _parted(parsed, noun, i):
                return noun.ref, parsed.low(i)
        if (name := _unlisted(parsed, grammar, i + 1)) is not None:
            return name, parsed.low(i)
    return None


def _distance(noun: Noun, i: int) -> int:
    return i - noun.last if noun.last < i else noun.first - i


def _parted(parsed: Parsed, noun: Noun, i: int) -> bool:
    """Whether a sign, or a name that nobody listed, stands between."""
    first, last = (noun.last, i) if noun.last < i else (i, noun.first)
    return any(parsed.low(k) in _MARKS | _STOPS for k in range(first + 1, last)) or (
        noun.first > i
        and not noun.body
        and parsed.tokens[i + 1].capital
        and parsed.tokens[i + 1].named is None
    )


def _unlisted(parsed: Parsed, grammar: Grammar, first: int) -> ActorRef | None:
    """A name right after the verb that config/actors.yaml does not list: somebody, but we do not know who."""
    if grammar.capital_nouns:
        return None
    last = first
    while last < min(first + _NAME, len(parsed.tokens)):
        token = parsed.tokens[last]
        if token.named is not None or not token.capital or not token.text[0].isalpha():
            break
        last += 1
    if last == first:
        return None
    start, end = parsed.tokens[first].start, parsed.tokens[last - 1].end
    text = parsed.sentence.text[start - parsed.sentence.start : end - parsed.sentence.start]
    return ActorRef(text=text, start=start, end=end, name=text, kind="person", score=0.5)


def _by_colon(parsed: Parsed, grammar: Grammar, before: int) -> _Said | None:
    if parsed.low(before - 1) != ":":
        return None
    noun = next((n for n in read_nouns(parsed, grammar) if n.last == before - 2), None)
    return (noun.ref, None) if noun and not noun.attribute and not noun.preposition else None


def _by_dash(parsed: Parsed, grammar: Grammar, after: int) -> _Said | None:
    """ "«...» — Песков": a person or body that closes the headline."""
    nouns = [n for n in read_nouns(parsed, grammar) if n.first >= after]
    if len(nouns) == 1 and nouns[0].body and nouns[0].free and nouns[0].last == len(parsed.tokens) - 1:
        between = [parsed.low(k) for k in range(after, nouns[0].first)]
        if between and all(not w[:1].isalnum() for w in between) and set(between) & {"-", "–", "—"}:
            return nouns[0].ref, None
    return None
