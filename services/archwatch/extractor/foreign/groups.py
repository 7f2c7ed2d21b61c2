"""Noun groups put together: one name said in several words, and parties that stand side by side."""

from dataclasses import replace
from typing import Final

from archwatch.extractor.foreign.grammar import Grammar
from archwatch.extractor.foreign.parties import Noun, read_noun
from archwatch.extractor.parsed import Parsed

_DASHES: Final = frozenset("-‑–—")


def read_nouns(parsed: Parsed, grammar: Grammar) -> list[Noun]:
    """The noun groups in order, one name said in several words being one of them."""
    found: list[Noun] = []
    for party in parsed.parties:
        if party.ref.code is None:
            continue
        noun = read_noun(parsed, grammar, party)
        if found and noun.first <= found[-1].first:
            found.pop()
        if found and _same(parsed, found[-1], noun):
            noun = _merged(parsed, found.pop(), noun)
        elif found and noun.first <= found[-1].last:
            noun = replace(noun, first=found[-1].last + 1)
        found.append(noun)
    return found


def joined(parsed: Parsed, grammar: Grammar, nouns: list[Noun]) -> list[list[Noun]]:
    """Nouns that stand side by side, joined by "and" or a comma: "Russland, China und der Iran"."""
    groups: list[list[Noun]] = []
    for noun in nouns:
        if groups and not noun.attribute and not groups[-1][-1].attribute:
            last = groups[-1][-1]
            between = [parsed.low(k) for k in range(last.last + 1, noun.first)]
            pair = not noun.body and not last.body  # "саммит Россия — США"
            linked = [w for w in between if w in grammar.joins or w == "," or (pair and w in _DASHES)]
            others = [
                w for w in between
                if w not in linked and w not in grammar.articles and w not in grammar.fillers
                and w != noun.preposition
            ]  # fmt: skip
            if (
                noun.body
                and others
                and parsed.low(noun.first - 1) == others[-1]
                and not grammar.capital_nouns
            ):
                others = others[: -1 if parsed.tokens[noun.first - 1].capital else None]  # a first name
            same = noun.preposition in ("", groups[-1][0].preposition)
            if len(linked) == 1 and not others and same:
                groups[-1].append(noun)
                continue
        groups.append([noun])
    return [part for group in groups for part in _closed(parsed, grammar, group)]


def _closed(parsed: Parsed, grammar: Grammar, group: list[Noun]) -> list[list[Noun]]:
    """A row of commas without "and" is no row of parties: "Kiew, Moskau warnt"."""
    if len(group) > 1 and all(
        parsed.low(k) not in grammar.joins and parsed.low(k) not in _DASHES
        for k in range(group[0].last + 1, group[-1].first)
    ):
        return [[noun] for noun in group]
    head = group[0]  # what governs the first governs all
    return [
        [head]
        + [
            n if n.preposition else replace(n, preposition=head.preposition, case=n.case or head.case)
            for n in group[1:]
        ]
    ]


def _same(parsed: Parsed, one: Noun, other: Noun) -> bool:
    """ "der russische Präsident Wladimir Putin", "le président du Venezuela, Nicolás Maduro,"."""
    if one.ref.code != other.ref.code or other.preposition:
        return False
    between = [parsed.low(k) for k in range(one.last + 1, other.first)]
    if not between or all(word in '"«»„“”' for word in between):
        return True
    return between == [","] and one.body and other.body and parsed.low(other.last + 1) in (",", "")


def _merged(parsed: Parsed, one: Noun, other: Noun) -> Noun:
    base = other.ref if other.ref.kind == "person" and other.ref.name else one.ref
    start, end = parsed.tokens[one.first].start, parsed.tokens[other.last].end
    offset = parsed.sentence.start
    ref = base.model_copy(
        update={"text": parsed.sentence.text[start - offset : end - offset], "start": start, "end": end}
    )
    attribute = other.attribute and one.attribute
    return Noun(
        one.first, other.last, ref, one.preposition, one.case or other.case, attribute,
        one.body or other.body, one.ended or other.ended,
    )  # fmt: skip
