"""Events before they are written out: choosing among them, and writing them as records."""

from dataclasses import dataclass, field
from typing import Final

from archwatch.contracts.event import (
    ActorRef,
    Attribution,
    CodedEvent,
    EventDate,
    EventType,
    Evidence,
    Modality,
)
from archwatch.extractor.dates import Dated, nearest
from archwatch.extractor.parsed import Parsed
from archwatch.extractor.places import find_places
from archwatch.extractor.plover import ONTOLOGY, intensity
from archwatch.extractor.subjects import Found

MAX_PER_SENTENCE: Final = 2
MAX_MEETINGS: Final = 3  # a sentence may list meetings: "on Sunday in Geneva, on Thursday at the OSCE"
_SURE: Final = 0.6
_EVIDENCE: Final = 300


@dataclass(frozen=True)
class Draft:
    """An event before it is written out: what a trigger, noun or stance came to."""

    event_type: EventType
    mode: str | None
    actors: Found
    recipients: Found
    modality: Modality
    first: int
    last: int
    speaker: ActorRef | None
    verb: str | None
    confidence: float
    dates: list[Dated] = field(default_factory=list)


def is_plain(draft: Draft) -> bool:
    actors, whom = ({r.code for r in found.refs if r.code} for found in (draft.actors, draft.recipients))
    if draft.event_type in ("CONSULT", "COOPERATE", "AGREE") and (
        len(actors) > 1 or draft.mode == "multilateral"
    ):
        return True
    if draft.event_type in ("THREATEN", "MOBILIZE", "RETREAT") and actors and draft.actors.score > 0.8:
        return True
    return bool(actors and whom) and draft.confidence >= _SURE and draft.actors.score >= _SURE


def best(drafts: list[Draft]) -> list[Draft]:
    unique: dict[tuple[object, ...], Draft] = {}
    for draft in drafts:
        key = (
            draft.event_type,
            tuple(r.code or r.text for r in draft.actors.refs),
            tuple(r.code for r in draft.recipients.refs),
        )
        if key not in unique or unique[key].confidence < draft.confidence:
            unique[key] = draft
    ranked = sorted(unique.values(), key=lambda d: -d.confidence)
    meetings = [d for d in ranked if d.event_type == "CONSULT"]
    return meetings[:MAX_MEETINGS] if len(meetings) >= MAX_MEETINGS else ranked[:MAX_PER_SENTENCE]


def _date(day: Dated, modality: Modality) -> EventDate:
    return day.ahead if day.ahead and modality == "future" else day.date


def written(parsed: Parsed, draft: Draft) -> CodedEvent:
    missing: dict[str, str] = {}
    position = parsed.tokens[draft.first].start
    day = nearest(draft.dates, position - parsed.sentence.start)
    if day is None:
        missing["date"] = "the sentence names no time"
    elif day.date.resolved is None:
        missing["date.resolved"] = "the day of publication is not known"
    places = find_places(parsed)
    place = min(places, key=lambda found: abs(found[0] - draft.last), default=None)
    if place is None:
        missing["place"] = "the sentence names no place after in, at or near"
    if not draft.actors.refs:
        missing["actors"] = "passive without an agent"
    if not draft.recipients.refs and draft.event_type != "CONSULT":
        missing["recipients"] = "no other party stands with the verb"
    attribution = None
    if draft.speaker is not None:
        s = draft.speaker
        attribution = Attribution(text=s.text, code=s.code, name=s.name, office=s.office, verb=draft.verb)
    start, end = parsed.sentence.start, parsed.sentence.end
    if end - start > _EVIDENCE:
        middle = parsed.tokens[draft.last].end
        start = max(start, min(position - 60, middle - _EVIDENCE + 20))
        end = min(end, start + _EVIDENCE)
    text = parsed.sentence.text[start - parsed.sentence.start : end - parsed.sentence.start]
    kind = ONTOLOGY[draft.event_type]
    return CodedEvent(
        event_type=draft.event_type,
        mode=draft.mode,
        quad_code=kind.quad,
        intensity=intensity(draft.event_type, draft.mode),
        actors=draft.actors.refs,
        recipients=draft.recipients.refs,
        modality=draft.modality,
        attribution=attribution,
        date=_date(day, draft.modality) if day else None,
        place=place[1] if place else None,
        evidence=Evidence(text=text, start=start, end=end),
        confidence=draft.confidence,
        missing=missing,
    )
