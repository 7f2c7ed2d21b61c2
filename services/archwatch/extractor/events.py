"""Codes the events of one sentence: who does what to whom, in what modality, on what evidence."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from archwatch.contracts.event import ActorRef, Attribution, CodedEvent, EventType, Evidence, Modality
from archwatch.extractor.arguments import Found, Frame, after_by, recipients, subject
from archwatch.extractor.attribution import Segment, segments
from archwatch.extractor.dates import Dated, find_dates, nearest
from archwatch.extractor.lexicon import Lexicon
from archwatch.extractor.modality import Group, modality, verb_group
from archwatch.extractor.nominal import code_noun
from archwatch.extractor.parsed import Parsed
from archwatch.extractor.parties import Memory
from archwatch.extractor.places import find_places
from archwatch.extractor.plover import ONTOLOGY, intensity
from archwatch.extractor.stances import code_stance
from archwatch.extractor.triggers import Trigger, find_stances, find_triggers
from archwatch.extractor.words import CLAUSE_END

MAX_PER_SENTENCE: Final = 2
MAX_MEETINGS: Final = 3  # a sentence may list meetings: "on Sunday in Geneva, on Thursday at the OSCE"
_ADJACENT: Final = 4  # words: the object of a weak verb stands right after it
_SURE: Final = 0.6
_EVIDENCE: Final = 300
_GOVERNING: Final = frozenset({"REQUEST", "REJECT", "THREATEN", "AGREE", "ACCUSE", "SUPPORT", "CONCEDE"})
_PREFER: Final[dict[EventType, frozenset[str]]] = {
    "AID": frozenset({"to", "for"}),
    "AGREE": frozenset({"to", "with"}),
    "CONSULT": frozenset({"with", "to"}),
    "SANCTION": frozenset({"on", "against", "with", "to", "from", "in"}),
    "COOPERATE": frozenset({"with"}),
    "MOBILIZE": frozenset({"to", "in", "into", "near", "against", "on"}),
    "THREATEN": frozenset({"against", "to", "on"}),
}
_WHERE_IS_WHOM: Final = frozenset(
    {"MOBILIZE", "ASSAULT", "AID", "COERCE", "RETREAT", "PROTEST", "CONCEDE", "SANCTION"}
)
_PROMISED: Final = frozenset({"SUPPORT", "CONCEDE", "RETREAT", "COOPERATE", "AID"})
_THREATENED: Final[dict[str, str]] = {"ASSAULT": "violence", "COERCE": "restrict", "PROTEST": "-"}
_REFUSED: Final = frozenset(
    {"AGREE", "AID", "COOPERATE", "SUPPORT", "CONCEDE", "CONSULT", "MOBILIZE", "RETREAT"}
)


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


@dataclass(frozen=True)
class Context:
    """What coding a sentence needs beside the sentence. `strict`: deep in a story only acts between parties
    that the gazetteer names are taken, for there the shallow reading errs most."""

    lexicon: Lexicon
    memory: Memory
    published_at: datetime | None
    strict: bool


def code_sentence(parsed: Parsed, quoted: list[Segment], context: Context) -> list[CodedEvent]:
    """The events of a sentence, at most two (three where it lists meetings). `quoted`: its parts inside
    quotations whose speaker is known."""
    drafts: list[Draft] = []
    triggers = find_triggers(parsed, context.lexicon)
    stances = find_stances(parsed, context.lexicon)
    all_dates = find_dates(parsed.sentence.text, context.published_at)
    acts = frozenset(t.first for t in triggers if t.pattern.kind == "verb" and t.last > t.first)
    for segment in segments(parsed, context.lexicon, context.memory, quoted, acts):
        frame = Frame(parsed, context.lexicon, context.memory, segment.first, segment.last, segment.speaker)
        dates = _inside(parsed, segment, all_dates)
        found = (
            [code_stance(frame, segment, [s for s in stances if _within(s, segment)])]
            if segment.speaker
            else []
        )
        stance = next((f for f in found if f is not None), None)
        if stance is not None:
            drafts.append(Draft(*stance, segment.speaker, segment.verb, 0.6, dates))
        here = [
            t
            for t in triggers
            if _within(t, segment)
            and not _conditional(frame, t)
            and not (stance and (t.pattern.event_type != "CONSULT" or stance[0] == "AGREE"))
        ]
        drafts += _verbs(frame, segment, here, dates, context)
    events = [
        _written(parsed, draft) for draft in _best([d for d in drafts if not context.strict or _plain(d)])
    ]
    return sorted(events, key=lambda e: e.evidence.start)


def _inside(parsed: Parsed, segment: Segment, dates: list[Dated]) -> list[Dated]:
    """The phrases of time in a segment: "said on Thursday" dates the saying, not what was said."""
    begin, end = (parsed.tokens[segment.first].start, parsed.tokens[segment.last].end)
    return [d for d in dates if begin <= parsed.sentence.start + d.start < end]


def _within(trigger: Trigger, segment: Segment) -> bool:
    return segment.first <= trigger.first and trigger.last <= segment.last


def _conditional(frame: Frame, trigger: Trigger) -> bool:
    """A condition is no event: "if Russia invades Ukraine" """
    for k in range(trigger.first - 1, max(frame.first, trigger.first - 12) - 1, -1):
        low = frame.parsed.low(k)
        if low in ("if", "unless", "whether"):
            return True
        if low in (",", ";", "that", "then", ":"):
            return False
    return False


def _verbs(
    frame: Frame, segment: Segment, triggers: list[Trigger], dates: list[Dated], context: Context
) -> list[Draft]:
    drafts: list[Draft] = []
    governed_until = -1
    governor: int | None = None
    for trigger in triggers:
        if trigger.first <= governed_until:
            if governor is not None and not trigger.passive and not trigger.pattern.weak:
                drafts[governor] = _colour(drafts[governor], trigger)
            inner = (
                _verb(frame, trigger, dates, context)
                if trigger.passive and trigger.pattern.event_type == "REQUEST"
                else None
            )
            if inner is not None and inner.actors.refs and governor is not None:
                # "rejects the guarantees demanded by Russia": what is rejected was demanded, of who rejects it
                if not drafts[governor].recipients.refs:
                    drafts[governor] = replace(drafts[governor], recipients=inner.actors)
                drafts.append(
                    replace(
                        inner,
                        recipients=inner.recipients if inner.recipients.refs else drafts[governor].actors,
                        speaker=frame.speaker,
                        verb=segment.verb,
                        dates=dates,
                    )
                )
            continue
        draft = _verb(frame, trigger, dates, context) if trigger.pattern.kind == "verb" else None
        if trigger.pattern.kind == "noun" and (noun := code_noun(frame, trigger)):
            draft = Draft(*noun, frame.speaker, segment.verb, 0.65)
            day = nearest(dates, _offset(frame, trigger))
            if draft.modality == "asserted" and day and day.past:
                draft = replace(draft, modality="historical")
        if draft is None:
            continue
        drafts.append(replace(draft, speaker=frame.speaker, verb=segment.verb, dates=dates))
        governor, governed_until = None, max(governed_until, trigger.last)
        if trigger.pattern.kind == "verb" and trigger.pattern.event_type in _GOVERNING:
            governor, governed_until = len(drafts) - 1, _reach(frame, trigger)
    return drafts


def _offset(frame: Frame, trigger: Trigger) -> int:
    """Where a trigger begins, in characters of its sentence."""
    return frame.parsed.tokens[trigger.first].start - frame.parsed.sentence.start


def _reach(frame: Frame, trigger: Trigger) -> int:
    """How far a demand, refusal, threat or promise covers what follows: its content is no event."""
    parsed = frame.parsed
    for k in range(trigger.last + 1, frame.last + 1):
        low = parsed.low(k)
        if low in CLAUSE_END - {"as", "who", "whose", "during"} or low == ";":
            return k
        if low in ("and", ",", "but") and k + 1 <= frame.last:
            n = k + 1
            if parsed.low(n) in (
                "has",
                "have",
                "had",
                "was",
                "were",
                "is",
                "are",
                "will",
                "would",
                "but",
            ) or parsed.low(n).endswith("ing"):
                return k
            if parsed.low(n) in _past_forms(frame) and parsed.low(n + 1) not in ("by",):
                return k
    return frame.last


def _past_forms(frame: Frame) -> frozenset[str]:
    """Past forms of the lexicon: after "and" they open a new clause of the same subject."""
    return frozenset(
        low for t in frame.parsed.tokens if (low := t.low).endswith("ed") and low in frame.lexicon.hits
    )


def _colour(draft: Draft, content: Trigger) -> Draft:
    """What is demanded or refused decides the mode; a promise of force is a threat."""
    kind = content.pattern.event_type
    if draft.event_type in ("REQUEST", "REJECT") and draft.mode is None:
        mode = {"AID": "assist", "CONSULT": "meet", "RETREAT": "yield", "CONCEDE": "yield"}.get(kind)
        return replace(draft, mode=mode) if mode else draft
    if draft.event_type == "AGREE" and ONTOLOGY[kind].quad == 4 and kind not in ("MOBILIZE", "PROTEST"):
        return replace(
            draft,
            event_type="THREATEN",
            mode="restrict" if kind == "SANCTION" else "violence" if kind == "ASSAULT" else None,
        )
    return draft


def _verb(frame: Frame, trigger: Trigger, dates: list[Dated], context: Context) -> Draft | None:
    parsed, kind = frame.parsed, trigger.pattern.event_type
    group = verb_group(parsed, trigger.first)
    if trigger.passive:
        actors = after_by(frame, trigger.last)
        whom = subject(frame, group.first)
    else:
        actors = subject(frame, group.first)
        whom = recipients(
            frame,
            trigger.first,
            trigger.last,
            prefer=_PREFER.get(kind, frozenset()),
            actors=actors.refs,
            places=kind in _WHERE_IS_WHOM,
        )
    if not actors.refs and not (trigger.passive and whom.refs):
        return None
    if trigger.pattern.subjects and not any(
        a.text.lower().rsplit(" ", 1)[-1] in trigger.pattern.subjects for a in actors.refs
    ):
        return None
    if trigger.pattern.weak and (
        not whom.refs or not trigger.passive and whom.first - trigger.last > _ADJACENT
    ):
        return None
    if not trigger.passive and not any(a.code for a in actors.refs) and actors.score < 0.5:
        return None
    whom = replace(
        whom,
        refs=tuple(r for r in whom.refs if r.code is None or r.code not in {a.code for a in actors.refs}),
    )
    day = nearest(dates, _offset(frame, trigger))
    mood = modality(
        parsed,
        trigger,
        group,
        frame.first,
        past_date=bool(day and day.past),
        ended=actors.ended or whom.ended,
    )
    if mood == "asserted" and day and day.future:
        mood = "future"
    kind, mode, mood = _meant(trigger, group, mood, kind)
    confidence = (
        0.9 * min(1.0, actors.score + 0.05) * (0.8 if trigger.pattern.weak else 1) * (1 if whom.refs else 0.8)
    )
    return Draft(kind, mode, actors, whom, mood, group.first, trigger.last, None, None, round(confidence, 2))


def _meant(
    trigger: Trigger, group: Group, mood: Modality, kind: EventType
) -> tuple[EventType, str | None, Modality]:
    """A refusal is REJECT, a promise of help AGREE, a promise of force THREATEN, as PLOVER has it."""
    mode = trigger.pattern.mode
    if group.refusing and kind not in ("REJECT", "ACCUSE", "THREATEN"):
        return "REJECT", _mode_of_refusal(kind), "asserted"
    if (
        mood == "negated"
        and kind in _REFUSED
        and (group.will or group.intending or trigger.tense in ("base", "ing"))
    ):
        return "REJECT", _mode_of_refusal(kind), "asserted"
    if mood == "negated" and kind == "REJECT":
        return "AGREE", None, "asserted"
    if mood == "future" and kind in _PROMISED:
        return "AGREE", None, "future"
    if mood in ("future", "hypothetical") and kind in _THREATENED and not group.infinitive and group.will:
        mode = _THREATENED[kind]
        return "THREATEN", None if mode == "-" else mode, mood
    if trigger.pattern.text in ("not rule out", "not exclude"):
        return kind, mode, "hypothetical"
    return kind, mode, mood


def _mode_of_refusal(kind: EventType) -> str | None:
    return {"AID": "assist", "CONSULT": "meet", "RETREAT": "yield", "CONCEDE": "yield"}.get(kind)


def _plain(draft: Draft) -> bool:
    actors, whom = ({r.code for r in found.refs if r.code} for found in (draft.actors, draft.recipients))
    if draft.event_type in ("CONSULT", "COOPERATE", "AGREE") and (
        len(actors) > 1 or draft.mode == "multilateral"
    ):
        return True
    if draft.event_type in ("THREATEN", "MOBILIZE", "RETREAT") and actors and draft.actors.score > 0.8:
        return True
    return bool(actors and whom) and draft.confidence >= _SURE and draft.actors.score >= _SURE


def _best(drafts: list[Draft]) -> list[Draft]:
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


def _written(parsed: Parsed, draft: Draft) -> CodedEvent:
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
        date=day.date if day else None,
        place=place[1] if place else None,
        evidence=Evidence(text=text, start=start, end=end),
        confidence=draft.confidence,
        missing=missing,
    )
