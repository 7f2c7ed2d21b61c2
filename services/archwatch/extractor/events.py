"""What the patterns make of a sentence: who may do what to whom, in what modality. The judge decides."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from archwatch.contracts.event import EventType
from archwatch.extractor.attribution import Segment, segments
from archwatch.extractor.candidates import Signs
from archwatch.extractor.dates import Dated, find_dates, inside, nearest
from archwatch.extractor.drafts import Draft
from archwatch.extractor.lexicon import Lexicon
from archwatch.extractor.meaning import coloured, meant
from archwatch.extractor.modality import modality, verb_group
from archwatch.extractor.nominal import code_noun
from archwatch.extractor.parsed import Parsed
from archwatch.extractor.parties import Memory
from archwatch.extractor.recipients import after_by, recipients
from archwatch.extractor.stances import code_stance
from archwatch.extractor.subjects import Found, Frame, group, subject
from archwatch.extractor.triggers import Trigger, find_stances, find_triggers
from archwatch.extractor.words import CLAUSE_END

_ADJACENT: Final = 4  # words: the object of a weak verb stands right after it
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


@dataclass(frozen=True)
class Context:
    """What reading a sentence needs beside the sentence."""

    lexicon: Lexicon
    memory: Memory
    published_at: datetime | None


def read_signs(parsed: Parsed, quoted: list[Segment], context: Context) -> Signs:
    """What the patterns find in a sentence. `quoted`: its parts inside quotations whose speaker is known."""
    drafts: list[Draft] = []
    triggers = find_triggers(parsed, context.lexicon)
    stances = find_stances(parsed, context.lexicon)
    dates = find_dates(parsed.sentence.text, context.published_at)
    acts = frozenset(t.first for t in triggers if t.pattern.kind == "verb" and t.last > t.first)
    parts = segments(parsed, context.lexicon, context.memory, quoted, acts)
    for segment in parts:
        frame = Frame(parsed, context.lexicon, context.memory, segment.first, segment.last, segment.speaker)
        here = inside(parsed, segment.first, segment.last, dates)
        stance = (
            code_stance(frame, segment, [s for s in stances if _within(s, segment)])
            if segment.speaker
            else None
        )
        if stance is not None:
            drafts.append(Draft(*stance, segment.speaker, segment.verb, 0.6, here))
        drafts += _verbs(
            frame,
            segment,
            [
                t
                for t in triggers
                if _within(t, segment)
                and not _conditional(frame, t)
                and not (stance and (t.pattern.event_type != "CONSULT" or stance[0] == "AGREE"))
            ],
            here,
        )
    return Signs(parts, triggers, stances, drafts, dates)


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


def _verbs(frame: Frame, segment: Segment, triggers: list[Trigger], dates: list[Dated]) -> list[Draft]:
    drafts: list[Draft] = []
    governed_until = -1
    governor: int | None = None
    for trigger in triggers:
        if trigger.first <= governed_until:
            if governor is not None and not trigger.passive and not trigger.pattern.weak:
                drafts[governor] = coloured(drafts[governor], trigger)
            inner = (
                _verb(frame, trigger, dates)
                if trigger.passive and trigger.pattern.event_type == "REQUEST"
                else None
            )
            if inner is not None and inner.actors.refs and governor is not None:
                # "rejects the guarantees demanded by Russia": demanded of who rejects them
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
        draft = _verb(frame, trigger, dates) if trigger.pattern.kind == "verb" else None
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


def _verb(frame: Frame, trigger: Trigger, dates: list[Dated]) -> Draft | None:
    parsed, kind = frame.parsed, trigger.pattern.event_type
    verb = verb_group(parsed, trigger.first)
    if trigger.passive:
        actors = after_by(frame, trigger.last)
        whom = subject(frame, verb.first)
    else:
        own = parsed.party_of.get(trigger.first - 1) if trigger.tense == "ing" else None
        # "reacts to Russia suspending the treaty": a party right before a gerund is who does it
        named = tuple(p.ref for p in group(parsed, own, left=True)) if own else ()
        actors = Found(named, 0.8, own.first, own.ended) if own else subject(frame, verb.first)
        whom = recipients(
            frame,
            trigger.first,
            trigger.last,
            prefer=_PREFER.get(kind, frozenset()),
            actors=actors.refs,
            places=kind in _WHERE_IS_WHOM,
        )
    if kind == "MOBILIZE":  # what is moved is no party
        whom = replace(whom, refs=tuple(r for r in whom.refs if r.code))
    if not actors.refs and not (trigger.passive and whom.refs):
        return None
    if trigger.pattern.subjects and not any(
        a.text.lower().rsplit(" ", 1)[-1] in trigger.pattern.subjects for a in actors.refs
    ):
        return None
    if trigger.pattern.weak and (
        not whom.refs or (not trigger.passive and whom.first - trigger.last > _ADJACENT)
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
        verb,
        frame.first,
        past_date=bool(day and day.past),
        ended=actors.ended or whom.ended,
    )
    if mood == "asserted" and day and day.future:
        mood = "future"
    kind, mode, mood = meant(trigger, verb, mood, kind)
    confidence = (
        0.9 * min(1.0, actors.score + 0.05) * (0.8 if trigger.pattern.weak else 1) * (1 if whom.refs else 0.8)
    )
    return Draft(kind, mode, actors, whom, mood, verb.first, trigger.last, None, None, round(confidence, 2))
