"""Finds the words of the lexicon that make an event, and tells verbs from nouns that look like them."""

from dataclasses import dataclass
from typing import Final

from archwatch.extractor.inflect import Tense
from archwatch.extractor.lexicon import Lexicon, Pattern
from archwatch.extractor.parsed import Parsed
from archwatch.extractor.words import (
    ADVERB,
    AUXILIARY,
    BE,
    CLAUSE_END,
    DETERMINER,
    DO,
    HAVE,
    MODAL,
    NEGATION,
    POSSESSIVE,
    PREPOSITION,
    PRONOUN,
)

_GAP_ENDS: Final = CLAUSE_END - {"as", "during", "since"} | {";", ":", ".", "that"}
_ADJECTIVE_ENDINGS: Final = (
    "al",
    "ive",
    "ous",
    "ian",
    "ic",
    "able",
    "ible",
    "ary",
    "ese",
    "ful",
    "less",
    "est",
    "ish",
)


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
            if hit.pattern.kind == "verb":
                tense = _verb_tense(parsed, i, hit.tenses, lexicon)
                if tense is None or (hit.pattern.negated and not negated(parsed, i)):
                    continue
                passive = tense == "participle" and _passive(parsed, i, last)
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
        verbs = [m for m in matches if m.pattern.kind == "verb"]
        if len(verbs) < len(matches) and all(v.tense == "ing" for v in verbs) and parsed.low(i - 1) not in BE:
            follows = i + 1 in parsed.party_of or parsed.low(i + 1) in DETERMINER
            verbs = verbs if follows else []  # "a NATO meeting on Thursday", but "NATO meeting Russia"
            matches = verbs or [m for m in matches if m.pattern.kind == "noun"]
        if matches:
            found.append(max(verbs or matches, key=lambda m: m.weight))
    return found


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


def negated(parsed: Parsed, i: int) -> bool:
    """Whether the verb at `i` is denied: not, never, won't, before it in its group."""
    j = i - 1
    while j >= 0 and i - j <= 6:
        low = parsed.low(j)
        if low in NEGATION:
            return True
        if (
            low not in AUXILIARY
            and low not in ADVERB
            and not low.endswith("ly")
            and low not in ("going", "able", "willing", "ready")
        ):
            return False
        j -= 1
    return False


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


def _verb_tense(parsed: Parsed, i: int, tenses: frozenset[Tense], lexicon: Lexicon) -> Tense | None:
    """What form of the verb stands at `i`; None when the word is a noun or adjective there."""
    before, j = parsed.low(i - 1), i - 1
    while (
        j >= 0
        and (parsed.low(j) in ADVERB or parsed.low(j).endswith("ly"))
        and parsed.party_of.get(j) is None
    ):
        j -= 1
    previous = parsed.low(j)
    if (
        before in DETERMINER
        and before not in ("this", "that", "all", "both", "each")
        or before in POSSESSIVE
        and before not in ("'s", "’s", "her")
    ):
        return None
    if "participle" in tenses and (previous in BE or previous in HAVE or previous == "get"):
        return "participle"
    if "ing" in tenses:
        opens = (
            j < 0
            or previous in BE
            or previous in (",", "and", "by", "after", "before", "while", "who")
            or j in parsed.party_of
        )
        return "ing" if opens or (parsed.low(j).endswith("s") and previous not in PREPOSITION) else None
    if "past" in tenses or "participle" in tenses:
        if "base" in tenses and (previous == "to" or previous in MODAL or previous in DO):
            return "base"
        if previous in PREPOSITION and previous not in ("as",) and "base" not in tenses:
            return None
        return "participle" if "participle" in tenses else "past"
    return _present(parsed, i, j, tenses, lexicon)


