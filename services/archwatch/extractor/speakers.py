"""Who speaks: the noun group beside a verb of saying, whether or not anybody listed it."""

from dataclasses import dataclass
from typing import Final

from archwatch.contracts.event import ActorKind, ActorRef
from archwatch.extractor.parsed import Parsed
from archwatch.extractor.parties import Party
from archwatch.extractor.speech import ABBREVIATED, AGENT, BODIES, FOLK, GROUP_END, TITLES
from archwatch.extractor.tokens import QUOTE_MARKS
from archwatch.extractor.words import AUXILIARY, DETERMINER, NEGATION, PREPOSITION, RANK

_JOINED_BY: Final = frozenset({"of", "for", "at", "in", "from", "to", "on", "with", "by", "near", "against"})
_OWNED_BY: Final = frozenset({"of", "for", "from", "to", "at"})
_PRONOUNS: Final = frozenset({"he", "she", "it", "they", "we", "i", "you", "others", "some", "many", "this"})
_DASHES: Final = frozenset("-–—−")
_MAX_GROUP: Final = 24


@dataclass(frozen=True, slots=True)
class Voice:
    """A noun group [first, last] as a speaker. `pronoun`: "he", "she", "it", "they" when it is only that."""

    ref: ActorRef
    first: int
    last: int
    pronoun: str = ""


def voice_before(parsed: Parsed, i: int, stop: int) -> Voice | None:
    """The noun group that is the subject of the verb at `i`; nothing left of `stop` is read."""
    j = _before_verb_group(parsed, i, stop)
    for _ in range(5):
        if j < stop:
            return None
        low = parsed.low(j)
        if low == ")":
            j = _back_to(parsed, j, "(", stop) - 1
        elif low == ".":  # "Kerr, R-N.Y., a member of the panel, said": past the abbreviation
            j = _back_to(parsed, j, ",", max(stop, j - 8)) - 1
        elif low in ("who", "that", "which"):
            j -= 2 if parsed.low(j - 1) == "," else 1
        elif low == "," or low in _DASHES:
            k = _back_to(parsed, j - 1, low, stop)
            party = parsed.party_of.get(j - 1)
            if party is not None and party.first <= k and party.last == j - 1:
                j -= 1  # one party with a comma in it: "ambassador to the OSCE, Anna Berg"
            elif k <= stop:
                return None
            elif (named := _apposed(parsed, k, j, stop)) is not None:
                return named
            else:
                j = k - 1
        else:
            voice = _group_ending(parsed, j, stop)
            who = _relative(parsed, voice, stop) if voice is not None else None
            if who is None:
                return voice
            j = who
    return None


def voice_after(parsed: Parsed, i: int, end: int) -> Voice | None:
    """The noun group that begins at `i`: "said John Smith, a fellow", "said the ministry in a statement"."""
    low = parsed.low(i)
    if low in ("he", "she", "it", "they"):
        return _pronoun(parsed, i)
    k = i
    while k <= end and k - i < _MAX_GROUP:
        party = parsed.party_of.get(k)
        if party is not None and party.last <= end:
            k = party.last + 1
            continue
        low = parsed.low(k)
        if low == "." and parsed.low(k - 1) in ABBREVIATED | frozenset("abcdefghijklmnopqrstuvwxyz"):
            k += 1
            continue
        if low == "and" and k > i and (_alike(parsed, k) or parsed.low(k + 1) in RANK):
            k += 1
            continue
        if low in ("'s", "’s") and k > i:
            k += 1
            continue
        if low in GROUP_END or low in QUOTE_MARKS or low in AUXILIARY or (parsed.is_time(k) and low != "the"):
            break
        if low in PREPOSITION and (low not in _JOINED_BY or k == i or _named_through(parsed, i, k - 1)):
            break
        k += 1
    while k - 1 > i and parsed.low(k - 1) in PREPOSITION | DETERMINER:
        k -= 1
    return _made(parsed, i, k - 1, _head_end(parsed, i, k - 1)) if k > i else None


def group_between(parsed: Parsed, first: int, last: int) -> Voice | None:
    """The tokens [first, last] as a speaker, when they can be one: "Russia's foreign minister: ..."."""
    if first > last or last - first > 9:
        return None
    voice = _group_ending(parsed, last, first)
    while voice is not None and voice.first > first and parsed.low(voice.first - 1) in DETERMINER:
        voice = Voice(voice.ref, voice.first - 1, voice.last)
    return voice if voice is not None and voice.first == first else None


