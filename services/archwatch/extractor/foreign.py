"""The plain verbs of other languages: the party before does it, the party after suffers it, no finer."""

from typing import Final

from archwatch.contracts.event import CodedEvent, Evidence, Modality
from archwatch.extractor.lexicon import ForeignLexicon
from archwatch.extractor.parsed import Parsed
from archwatch.extractor.parties import Party
from archwatch.extractor.plover import ONTOLOGY, intensity
from archwatch.extractor.subjects import group

_NEAR: Final = 12  # words between party and verb
_REFUSABLE: Final = frozenset(
    {"AGREE", "AID", "COOPERATE", "SUPPORT", "CONCEDE", "CONSULT", "MOBILIZE", "RETREAT"}
)


def code_foreign(parsed: Parsed, foreign: ForeignLexicon) -> list[CodedEvent]:
    """At most one event a sentence: the first verb of the list with a party on its left."""
    for i, token in enumerate(parsed.tokens):
        if token.named is not None:
            continue
        match = next(((kind, mode) for stem, kind, mode in foreign.stems if token.low.startswith(stem)), None)
        if match is None:
            continue
        before = [
            p for p in parsed.parties if p.last < i and i - p.last <= _NEAR and p.ref.code and not p.modifier
        ]
        after = [p for p in parsed.parties if p.first > i and p.first - i <= _NEAR and p.ref.code]
        actors = _first(parsed, before)
        recipients = [
            p
            for p in (group(parsed, after[0], left=False) if after else [])
            if p.ref.code and p.ref.code not in {a.ref.code for a in actors}
        ]
        if not actors:
            continue
        kind, mode = match
        words = {parsed.low(k) for k in range(max(0, i - 4), i + 1)}
        modality: Modality = "future" if words & foreign.future else "asserted"
        if words & foreign.negations:
            if kind in _REFUSABLE:
                kind, mode = "REJECT", None
            else:
                modality = "negated"
        missing = {
            "date": "dates are not read in this language",
            "place": "places of events are not read in this language",
        }
        if not recipients and kind != "CONSULT":
            missing["recipients"] = "no other party stands after the verb"
        start, end = parsed.sentence.start, min(parsed.sentence.end, parsed.sentence.start + 300)
        return [
            CodedEvent(
                event_type=kind, mode=mode, quad_code=ONTOLOGY[kind].quad, intensity=intensity(kind, mode),
                actors=tuple(p.ref for p in actors), recipients=tuple(p.ref for p in recipients),
                modality=modality,
                evidence=Evidence(text=parsed.sentence.text[:300], start=start, end=end),
                confidence=0.6 if recipients else 0.45, missing=missing,
            )
        ]  # fmt: skip
    return []


def _first(parsed: Parsed, before: list[Party]) -> list[Party]:
    return [p for p in group(parsed, before[0], left=False) if p.ref.code and p in before] if before else []
