"""What a speaker thinks of another: "Ukrainian membership 'unacceptable' - Moscow" is a refusal by Moscow."""

from typing import Final

from archwatch.contracts.event import ActorRef, EventType, Modality
from archwatch.extractor.attribution import Segment
from archwatch.extractor.subjects import Found, Frame, group
from archwatch.extractor.triggers import Trigger
from archwatch.extractor.words import NEGATION

_NEAR: Final = 12  # words between the one judged and the judgement
_SUFFERED: Final = ("price", "target", "destroyed")  # of another: "they will pay a price"
Stance = tuple[EventType, str | None, Found, Found, Modality, int, int]


def code_stance(frame: Frame, segment: Segment, stances: list[Trigger]) -> Stance | None:
    """The stand that the speaker of a segment takes towards the first other party in it; None without one."""
    speaker = segment.speaker
    if speaker is None or speaker.code is None or not stances:
        return None
    others: list[ActorRef] = []
    for party in frame.parsed.parties:
        if (
            segment.first <= party.first
            and party.last <= segment.last
            and party.ref.code not in (None, speaker.code)
        ):
            joined = [
                p.ref
                for p in group(frame.parsed, party, left=False)
                if p.ref.code not in (None, speaker.code)
            ]
            others = joined
            break
    for stance in stances:
        kind = stance.pattern.event_type
        if (others or kind in ("AGREE", "REJECT")) and _fits(frame, segment, stance, speaker.code):
            mode = "disapprove" if kind == "ACCUSE" else None
            return (
                kind,
                mode,
                Found((speaker,), 0.9),
                Found(tuple(others), 0.8),
                "asserted",
                stance.first,
                stance.last,
            )
    return None


def _fits(frame: Frame, segment: Segment, stance: Trigger, speaker: str) -> bool:
    """Whether the stand is taken towards another: who is accused, or asked, stands before the words."""
    kind, parsed = stance.pattern.event_type, frame.parsed
    before = [p for p in parsed.parties if segment.first <= p.first and p.last < stance.first]
    about = before[0].ref.code if before else None
    if kind == "REQUEST":
        return bool(before) and before[-1].last == stance.first - 1 and about not in (None, speaker)
    if kind == "ACCUSE":
        if not before or stance.first - before[-1].last > _NEAR:
            return False
        denied = any(
            parsed.low(k) in NEGATION for k in range(max(segment.first, stance.first - 3), stance.first)
        )
        return stance.pattern.negated or (about not in (None, speaker) and not denied)
    if kind in ("THREATEN", "AGREE", "SUPPORT"):
        return about in (None, speaker) or any(word in stance.pattern.text for word in _SUFFERED)
    return True