def is_person(ref: ActorRef) -> bool:
    """Whether "he" or "she" may stand for it: a person, or a name of two words that is no body's."""
    if ref.kind == "person":
        return bool(ref.name) or not (ref.office and f"{ref.office}s" in ref.text.lower())
    words = (ref.name or "").lower().split()
    return ref.kind == "unknown" and 2 <= len(words) <= 4 and not BODIES & set(words)


def speaks(voice: Voice) -> bool:
    """Whether it is somebody who can say something by the words alone: a name, a title, a body, people."""
    words = voice.ref.text.lower().replace("-", " ").split()
    if voice.pronoun or voice.ref.name or voice.ref.kind == "person" or voice.ref.office:
        return True
    cut = next((i for i, word in enumerate(words) if i and word in PREPOSITION), len(words))
    head = words[cut - 1]
    return _common(head) or head in ("others", "some", "many", "one", "two", "another", "both", "neither")


def _common(word: str) -> bool:
    """Whether the noun names people or bodies who can say something."""
    return word in TITLES | BODIES | FOLK or bool(AGENT.search(word))


def _before_verb_group(parsed: Parsed, i: int, stop: int) -> int:
    """The token before "has also", "on Sunday" and the like; before `stop` if it is denied or wished."""
    j = i - 1
    while j >= stop and j not in parsed.party_of and _in_verb_group(parsed, j):
        if parsed.low(j) in NEGATION or parsed.low(j) == "to":
            return stop - 1
        j -= 1
    return j


def _in_verb_group(parsed: Parsed, j: int) -> bool:
    low = parsed.low(j)
    if low in QUOTE_MARKS or parsed.tokens[j].capital:
        return parsed.is_time(j)
    return (
        low in AUXILIARY
        or low
        in ("also", "again", "later", "then", "still", "once", "just", "now", "reportedly", "further", "even")
        or low
        in ("already", "often", "repeatedly", "first", "both", "all", "earlier", "separately", "instead")
        or (low.endswith("ly") and low not in ("family", "july", "italy"))
        or parsed.is_time(j)
    )


def _back_to(parsed: Parsed, j: int, sign: str, stop: int) -> int:
    """Where `sign` stands left of `j`, within 30 tokens; `stop` - 1 when it does not."""
    for k in range(j - 1, max(stop, j - 30) - 1, -1):
        if parsed.low(k) == sign or (sign in _DASHES and parsed.low(k) in _DASHES):
            return k
        if parsed.low(k) in QUOTE_MARKS or parsed.low(k) == ";":
            break
    return stop - 1


def _apposed(parsed: Parsed, k: int, j: int, stop: int) -> Voice | None:
    """The name between the commas at `k` and `j`, when what stands before them is an office without one."""
    inner, outer = _named_inside(parsed, k + 1, j - 1), _group_ending(parsed, k - 1, stop)
    if inner is None or (outer is not None and outer.ref.name):
        return None
    return Voice(inner.ref, outer.first if outer is not None else inner.first, inner.last)


def _named_inside(parsed: Parsed, first: int, last: int) -> Voice | None:
    """ "the minister, Anna Berg, said": the name alone between the commas."""
    named = first <= last and all(_is_name(parsed, k) for k in range(first, last + 1))
    return _made(parsed, first, last, last) if named else None


def _relative(parsed: Parsed, voice: Voice, stop: int) -> int | None:
    """Where "who" stands, when the group only ends its clause: "a lawmaker who had left Minsk said"."""
    k = voice.first - 1
    while parsed.low(k) in DETERMINER:
        k -= 1
    if parsed.low(k) in (",", ";", "") or parsed.low(k) in QUOTE_MARKS:
        return None
    for k in range(voice.first - 1, max(stop, voice.first - 14), -1):
        if parsed.low(k) == "who":
            return k
        if parsed.low(k) in {",", ";", ".", *QUOTE_MARKS}:
            break
    return None


def _is_name(parsed: Parsed, i: int) -> bool:
    party = parsed.party_of.get(i)
    if party is not None:
        return party.role in ("person", "unknown")
    text = parsed.text(i)
    return bool(text) and (text[0].isupper() or (text == "." and len(parsed.text(i - 1)) <= 3))


