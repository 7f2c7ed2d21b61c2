"""What a verb means in its mood: help promised is AGREE, help refused REJECT, force promised THREATEN."""

from dataclasses import replace
from typing import Final

from archwatch.contracts.event import EventType, Modality
from archwatch.extractor.drafts import Draft
from archwatch.extractor.modality import Group
from archwatch.extractor.plover import ONTOLOGY
from archwatch.extractor.triggers import Trigger

_PROMISED: Final = frozenset({"SUPPORT", "CONCEDE", "RETREAT", "COOPERATE", "AID"})
_THREATENED: Final[dict[str, str]] = {"ASSAULT": "violence", "COERCE": "restrict", "PROTEST": "-"}
_REFUSED: Final = frozenset(
    {"AGREE", "AID", "COOPERATE", "SUPPORT", "CONCEDE", "CONSULT", "MOBILIZE", "RETREAT"}
)
_NEAR: Final = 5  # words between a demand and what it demands
# the mode of a demand or refusal, by what is demanded or refused
_OF_WHAT: Final = {"AID": "assist", "CONSULT": "meet", "RETREAT": "yield", "CONCEDE": "yield"}


def coloured(draft: Draft, content: Trigger) -> Draft:
    """What is demanded or refused decides the mode; a promise of force is a threat."""
    kind = content.pattern.event_type
    if content.first - draft.last > _NEAR:
        return draft
    if draft.event_type in ("REQUEST", "REJECT") and draft.mode is None:
        mode = _OF_WHAT.get(kind)
        return replace(draft, mode=mode) if mode else draft
    if draft.event_type == "AGREE" and ONTOLOGY[kind].quad == 4 and kind not in ("MOBILIZE", "PROTEST"):
        return replace(
            draft,
            event_type="THREATEN",
            mode="restrict" if kind == "SANCTION" else "violence" if kind == "ASSAULT" else None,
        )
    return draft


def meant(
    trigger: Trigger, group: Group, mood: Modality, kind: EventType
) -> tuple[EventType, str | None, Modality]:
    """A refusal is REJECT, a promise of help AGREE, a promise of force THREATEN, as PLOVER has it."""
    mode = trigger.pattern.mode
    if group.refusing and kind not in ("REJECT", "ACCUSE", "THREATEN"):
        return "REJECT", _OF_WHAT.get(kind), "asserted"
    if (
        mood == "negated"
        and kind in _REFUSED
        and not group.unable
        and (group.will or group.intending or trigger.tense == "ing")
    ):
        return "REJECT", _OF_WHAT.get(kind), "asserted"
    if trigger.pattern.negated and mood == "future":
        return kind, mode, "asserted"
    if mood == "future" and kind in _PROMISED:
        return "AGREE", None, "future"
    if mood in ("future", "hypothetical") and kind in _THREATENED and not group.infinitive and group.will:
        mode = _THREATENED[kind]
        return "THREATEN", None if mode == "-" else mode, mood
    if trigger.pattern.text in ("not rule out", "not exclude"):
        return kind, mode, "hypothetical"
    return kind, mode, mood
