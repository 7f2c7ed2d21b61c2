"""Finds the words of the lexicon that make an event, and tells verbs from nouns that look like them."""

from dataclasses import dataclass
from typing import Final

from archwatch.extractor.inflect import Tense
from archwatch.extractor.lexicon import Lexicon, Pattern
from archwatch.extractor.parsed import Parsed
from archwatch.extractor.tense import is_passive, negated, unable, verb_tense
from archwatch.extractor.words import BE, CLAUSE_END, DETERMINER

_GAP_ENDS: Final = CLAUSE_END - {"as", "during", "since"} | {";", ":", ".", "that"}


@dataclass(frozen=True, slots=True)
class Trigger:
    """A match of a pattern on tokens [first, last]; `tense` of its head."""

    first: int
    last: int
    pattern: Pattern
    tense: Tense
    passive: bool

    @property
    def weight(self) -> tuple[int, int, int]:
        return (self.last > self.first, len(self.pattern.rest) + self.pattern.negated, not self.pattern.weak)


def find_triggers(parsed: Parsed, lexicon: Lexicon) -> list[Trigger]:
    """At most one trigger for each head word, the most specific; in order."""
    found: list[Trigger] = []
    for i, token in enumerate(parsed.tokens):
        hits = lexicon.hits.get(token.low)
        if not hits or (token.named is not None and token.named.sense.kind not in ("body", "office")):
            continue
        matches = []
        for hit in hits:
            last = _extent(parsed, i, hit.pattern)
            if last is None:
                continue
            if hit.pattern.kind in ("verb", "none"):
                tense = verb_tense(parsed, i, hit.tenses, lexicon)
                if tense is None or (
                    hit.pattern.negated and not (negated(parsed, i) and _refuses(parsed, i))
                ):
                    continue
                passive = tense == "participle" and is_passive(parsed, i, last)
                matches.append(
                    Trigger(
                        i,
                        last,
                        hit.pattern,
                        "past" if tense == "participle" and not passive else tense,
                        passive,
                    )
                )
            elif hit.pattern.kind == "noun":
                matches.append(Trigger(i, last, hit.pattern, "base", False))
        verbs = [m for m in matches if m.pattern.kind in ("verb", "none")]
        if len(verbs) < len(matches) and all(v.tense == "ing" for v in verbs) and parsed.low(i - 1) not in BE:
            follows = i + 1 in parsed.party_of or parsed.low(i + 1) in DETERMINER
            verbs = verbs if follows else []  # "a NATO meeting on Thursday", but "NATO meeting Russia"
            matches = verbs or [m for m in matches if m.pattern.kind == "noun"]
        if matches:
            found.append(max(verbs or matches, key=lambda m: m.weight))
    return [trigger for trigger in found if trigger.pattern.kind != "none"]


def _refuses(parsed: Parsed, i: int) -> bool:
    return not unable(parsed, i) or parsed.low(i) in (
        "accept",
        "allow",
        "tolerate",
        "agree",
        "support",
        "permit",
    )


def find_stances(parsed: Parsed, lexicon: Lexicon) -> list[Trigger]:
    """Words by which whoever speaks takes a stand."""
    return [
        Trigger(i, last, hit.pattern, "base", False)
        for i, token in enumerate(parsed.tokens)
        for hit in lexicon.hits.get(token.low, ())
        if hit.pattern.kind == "stance"
        and (last := _extent(parsed, i, hit.pattern)) is not None
        and (not hit.pattern.negated or negated(parsed, i))
    ]


def _extent(parsed: Parsed, i: int, pattern: Pattern) -> int | None:
    """The index of the last word of a match that starts at `i`; None when the rest does not follow."""
    last = i
    for element in pattern.rest:
        reach = last + 1
        budget = element.gap
        while reach < len(parsed.tokens):
            token = parsed.tokens[reach]
            if element.matches(token.low) or (token.head is not token.low and element.matches(token.head)):
                break
            if token.low in _GAP_ENDS:
                return None
            # signs and the words of one party cost nothing: "withdraw its “peace” troops"
            if token.low[0].isalnum() and not _within_party(parsed, reach):
                if budget == 0:
                    return None
                budget -= 1
            reach += 1
        if reach >= len(parsed.tokens):
            return None
        last = reach
    return last


def _within_party(parsed: Parsed, i: int) -> bool:
    party = parsed.party_of.get(i)
    return party is not None and i > party.first