def _named_through(parsed: Parsed, first: int, last: int) -> bool:
    """Whether the words end with a name of a person, which takes no "of" or "in" after it."""
    party = parsed.party_of.get(last)
    if party is not None and party.role in ("person", "office"):
        return bool(party.ref.name)
    return last > first and parsed.text(last)[:1].isupper() and parsed.text(last - 1)[:1].isupper()


def _head_end(parsed: Parsed, first: int, last: int) -> int:
    """The last token of the head of a group: before its first preposition."""
    for k in range(first + 1, last + 1):
        party = parsed.party_of.get(k)
        if parsed.low(k) in PREPOSITION and (party is None or party.first == k):
            return k - 1
    return last


def _group_ending(parsed: Parsed, j: int, stop: int) -> Voice | None:
    """The noun group whose last token is `j`, with its head: "a spokesman for the ministry"."""
    if j < stop:
        return None
    if parsed.low(j) in _PRONOUNS and j not in parsed.party_of:
        return _pronoun(parsed, j)
    last, first = j, _core(parsed, j, stop)
    if first > j:
        return None
    head = j
    while first - 2 >= stop and parsed.low(first - 1) in _JOINED_BY and j - first < _MAX_GROUP:
        outer = _core(parsed, first - 2, stop)
        if outer > first - 2 or (parsed.is_time(first - 2) and first - 2 not in parsed.party_of):
            break
        head_party = parsed.party_of.get(first - 2)
        titled = parsed.low(first - 2) in TITLES or (head_party is not None and bool(head_party.ref.office))
        travelling = parsed.low(first - 2).endswith("ing") and outer < first - 2
        loose = parsed.low(first - 1) in ("to", "by", "on", "with")
        if loose and not (titled or travelling or parsed.low(outer) in DETERMINER):
            break  # "talks with Putin": but "an adviser to Putin", "aides travelling with Putin"
        head, first = first - 2, outer
        if parsed.low(head).endswith("ing") and head > first:
            head -= 1
    if "and" in (parsed.low(k) for k in range(first, head + 1)):
        while first - 2 >= stop and parsed.low(first - 1) == "," and parsed.text(first - 2)[:1].isupper():
            first = _core(parsed, first - 2, stop)  # "Ohio, Texas and two other states"
    return _made(parsed, first, last, head)


def _core(parsed: Parsed, j: int, stop: int) -> int:
    """Where the simple noun group that ends at `j` begins; after `j` when there is none."""
    k = j
    while k >= stop and j - k < 12:
        party = parsed.party_of.get(k)
        if party is not None:
            if party.last != k and k != j:
                break
            k = max(party.first, stop) - 1
            continue
        low = parsed.low(k)
        if low == "." and parsed.low(k - 1) in ABBREVIATED | frozenset("abcdefghijklmnopqrstuvwxyz"):
            k -= 1
            continue
        if low == "and" and k - 1 >= stop and _alike(parsed, k):
            k -= 1
            continue
        if low in ("'s", "’s") and k < j:
            k -= 1
            continue
        if (
            low in GROUP_END
            or low in QUOTE_MARKS
            or low in AUXILIARY
            or low in PREPOSITION
            or _dash(parsed, k)
        ):
            break
        if parsed.is_time(k) and k != j:
            break
        k -= 1
        if low in DETERMINER:
            break
    return k + 1


def _dash(parsed: Parsed, k: int) -> bool:
    """Whether a dash stands at `k`, not the hyphen of a word."""
    if parsed.low(k) not in _DASHES or not 0 < k < len(parsed.tokens) - 1:
        return parsed.low(k) in _DASHES
    tokens = parsed.tokens
    return tokens[k].start > tokens[k - 1].end or tokens[k + 1].start > tokens[k].end


def _alike(parsed: Parsed, k: int) -> bool:
    """Whether "and" at `k` joins two subjects: "officials and experts", "France and Germany"."""
    left, right = parsed.text(k - 1), parsed.text(k + 1)
    if parsed.low(k - 1) in GROUP_END or not left[:1].isalpha() or not right[:1].isalpha():
        return False
    if parsed.low(k - 2) == "," and not left[0].isupper():
        return True  # ", congressional and U.S. officials"
    return (left[0].isupper() and right[0].isupper()) or (left.endswith("s") and right.islower())


