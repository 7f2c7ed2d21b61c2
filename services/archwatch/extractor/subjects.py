"""Who does it: the noun group before a trigger, without a parser."""

from dataclasses import dataclass
from typing import Final

from archwatch.contracts.event import ActorRef
from archwatch.extractor.lexicon import Lexicon
from archwatch.extractor.parsed import Parsed
from archwatch.extractor.parties import Memory, Party
from archwatch.extractor.words import ADVERB, AUXILIARY, CLAUSE_END, DETERMINER, NEGATION, PREPOSITION

_JOINS: Final = frozenset({"and", ",", "&", "/", "-", "–", "plus", "or"})
_BETWEEN: Final = frozenset({"the", "its", "as", "well", "along", "with", "former", "western", "other"})
_NP_OF: Final = frozenset(
    {
        "of",
        "in",
        "from",
        "for",
        "at",
        "with",
        "on",
        "to",
        "between",
        "against",
        "near",
        "among",
        "by",
        "about",
        "over",
        "along",
        "toward",
        "towards",
    }
)
_ADJECTIVES: Final = ("ing", "ed", "al", "y", "ive", "ous", "ic", "ent", "ant")
_WHOSE_BODY: Final = frozenset({"of", "from", "in", "for", "at"})


@dataclass(frozen=True)
class Found:
    """Parties in one role; `score` below 1 where the way to them was roundabout."""

    refs: tuple[ActorRef, ...] = ()
    score: float = 1.0
    first: int = 0
    ended: bool = False


@dataclass(frozen=True)
class Frame:
    """Where to look: tokens [first, last] of one segment, and who speaks in it."""

    parsed: Parsed
    lexicon: Lexicon
    memory: Memory
    first: int
    last: int
    speaker: ActorRef | None


def group(parsed: Parsed, party: Party, *, left: bool) -> list[Party]:
    """A party with those joined to it by "and" or commas, in the given direction, in order."""
    joined, current = [party], party
    while True:
        k = current.first - 1 if left else current.last + 1
        steps = 0
        met = False
        while (
            0 <= k < len(parsed.tokens)
            and steps < 3
            and (parsed.low(k) in _JOINS or (parsed.low(k) in _BETWEEN and (met or left)))
        ):
            met |= parsed.low(k) in _JOINS
            k += -1 if left else 1
            steps += 1
        neighbour = parsed.party_of.get(k)
        if not met or neighbour is None or neighbour in joined or neighbour.modifier:
            break
        comma = left and neighbour.last == current.first - 2 and parsed.low(current.first - 1) == ","
        if comma and parsed.low(neighbour.first - 1) in PREPOSITION:
            break  # "in Vienna, Russia rejected"
        joined.append(neighbour)
        current = neighbour
    return joined[::-1] if left else joined


def subject(frame: Frame, i: int) -> Found:
    """The subject of the verb group that starts at `i`."""
    parsed, j = frame.parsed, i - 1
    participle = False
    for _ in range(12):
        low = parsed.low(j)
        if j < frame.first:
            return _by_speaker(frame) if frame.speaker and i - frame.first <= 2 else Found()
        if low == ",":
            k = _matching_comma(frame, j)
            if k is None:
                participle = True
                break
            j = k - 1
        elif low in ("who", "which", "that"):
            j -= 1
        elif low in ("and", "or", "but", "then", ";"):
            participle = True
            break
        elif low == ")":
            j = _opening(frame, j) - 1
        elif _passed_over(frame, j):
            j -= 1
        else:
            break
    if participle:
        return _clause_subject(frame, j)
    if parsed.low(j + 1) == "to" and j in parsed.party_of and _verb_before(frame, parsed.party_of[j].first):
        return Found()  # "asks the parliament to cancel": whoever is asked has not done it
    if parsed.low(j) in ("it", "they", "he", "she", "we", "i"):
        return _pronoun(frame, j)
    return _noun_group(frame, j)


def _opening(frame: Frame, j: int) -> int:
    """The bracket that opens what the one at `j` closes."""
    while j > frame.first and frame.parsed.low(j) != "(":
        j -= 1
    return j


def _passed_over(frame: Frame, j: int) -> bool:
    """Words of the verb group itself, of time, or a verb that governs it: "decided to withdraw"."""
    parsed, low = frame.parsed, frame.parsed.low(j)
    if parsed.is_time(j) or low in ADVERB or low in AUXILIARY or low in NEGATION:
        return True
    if j in parsed.party_of:
        return False
    return low.endswith("ly") or (low in frame.lexicon.hits and parsed.low(j + 1) == "to")


def _verb_before(frame: Frame, i: int) -> bool:
    words = (frame.parsed.low(k) for k in range(frame.first, i) if k not in frame.parsed.party_of)
    return any(word in frame.lexicon.hits or word in frame.lexicon.verbs for word in words)


def _pronoun(frame: Frame, j: int) -> Found:
    low = frame.parsed.low(j)
    if frame.speaker is not None:
        return _by_speaker(frame)
    roles = ("person",) if low in ("he", "she", "i") else ("name", "capital")
    earlier = [
        p
        for p in frame.parsed.parties
        if frame.first <= p.last < j
        and p.role in roles
        and not p.modifier
        and not p.possessive
        and frame.parsed.low(p.first - 1) not in PREPOSITION
    ]
    if earlier:
        return Found((earlier[0].ref,), 0.7, earlier[0].first)
    known = frame.memory.last_person if low in ("he", "she", "i") else frame.memory.last_party
    return Found((known.model_copy(update={"score": 0.6}),), 0.6, j) if known and low != "we" else Found()


