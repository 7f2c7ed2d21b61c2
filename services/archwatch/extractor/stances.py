"""What a speaker thinks of another: "Ukrainian membership 'unacceptable' - Moscow" is a refusal by Moscow."""

from typing import Final

from archwatch.contracts.event import ActorRef, EventType, Modality
from archwatch.extractor.attribution import Segment
from archwatch.extractor.subjects import Found, Frame, group
from archwatch.extractor.triggers import Trigger
from archwatch.extractor.words import NEGATION

_NEAR: Final = 12  # words between the one judged and the judgement
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
        before = [p for p in frame.parsed.parties if segment.first <= p.first and p.last < stance.first]
        if (not others and kind not in ("AGREE", "REJECT")) or (not before and kind in ("ACCUSE", "REQUEST")):
            continue
        subject_code = before[0].ref.code if before else None
        if kind == "REQUEST" and (not before or before[-1].last != stance.first - 1):
            continue
        if (
            kind in ("ACCUSE", "REQUEST")
            and not stance.pattern.negated
            and subject_code in (None, speaker.code)
        ):
            continue
        if kind == "ACCUSE" and stance.first - before[-1].last > _NEAR:
            continue
        if (
            kind in ("THREATEN", "AGREE", "SUPPORT")
            and subject_code not in (None, speaker.code)
            and "price" not in stance.pattern.text
            and "target" not in stance.pattern.text
        ):
            continue
        if (
            kind == "ACCUSE"
            and not stance.pattern.negated
            and any(
                frame.parsed.low(k) in NEGATION
                for k in range(max(segment.first, stance.first - 3), stance.first)
            )
        ):
            continue
        recipients = tuple(others)
        mode = "disapprove" if kind == "ACCUSE" else None
        return (
            kind,
            mode,
            Found((speaker,), 0.9),
            Found(recipients, 0.8),
            "asserted",
            stance.first,
            stance.last,
        )
    return None
