"""What happened is not what was promised, threatened, denied or recalled: the five modalities."""

from dataclasses import dataclass
from typing import Final

from archwatch.contracts.event import Modality
from archwatch.extractor.parsed import Parsed
from archwatch.extractor.tense import negated, unable
from archwatch.extractor.triggers import Trigger
from archwatch.extractor.words import ADVERB, AUXILIARY, INTENDING, NEGATION, POSSIBLE, REFUSING, TRYING

_CONDITION: Final = frozenset({"if", "unless", "should", "whether"})
_WILL: Final = frozenset({"will", "'ll", "shall", "won't", "’ll"})


@dataclass(frozen=True)
class Group:
    """What stands before a verb in its group: "has no plans to send" -> negated, intending."""

    first: int
    negated: bool
    will: bool
    possible: bool
    intending: bool
    refusing: bool
    infinitive: bool
    unable: bool


def verb_group(parsed: Parsed, i: int) -> Group:
    """Reads leftwards from the verb at `i` over auxiliaries, adverbs and governing words ("plans to")."""
    j, seen = i - 1, set()
    no, intending, refusing, possible, infinitive = negated(parsed, i), False, False, False, False
    while j >= 0 and i - j <= 12:
        low = parsed.low(j)
        if low == "to":
            governor = parsed.low(j - 1)
            infinitive = True
            if governor in INTENDING or governor in TRYING or governor in REFUSING:
                intending |= governor in INTENDING
                possible |= governor in TRYING
                refusing |= governor in REFUSING
                j -= 2
                if governor in ("plans", "plan", "intention"):
                    while parsed.low(j) in NEGATION | {
                        "have",
                        "has",
                        "had",
                        "any",
                        "its",
                        "immediate",
                        "with",
                    }:
                        no |= parsed.low(j) in NEGATION
                        j -= 1
                continue
            intending |= parsed.party_of.get(j - 1) is not None or governor in ("is", "are", "was", "were")
            j -= 1
            continue
        if (
            low not in AUXILIARY
            and low not in ADVERB
            and low not in NEGATION
            and not parsed.is_manner(j)
            and not parsed.is_time(j)
        ):
            break
        seen.add(low)
        no |= low in NEGATION and low != "without"
        j -= 1
    return Group(
        j + 1,
        no,
        bool(seen & _WILL),
        possible or bool(seen & POSSIBLE),
        intending,
        refusing,
        infinitive,
        unable(parsed, i),
    )


def modality(
    parsed: Parsed, trigger: Trigger, group: Group, segment_first: int, *, past_date: bool, ended: bool
) -> Modality:
    """The modality of an event: first what denies it, then what makes it less than fact, then when it was."""
    if group.negated and not trigger.pattern.negated:
        return "negated"
    words = {parsed.low(k) for k in range(segment_first, trigger.first)}
    if group.possible or (_CONDITION & words and not past_date):
        return "hypothetical"
    if group.will or group.intending:
        return (
            "hypothetical"
            if "if" in {parsed.low(k) for k in range(trigger.last + 1, len(parsed.tokens))} and group.will
            else "future"
        )
    if past_date or ended:
        return "historical"
    return "asserted"


def outlook(parsed: Parsed, i: int) -> Modality:
    """The modality of what the party that ends at `i` does, by the words right after it."""
    words = [parsed.low(k) for k in range(i + 1, min(i + 6, len(parsed.tokens)))]
    near = words[:2]
    if set(near) & POSSIBLE or set(near) & TRYING & {"consider", "considers", "mulls", "ponders"}:
        return "hypothetical"
    if set(near) & _WILL or near[:1] == ["to"] or (set(near) & INTENDING and "to" in words[:4]):
        return "future"
    return "asserted"