def _by_speaker(frame: Frame) -> Found:
    return Found((frame.speaker,), 0.8, frame.first) if frame.speaker else Found()


def _matching_comma(frame: Frame, j: int) -> int | None:
    """The comma that opens an insertion which the one at `j` closes; None when there is none near."""
    for k in range(j - 1, max(frame.first, j - 26) - 1, -1):
        if frame.parsed.low(k) == ",":
            return k if k > frame.first else None
    return None


def _clause_subject(frame: Frame, j: int) -> Found:
    """The first noun group of the clause that is no adverbial: the subject of joined verbs."""
    parsed = frame.parsed
    start = frame.first
    for k in range(j - 1, frame.first - 1, -1):
        if parsed.low(k) in (";", ":", "that"):
            start = k + 1
            break
    for party in parsed.parties:
        if not start <= party.first <= j or party.modifier:
            continue
        k = party.first - 1
        while parsed.low(k) in DETERMINER or parsed.low(k) == ",":
            k -= 1
        if (parsed.low(k) in PREPOSITION and k >= start and parsed.low(k) not in ("as",)) or (
            party.role == "adjective" and not party.possessive
        ):
            continue
        members = group(parsed, party, left=False)
        members = [m for m in members if m.last < j]
        refs = tuple(
            m.ref for m in members if m.ref.code or m.role in ("person", "body", "unknown", "office")
        )
        return Found(refs, 0.7, party.first, any(m.ended for m in members))
    return Found()


def _noun_group(frame: Frame, j: int) -> Found:
    """The noun group that ends at `j`: its head party, or the party its head noun belongs to."""
    parsed = frame.parsed
    behind: list[Party] = []
    preposition = ""
    for _ in range(4):
        head: list[Party] = []
        words = 0
        k = j
        while k >= frame.first:
            party = parsed.party_of.get(k)
            low = parsed.low(k)
            if party is not None:
                head = group(parsed, party, left=True)
                head = [h for h in head if h.first >= frame.first]
                k = head[0].first - 1 if head else party.first - 1
                break
            if (
                low in PREPOSITION
                or low in CLAUSE_END
                or low in AUXILIARY
                or not (low[:1].isalnum() or low in "\"“”'’‘" or low.startswith(("'", "’")))
                or low in ("and", "that")
                or (low in frame.lexicon.verbs and low.endswith(("ed", "s")) and words)
            ):
                break
            words += low[:1].isalnum() and low not in DETERMINER
            k -= 1
        alone = k + 1 == j == frame.first
        if (
            not head
            and not behind
            and words
            and parsed.tokens[j].capital
            and not parsed.title_case
            and not parsed.is_time(j)
            and not (alone and parsed.low(j).endswith(_ADJECTIVES))
        ):
            head, words = [_unlisted(parsed, k + 1, j)], 0
        while k >= frame.first and (
            parsed.low(k) in DETERMINER
            or parsed.low(k)[:1].isdigit()
            or parsed.low(k) in ("more", "than", "some", "former", "senior", "top")
        ):
            k -= 1
        if parsed.low(k) in _NP_OF and k > frame.first and (head or words):
            behind, preposition = (
                ([h for h in head if h.role != "adjective" or words == 0] or head),
                parsed.low(k),
            )
            j = k - 1
            if parsed.is_time(k) or parsed.low(j) in ("", ",", "."):
                break
            continue
        return _decide(head, words, behind, preposition)
    return Found()


def _unlisted(parsed: Parsed, first: int, last: int) -> Party:
    """A capitalised noun group that nobody listed: somebody who acts, but we do not know who."""
    while parsed.low(first) in DETERMINER and first < last:
        first += 1
    start, end = parsed.tokens[first].start, parsed.tokens[last].end
    text = parsed.sentence.text[start - parsed.sentence.start : end - parsed.sentence.start]
    return Party(first, last, ActorRef(text=text, start=start, end=end, name=text, score=0.5), "unknown")


def _decide(head: list[Party], words: int, behind: list[Party], preposition: str) -> Found:
    owners = [
        h for h in head if h.ref.code and (words == 0 or h.possessive or h.role not in ("person", "capital"))
    ]
    if head and not owners and preposition in _WHOSE_BODY and any(b.ref.code for b in behind):
        refs = tuple(
            b.ref.model_copy(update={"office": head[-1].ref.office or b.ref.office})
            for b in behind
            if b.ref.code
        )
        return Found(refs, 0.9, head[0].first, any(b.ended for b in behind))
    if head and words == 0:
        named = [h for h in head if h.role != "adjective"] or head
        return Found(
            tuple(h.ref for h in named), 1.0 if owners else 0.7, named[0].first, any(h.ended for h in named)
        )
    if owners:
        return Found(tuple(h.ref for h in owners), 0.7, owners[0].first, any(h.ended for h in owners))
    if head:
        return Found(tuple(h.ref for h in head), 0.5, head[0].first)
    return Found()
