"""From what the patterns made of a sentence and what the judge holds of it to the events that are told."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from archwatch.contracts.event import ActorRef, EventType, Modality
from archwatch.extractor.attribution import Segment
from archwatch.extractor.candidates import Candidate, Signs
from archwatch.extractor.dates import inside
from archwatch.extractor.drafts import Draft, is_plain
from archwatch.extractor.judge import Verdict
from archwatch.extractor.modality import outlook
from archwatch.extractor.parsed import Parsed
from archwatch.extractor.subjects import Found, group

_MUTUAL: Final[frozenset[EventType]] = frozenset({"CONSULT", "COOPERATE", "AGREE"})
_DOUBTED: Final = 0.05  # what the judge holds less likely is not told, however plain the pattern
_PLACE: Final = frozenset({"in", "at", "near", "from"})
# acts of saying: they are done by being said, whatever lies ahead in what is said
_SAID: Final[frozenset[EventType]] = frozenset(
    {"ACCUSE", "REJECT", "REQUEST", "THREATEN", "SUPPORT", "AGREE", "CONCEDE"}
)


def decided(
    parsed: Parsed, signs: Signs, judged: Sequence[tuple[Candidate, Verdict]], *, sure: float, opening: bool
) -> list[Draft]:
    """The events of a sentence, surest first: those that the judge holds as likely as `sure`. In prose, where
    the judge learnt less, also what the patterns find plain of a party of which it holds nothing, unless it
    thinks that most unlikely; and the sentence that opens a story, which tells what it is about, may hold
    another act of the same party, plain or not."""
    told: list[Draft] = []
    for candidate, verdict in sorted(judged, key=lambda pair: -pair[1].confidence):
        if verdict.confidence < sure:
            continue
        draft = _draft(parsed, signs, candidate, verdict)
        twin = next((k for k, other in enumerate(told) if _one_act(other, draft)), None)
        if twin is None:
            told.append(draft)
        elif len(_parties(told[twin])) == 1 and not _codes(draft.actors) & _codes(told[twin].actors):
            told[twin] = replace(told[twin], recipients=draft.actors)
    for draft in signs.drafts:
        alike = [other for other in told if _codes(other.actors) & _codes(draft.actors)]
        plain = is_prose(parsed) and is_plain(draft) and not alike
        another = opening and draft.event_type not in {other.event_type for other in alike}
        if ((plain or another) and _likely(draft, judged) >= _DOUBTED) or _meets(draft, told):
            told.append(draft)
    return told


def _likely(draft: Draft, judged: Sequence[tuple[Candidate, Verdict]]) -> float:
    """How likely the judge holds what the patterns found; 1 where nobody is seen to act: not asked."""
    held = [verdict.of(draft.event_type) for candidate, verdict in judged if draft in candidate.drafts]
    return max(held, default=1.0)


def _meets(draft: Draft, told: Sequence[Draft]) -> bool:
    """Whether it is a meeting of others than those told: "on Sunday in Geneva, on Thursday at the OSCE"."""
    parties = _parties(draft)
    met = [_parties(other) for other in told if other.event_type == "CONSULT"]
    return (
        draft.event_type == "CONSULT"
        and bool(met)
        and is_plain(draft)
        and not any(parties <= others or others <= parties for others in met)
    )


def is_prose(parsed: Parsed) -> bool:
    """A headline seldom ends with a full stop."""
    return parsed.sentence.kind == "body" or parsed.sentence.text.endswith(".")


def opening_of(sentences: Sequence[Parsed]) -> Parsed | None:
    """The first sentence of prose."""
    return next((parsed for parsed in sentences if is_prose(parsed)), None)


def _one_act(draft: Draft, other: Draft) -> bool:
    """Whether both tell of one act: of a meeting each who meets is an actor."""
    if draft.event_type != other.event_type:
        return False
    if draft.event_type in _MUTUAL:
        ones, others = _parties(draft), _parties(other)
        return min(len(ones), len(others)) < 2 or ones <= others or others <= ones
    return bool(_codes(draft.actors) & _codes(other.actors))


def _codes(found: Found) -> frozenset[str]:
    return frozenset(ref.code or ref.text.lower() for ref in found.refs)


def _parties(draft: Draft) -> frozenset[str]:
    return _codes(draft.actors) | _codes(draft.recipients)


def _draft(parsed: Parsed, signs: Signs, candidate: Candidate, verdict: Verdict) -> Draft:
    confidence = round(verdict.confidence, 2)
    near = candidate.drafts
    same = next((draft for draft in near if draft.event_type == verdict.event_type), None)
    if same is not None:
        return replace(same, confidence=confidence)
    if near:
        mood: Modality = "asserted" if verdict.event_type in _SAID else near[0].modality
        return replace(
            near[0], event_type=verdict.event_type, mode=None, modality=mood, confidence=confidence
        )
    segment = candidate.speaks[0] if candidate.speaks else _around(signs, candidate)
    first, last = candidate.spans[0] if candidate.spans else (segment.first, segment.first)
    if candidate.speaks:
        first = last = segment.first
    mood = "asserted" if candidate.speaks or verdict.event_type in _SAID else outlook(parsed, last)
    whom = tuple(_whom(parsed, segment, candidate, from_=first if candidate.speaks else last + 1))
    return Draft(
        verdict.event_type,
        None,
        candidate.actors,
        Found(whom, 0.6),
        mood,
        first,
        max(last, first),
        segment.speaker,
        segment.verb,
        confidence,
        inside(parsed, segment.first, segment.last, signs.dates),
    )


def _around(signs: Signs, candidate: Candidate) -> Segment:
    """The segment in which a silent candidate stands."""
    first = candidate.spans[0][0]
    return next((s for s in signs.segments if s.first <= first <= s.last), signs.segments[0])


def _whom(parsed: Parsed, segment: Segment, candidate: Candidate, *, from_: int) -> Iterator[ActorRef]:
    """The first other parties after `from_` in the segment that are no place."""
    for party in parsed.parties:
        if not from_ <= party.first <= segment.last or party.modifier or party.ref.code is None:
            continue
        if party.ref.code in candidate.codes:
            continue
        if (
            party.role in ("name", "capital")
            and parsed.low(party.first - 1) in _PLACE
            and from_ != party.first
        ):
            continue
        yield from (
            p.ref
            for p in group(parsed, party, left=False)
            if p.ref.code and p.ref.code not in candidate.codes
        )
        return
