"""Who says what in a sentence: "X: ...", "... - X", "..., X said", "X said that ...", "according to X"."""

from dataclasses import dataclass
from typing import Final

from archwatch.contracts.event import ActorRef
from archwatch.extractor.lexicon import Lexicon
from archwatch.extractor.parsed import Parsed
from archwatch.extractor.parties import Memory, Party
from archwatch.extractor.words import ADVERB, AUXILIARY, NEGATION, PERSON_PRONOUN, PREPOSITION, REPORTING

_DASHES: Final = frozenset("-–—−")
_OPENERS: Final = frozenset("\"“„«‘'")
_PRONOUNS: Final = PERSON_PRONOUN | {"it", "they", "who"}


@dataclass(frozen=True)
class Segment:
    """Tokens [first, last] that one speaker answers for; `speaker` None is the outlet itself."""

    first: int
    last: int
    speaker: ActorRef | None = None
    verb: str | None = None
    quoted: bool = False


@dataclass(frozen=True)
class Said:
    """A verb of saying with its subject: content stands in [first, last]."""

    speaker: ActorRef
    verb: str
    first: int
    last: int
    at: int


def segments(
    parsed: Parsed, lexicon: Lexicon, memory: Memory, quoted: list[Segment], acts: frozenset[int]
) -> list[Segment]:
    """The sentence cut by who speaks, in order; `quoted` are quotations whose speaker is known, `acts` the
    places of verbs of saying that are acts here: "announced a ceasefire"."""
    size = len(parsed.tokens)
    speakers: list[tuple[ActorRef | None, str | None, bool, int]] = [(None, None, False, 0)] * size
    first, last = 0, size - 1
    if parsed.sentence.kind == "headline":
        first, last, speaker = _headline(parsed)
        if speaker is not None:
            speakers[first : last + 1] = [(speaker, None, False, -1)] * (last + 1 - first)
    for said in sayings(parsed, lexicon, memory):
        if said.at in acts:
            continue
        for i in range(said.first, said.last + 1):
            if said.at > i and speakers[i][0] is not None:
                continue  # what was told inside is told by whom it was told
            speakers[i] = (said.speaker, said.verb, False, said.at)
    for quote in quoted:
        if quote.speaker is None or (quote.speaker.code is None and speakers[quote.first][0] is not None):
            continue
        speakers[quote.first : quote.last + 1] = [(quote.speaker, quote.verb, True, -2 - quote.first)] * (
            quote.last + 1 - quote.first
        )
    found: list[Segment] = []
    begin = first
    for i in range(first, last + 1):
        if i == last or speakers[i + 1] != speakers[i]:
            speaker, verb, in_quote, _ = speakers[i]
            found.append(Segment(begin, i, speaker, verb, in_quote))
            begin = i + 1
    return found


def sayings(parsed: Parsed, lexicon: Lexicon, memory: Memory) -> list[Said]:
    """Every verb of reporting with a subject, and where what it reports stands."""
    found: list[Said] = []
    size = len(parsed.tokens)
    for i, token in enumerate(parsed.tokens):
        if token.low == "to" and parsed.low(i - 1) == "according":
            found += _according(parsed, i)
            continue
        verb = lexicon.saying.get(token.low)
        if verb not in REPORTING or token.named is not None or parsed.low(i - 1) in PREPOSITION:
            continue
        if parsed.low(i + 1) in ("no", "yes") or (
            parsed.low(i + 1) in _OPENERS and parsed.low(i + 2) in ("no", "yes")
        ):
            continue
        after = parsed.party_of.get(_skip_det(parsed, i + 1))
        if parsed.low(i - 1) == "," and (parsed.low(i + 1) in ("the", "a", "an") or after):
            if after and after.role in ("person", "name", "capital", "office"):
                found.append(Said(after.ref, verb, 0, max(0, i - 2), i))
            continue  # "..., reports the agency"
        speaker, begin = subject_of_saying(parsed, i, memory)
        while parsed.low(begin - 1) in ("the", "a", "an"):
            begin -= 1
        if (
            speaker is not None
            and parsed.low(begin - 1) in {",", "”", '"', "’", "-", "–", "—", "»", "“"}
            and _tail(parsed, i)
        ):
            aside = parsed.low(i + 1) == "," and size - i > begin
            found.append(
                Said(speaker, verb, i + 2 if aside else 0, size - 1 if aside else max(0, begin - 2), i)
            )
        elif speaker is not None and i + 2 < size:
            found.append(Said(speaker, verb, _content(parsed, i), size - 1, i))
        elif (
            after
            and parsed.low(i - 1) in {"”", '"', "’", "»", "“"}
            and after.role in ("person", "name", "capital", "office")
        ):
            found.append(Said(after.ref, verb, 0, max(0, i - 2), i))
    return found