def _present(parsed: Parsed, i: int, j: int, tenses: frozenset[Tense], lexicon: Lexicon) -> Tense | None:
    previous, party = parsed.low(j), parsed.party_of.get(j)
    if "base" in tenses:
        if previous in MODAL or previous in DO or previous == "to" or previous in ("n't", "not"):
            return "base"
        if (
            party is not None
            and not party.modifier
            and party.role != "adjective"
            and not parsed.low(i - 1).startswith("'")
        ):
            return (
                "base"
                if parsed.low(i + 1) not in ("of", "between", "against", "'s")
                and (
                    _plural(party, parsed, j)
                    or i == j + 1
                    and parsed.low(i + 1) in ("to", "for", "on", "with")
                )
                else None
            )
        if previous in ("they", "we", "i", "you", "who"):
            return "base"
        if previous in ("and", ",", "or"):
            follows = (
                parsed.low(i + 1) in DETERMINER
                or i + 1 in parsed.party_of
                or parsed.low(i + 1) in ("to", "on", "for")
            )
            return "base" if follows and _verb_earlier(parsed, j, lexicon) else None
        plural_noun = (
            previous.endswith("s")
            and not previous.endswith(("ss", "'s", "us", "is"))
            and previous not in PREPOSITION
        )
        return (
            "base"
            if plural_noun
            and j >= 0
            and previous not in AUXILIARY
            and party is None
            and previous not in lexicon.verbs
            else None
        )
    if previous.startswith(("'", "’")) or previous in PREPOSITION or previous in AUXILIARY:
        return None
    if party is not None:
        return (
            None
            if party.role == "adjective" or party.modifier or parsed.low(i + 1) in ("of", "between")
            else "s"
        )
    if previous in ("he", "she", "it", "who", "which", "that"):
        return "s"
    if previous in ("and", ",", "or", "but"):
        return "s" if _verb_earlier(parsed, j, lexicon) else None
    if previous in PRONOUN and parsed.low(i) in BE:
        return "s"
    if j < 0 or previous in PRONOUN or not previous[:1].isalpha():
        return "s" if previous in (")", "”", '"', "’") else None
    return (
        None
        if previous.endswith(_ADJECTIVE_ENDINGS) or previous.endswith("ed") or previous in DETERMINER
        else "s"
    )


def _plural(party: object, parsed: Parsed, j: int) -> bool:
    low = parsed.low(j)
    return (
        low.endswith("s")
        or low in ("police", "people", "military", "taliban")
        or parsed.low(j - 1) in ("and", ",")
        or (j > 1 and parsed.low(j - 2) in ("and", ","))
    )


def _verb_earlier(parsed: Parsed, j: int, lexicon: Lexicon) -> bool:
    return any(
        parsed.low(k) in lexicon.hits or parsed.low(k) in lexicon.verbs for k in range(max(0, j - 20), j)
    )


def _passive(parsed: Parsed, i: int, last: int) -> bool:
    """be + participle, or a bare participle before "by"; in headlines also before in/for/over/to."""
    j = i - 1
    while j >= 0 and (
        parsed.low(j) in ADVERB
        or parsed.low(j).endswith("ly")
        or parsed.low(j) in NEGATION
        or parsed.is_time(j)
    ):
        j -= 1
    if parsed.low(j) in BE or parsed.low(j) in ("get", "gets", "got"):
        return True
    if parsed.low(j) in HAVE or parsed.low(j) in PRONOUN:
        return False
    after = last + 1
    while parsed.is_time(after):
        after += 1
    if parsed.low(after) == "by":
        return True
    return (
        parsed.sentence.kind == "headline"
        and last == i
        and parsed.low(i + 1) in ("in", "over", "after", "for", "at", "of", "to", "")
        and j >= 0
        and parsed.low(i)
        not in (
            "met",
            "agreed",
            "called",
            "offered",
            "negotiated",
            "protested",
            "resigned",
            "appealed",
            "moved",
            "asked",
            "wanted",
            "voted",
            "applied",
            "promised",
            "refused",
            "pledged",
            "vowed",
            "threatened",
            "withdrew",
            "withdrawn",
            "retreated",
            "surrendered",
            "objected",
        )
    )
