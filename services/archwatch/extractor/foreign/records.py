"""Events of other languages before they are written out: their mood, and the record that comes of them."""

from dataclasses import dataclass, replace
from typing import Final

from archwatch.contracts.event import ActorRef, Attribution, CodedEvent, EventType, Evidence, Modality
from archwatch.extractor.dates import Dated, nearest
from archwatch.extractor.foreign.clauses import Clause
from archwatch.extractor.foreign.grammar import Grammar
from archwatch.extractor.foreign.parties import Noun
from archwatch.extractor.foreign.places import place_of
from archwatch.extractor.foreign.triggers import Trigger, mood
from archwatch.extractor.parsed import Parsed
from archwatch.extractor.plover import ONTOLOGY, intensity

_EVIDENCE: Final = 300
_REFUSABLE: Final = frozenset({"AGREE", "AID", "COOPERATE", "SUPPORT", "CONCEDE", "MOBILIZE", "RETREAT"})
_PROMISED: Final = frozenset({"SUPPORT", "CONCEDE", "RETREAT", "COOPERATE", "AID"})


@dataclass
class Draft:
    """An event before it is written out."""

    event_type: EventType
    mode: str | None
    actors: list[Noun]
    recipients: list[Noun]
    modality: Modality
    clause: Clause
    at: int
    speaker: ActorRef | None
    verb: str | None


def meant(draft: Draft, parsed: Parsed, grammar: Grammar, clause: Clause, trigger: Trigger) -> Draft:
    """Help refused is REJECT, help promised AGREE, force promised THREATEN, as PLOVER has it."""
    modality, negated = mood(parsed, grammar, clause, trigger)
    kind = draft.event_type
    if negated:
        if kind in _REFUSABLE or (kind == "CONSULT" and modality == "future"):
            return replace(draft, event_type="REJECT", mode="meet" if kind == "CONSULT" else None)
        return replace(draft, modality="negated")
    if modality == "future" and kind in _PROMISED and trigger.row.kind == "verb":
        return replace(draft, event_type="AGREE", mode=None, modality="future")
    if modality == "future" and kind == "ASSAULT":
        return replace(draft, event_type="THREATEN", mode="violence", modality="future")
    return replace(draft, modality=modality)


def written(parsed: Parsed, grammar: Grammar, draft: Draft, dates: list[Dated]) -> CodedEvent:
    offset = parsed.sentence.start
    first, last = parsed.tokens[draft.clause.first].start, parsed.tokens[draft.clause.last].end
    day = nearest(
        [d for d in dates if first <= offset + d.start < last], parsed.tokens[draft.at].start - offset
    )
    modality = draft.modality
    if modality == "asserted" and day and day.past:
        modality = "historical"
    if modality == "asserted" and any(noun.ended for noun in draft.actors + draft.recipients):
        modality = "historical"
    if modality == "asserted" and day and day.future:
        modality = "future"
    missing: dict[str, str] = {}
    if day is None:
        missing["date"] = "the clause names no time that is read in this language"
    elif day.date.resolved is None:
        missing["date.resolved"] = "the day of publication is not known"
    place = place_of(parsed, grammar, draft.clause)
    if place is None:
        missing["place"] = "the clause names no place after a preposition of place"
    if not draft.recipients and draft.event_type != "CONSULT":
        missing["recipients"] = "no other party stands with the verb"
    start, end = parsed.sentence.start, parsed.sentence.end
    if end - start > _EVIDENCE:
        start = max(start, min(first, last - _EVIDENCE))
        end = min(end, start + _EVIDENCE)
    s = draft.speaker
    when = day.ahead if day and day.ahead and modality == "future" else day.date if day else None
    return CodedEvent(
        event_type=draft.event_type, mode=draft.mode, quad_code=ONTOLOGY[draft.event_type].quad,
        intensity=intensity(draft.event_type, draft.mode),
        actors=_refs(draft.actors), recipients=_refs(draft.recipients), modality=modality,
        attribution=Attribution(text=s.text, code=s.code, name=s.name, office=s.office, verb=draft.verb)
        if s else None,
        date=when, place=place,
        evidence=Evidence(text=parsed.sentence.text[start - offset : end - offset], start=start, end=end),
        confidence=0.6 if draft.recipients else 0.45, missing=missing,
    )  # fmt: skip


def _refs(nouns: list[Noun]) -> tuple[ActorRef, ...]:
    """Each party once."""
    return tuple({noun.ref.code: noun.ref for noun in reversed(nouns)}.values())[::-1]