def subject_of_saying(parsed: Parsed, i: int, memory: Memory) -> tuple[ActorRef | None, int]:
    """Who says the verb at `i`, and where that subject begins."""
    j = i - 1
    while j >= 0 and (
        parsed.low(j) in AUXILIARY or parsed.low(j) in ADVERB or parsed.is_manner(j) or parsed.is_time(j)
    ):
        if parsed.low(j) in NEGATION or parsed.low(j) == "to":
            return None, j
        j -= 1
    if parsed.low(j) == ",":
        k = j - 1
        while k >= 0 and parsed.low(k) != ",":
            k -= 1
        if k > 0 and j - k < 25:
            inner = [p for p in parsed.parties if k < p.first and p.last < j and p.role == "person"]
            outer = parsed.party_of.get(k - 1)
            if outer is not None and outer.role != "adjective":
                return outer.ref, outer.first
            return (inner[0].ref, k + 1) if inner else (None, j)
        return None, j
    party = parsed.party_of.get(j)
    if party is not None and party.role != "adjective" and not party.possessive:
        return _head(parsed, party)
    if parsed.low(j) in _PRONOUNS and parsed.low(j) != "who":
        known = memory.last_person if parsed.low(j) in PERSON_PRONOUN else memory.last_party
        known = _latest(parsed, j, parsed.low(j) in PERSON_PRONOUN) or known
        return known, j
    if parsed.low(j) == "who":
        before = parsed.party_of.get(j - 2 if parsed.low(j - 1) == "," else j - 1)
        return (before.ref, before.first) if before else (None, j)
    return None, j


def _head(parsed: Parsed, party: Party) -> tuple[ActorRef, int]:
    """The spokesman of "a spokesman for the Ukrainian ministry": the group's head, with the owner's code."""
    k = party.first - 1
    while parsed.low(k) in ("the", "a", "an"):
        k -= 1
    before = parsed.party_of.get(k - 1)
    if (
        parsed.low(k) in ("of", "for", "in", "from", "at")
        and before is not None
        and before.role in ("office", "body")
    ):
        return party.ref.model_copy(update={"office": before.ref.office}), before.first
    return party.ref, party.first


def _latest(parsed: Parsed, before: int, person: bool) -> ActorRef | None:
    earlier = [
        p
        for p in parsed.parties
        if p.last < before
        and not p.modifier
        and (p.role == "person" or (not person and p.role in ("name", "capital")))
    ]
    return earlier[0].ref if earlier else None


def _headline(parsed: Parsed) -> tuple[int, int, ActorRef | None]:
    """The part of a headline that is told, and who tells it: "X: told", "told - X"; labels are cut off."""
    first, last = 0, len(parsed.tokens) - 1
    speaker = None
    for i in range(1, min(12, last)):
        if parsed.low(i) == ":":
            parties = [p for p in parsed.parties if p.last < i]
            parties = [p for p in parties if p.first >= first]
            whole = len(parties) == 1 and parties[0].last == i - 1 and parties[0].role != "adjective"
            speaker = parties[0].ref if whole else None
            if whole or i <= 8:
                first = i + 1
            if whole:
                break
    for i in range(last, max(first + 2, last - 8), -1):
        if parsed.low(i) in _DASHES and parsed.tokens[i].start > parsed.tokens[i - 1].end:
            party = parsed.party_of.get(_skip_det(parsed, i + 1))
            if party is not None and party.last >= last - 1 and party.role != "adjective":
                speaker = speaker or party.ref
                last = i - 1
            elif last - i <= 4:
                last = i - 1
    return first, last, speaker


def _tail(parsed: Parsed, i: int) -> bool:
    rest = [parsed.low(k) for k in range(i + 1, len(parsed.tokens)) if not parsed.is_time(k)]
    if not rest or rest[0] in {
        ".",
        ",",
        "in",
        "at",
        "during",
        "after",
        "on",
        "to",
        "as",
        ";",
        "when",
        "while",
        "of",
        "noting",
        "adding",
    }:
        return True
    return len(rest) <= 2


def _content(parsed: Parsed, i: int) -> int:
    """Where what is said begins: after "that", after "told Y that", after a phrase of time."""
    j = i + 1
    for k in range(i + 1, min(i + 14, len(parsed.tokens) - 1)):
        if parsed.low(k) == "that":
            return k + 1
        if parsed.low(k) in _OPENERS and all(
            parsed.is_time(m) or parsed.low(m) in ",:" for m in range(i + 1, k)
        ):
            return k
        if parsed.low(k) in (".", ";"):
            break
    while parsed.is_time(j) or parsed.low(j) == ",":
        j += 1
    told = parsed.party_of.get(j)
    if parsed.tokens[i].low in ("told", "tells", "tell", "warned", "warns") and told is not None:
        j = told.last + 1
    return min(j, len(parsed.tokens) - 1)


def _according(parsed: Parsed, i: int) -> list[Said]:
    party = parsed.party_of.get(_skip_det(parsed, i + 1))
    if party is None or party.role == "adjective":
        return []
    size = len(parsed.tokens)
    if i <= 2:
        begin = party.last + 1
        while begin < size - 1 and parsed.low(begin) == ",":
            begin += 1
        return [Said(party.ref, "according to", min(begin, size - 1), size - 1, i)]
    return [Said(party.ref, "according to", 0, max(0, i - 3), i)]


def _skip_det(parsed: Parsed, i: int) -> int:
    while parsed.low(i) in ("the", "a", "an") and i not in parsed.party_of:
        i += 1
    return i