def _made(parsed: Parsed, first: int, last: int, head: int) -> Voice | None:
    """The voice of the tokens [first, last] whose head group ends at `head`."""
    while first < head and parsed.low(first) in (
        "the",
        "a",
        "an",
        "and",
        "but",
        "its",
        "his",
        "her",
        "their",
        "our",
    ):
        first += 1
    if first > last or not parsed.text(head)[:1].isalnum():
        return None
    inside = _parties(parsed, first, last)
    whole = next((p for p in inside if p.first <= head <= p.last and p.role != "adjective"), None)
    start, end = parsed.tokens[first].start, parsed.tokens[last].end
    if whole is not None and whole.first <= first and whole.last >= head and not whole.possessive:
        ref = whole.ref
        if whole.role == "unknown" and ref.name:
            ref = ref.model_copy(update={"name": _without_titles(ref.name.split()) or ref.name})
        return Voice(ref, whole.first, max(last, whole.last))
    name = whole.ref.name if whole is not None and whole.role in ("person", "unknown", "name") else None
    if name is not None and whole is not None and whole.role == "unknown":
        name = _without_titles(name.split())
    name = name or _name(parsed, first, head)
    code = next((p.ref.code for p in inside if p.ref.code and (p.last <= head or _owner(parsed, p))), None)
    office = next((p.ref.office for p in inside if p.ref.office and p.last <= head), None)
    text = parsed.sentence.text[start - parsed.sentence.start : end - parsed.sentence.start]
    kind = _kind(parsed, name, text, office is not None or (whole is not None and whole.role == "person"))
    ref = ActorRef(text=text, start=start, end=end, code=code, name=name, kind=kind, office=office, score=0.6)
    return Voice(ref, first, last)


def _kind(parsed: Parsed, name: str | None, text: str, office: bool) -> ActorKind:
    words = {w.strip(".") for w in text.lower().split()}
    if office or (name and words & TITLES and not words & BODIES):
        return "person"
    if name and not parsed.title_case:
        return "unknown"
    return "group"


def _name(parsed: Parsed, first: int, head: int) -> str | None:
    """The capitalised words at the end of a group's head, without the titles before them."""
    k = head
    while k >= first and (
        _is_name(parsed, k) or parsed.text(k) in ("de", "van", "von", "al", "bin", "el", "der")
    ):
        k -= 1
    words = [parsed.text(i) for i in range(k + 1, head + 1) if parsed.text(i) != "."]
    if len(words) == 1 and k < 0 and _common(words[0].lower()):
        return None  # "Experts say": a capital that only the sentence gives
    return _without_titles(words) if not parsed.title_case or len(words) <= 3 else None


def _without_titles(words: list[str]) -> str | None:
    cut = max((i + 1 for i, word in enumerate(words) if word.lower().strip(".") in TITLES), default=0)
    kept = [w for w in words[cut:] if w not in ("’s", "'s")]
    if not kept or not kept[0][:1].isupper():
        return None
    return " ".join(kept)


def _parties(parsed: Parsed, first: int, last: int) -> list[Party]:
    seen: dict[int, Party] = {}
    for k in range(first, last + 1):
        party = parsed.party_of.get(k)
        if party is not None:
            seen.setdefault(party.first, party)
    return list(seen.values())


def _owner(parsed: Parsed, party: Party) -> bool:
    k = party.first - 1
    while parsed.low(k) in DETERMINER:
        k -= 1
    return parsed.low(k) in _OWNED_BY


def _pronoun(parsed: Parsed, i: int) -> Voice | None:
    low = parsed.low(i)
    if low in ("we", "i", "you", "this"):
        return None
    token = parsed.tokens[i]
    kind: ActorKind = "group" if low in ("others", "some", "many") else "unknown"
    ref = ActorRef(text=token.text, start=token.start, end=token.end, kind=kind, score=0.5)
    return Voice(ref, i, i, pronoun=low if low in ("he", "she", "it", "they") else "")


def whole_name(parsed: Parsed, party: Party) -> ActorRef:
    """The party, with what an initial cut off: "Rudolph W" of "Rudolph W. Hale"."""
    after = party.last + 1
    if party.role != "unknown" or len(parsed.text(party.last)) != 1 or parsed.low(after) != ".":
        return party.ref
    if not parsed.text(after + 1)[:1].isupper():
        return party.ref
    name = f"{party.ref.name}. {parsed.text(after + 1)}"
    return party.ref.model_copy(update={"name": name, "text": name, "end": parsed.tokens[after + 1].end})
