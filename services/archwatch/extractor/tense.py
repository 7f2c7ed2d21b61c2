"""What form of a verb stands at a place in a sentence, and whether the word is a verb there at all."""

from typing import Final

from archwatch.extractor.inflect import Tense
from archwatch.extractor.lexicon import Lexicon
from archwatch.extractor.parsed import Parsed
from archwatch.extractor.words import (
    ADVERB,
    AUXILIARY,
    BE,
    DETERMINER,
    DO,
    HAVE,
    MODAL,
    NEGATION,
    POSSESSIVE,
    PREPOSITION,
    PRONOUN,
)

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


def unable(parsed: Parsed, i: int) -> bool:
    """Whether "cannot" stands before the verb at `i`: who cannot does not refuse."""
    return any(parsed.low(k) in ("can't", "cannot", "couldn't") for k in range(max(0, i - 3), i))


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
            and not parsed.is_manner(j)
            and low not in ("going", "able", "willing", "ready")
        ):
            return False
        j -= 1
    return False


def verb_tense(parsed: Parsed, i: int, tenses: frozenset[Tense], lexicon: Lexicon) -> Tense | None:
    """What form of the verb stands at `i`; None when the word is a noun or adjective there."""
    before, j = parsed.low(i - 1), i - 1
    while j >= 0 and (parsed.low(j) in ADVERB or parsed.is_manner(j)) and parsed.party_of.get(j) is None:
        j -= 1
    previous = parsed.low(j)
    if (before in DETERMINER and before not in ("this", "that", "all", "both", "each")) or (
        before in POSSESSIVE and before not in ("'s", "’s", "her")
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
                and (_plural(parsed, j) or (i == j + 1 and parsed.low(i + 1) in ("to", "for", "on", "with")))
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
    return None if previous.endswith((*_ADJECTIVE_ENDINGS, "ed")) or previous in DETERMINER else "s"


def _plural(parsed: Parsed, j: int) -> bool:
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


def is_passive(parsed: Parsed, i: int, last: int) -> bool:
    """be + participle, or a bare participle before "by"; in headlines also before in/for/over/to."""
    j = i - 1
    while j >= 0 and (
        parsed.low(j) in ADVERB or parsed.is_manner(j) or parsed.low(j) in NEGATION or parsed.is_time(j)
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
