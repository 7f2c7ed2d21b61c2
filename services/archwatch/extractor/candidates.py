"""Who in a sentence may have done something, and what the sentence shows of it: the judge's question.

A candidate is a party with those joined to it. What is seen of it are words around it with the parties
masked, so that roles weigh and names do not; what the patterns made of it; and who speaks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final, NamedTuple

from archwatch.contracts.event import ActorRef
from archwatch.extractor.attribution import Segment
from archwatch.extractor.dates import Dated
from archwatch.extractor.drafts import Draft
from archwatch.extractor.parsed import Parsed
from archwatch.extractor.subjects import Found, group
from archwatch.extractor.triggers import Trigger
from archwatch.extractor.words import ADVERB, AUXILIARY, DETERMINER

_AROUND: Final = 5
_LONGEST: Final = 60  # tokens of a segment that are looked at


@dataclass(frozen=True)
class Candidate:
    """Parties that may be the actor of an event. `speaks`: what each of them answers for as a speaker;
    `drafts`: what the patterns made of them as actors, surest first; `borne`: as recipients of another."""

    actors: Found
    spans: tuple[tuple[int, int], ...]
    speaks: tuple[Segment, ...]
    features: tuple[str, ...] = ()
    drafts: tuple[Draft, ...] = ()
    borne: tuple[Draft, ...] = ()

    @property
    def codes(self) -> frozenset[str]:
        return _codes(self.actors)


class Question(NamedTuple):
    """A candidate and the sentence that it stands in."""

    parsed: Parsed
    candidate: Candidate


@dataclass(frozen=True)
class Signs:
    """What the patterns found in a sentence."""

    segments: Sequence[Segment]
    triggers: Sequence[Trigger]
    stances: Sequence[Trigger]
    drafts: Sequence[Draft]
    dates: Sequence[Dated]


def candidates(parsed: Parsed, signs: Signs) -> list[Candidate]:
    """In the order of the sentence; parties of the same codes are one candidate."""
    found: dict[frozenset[str], Candidate] = {}

    def add(
        refs: tuple[ActorRef, ...], span: tuple[int, int] | None, speaks: Segment | None, score: float
    ) -> None:
        new = Candidate(Found(refs, score), (span,) if span else (), (speaks,) if speaks else ())
        known = found.get(new.codes)
        if known is not None:
            new = Candidate(known.actors, known.spans + new.spans, known.speaks + new.speaks)
        found[new.codes] = new

    done: set[int] = set()
    for party in parsed.parties:
        if party.first in done or party.modifier:
            continue
        joined = [p for p in group(parsed, party, left=False) if not p.modifier]
        done |= {p.first for p in joined}
        add(tuple(p.ref for p in joined), (joined[0].first, joined[-1].last), None, 1.0)
    for segment in signs.segments:
        if segment.speaker is not None:
            add((segment.speaker,), None, segment, 0.9)
    for draft in signs.drafts:
        if draft.actors.refs:
            add(draft.actors.refs, (draft.actors.first, draft.actors.first), None, draft.actors.score)
    return [
        replace(
            c,
            features=tuple(_features(parsed, signs, c)),
            drafts=tuple(sorted(_of(c, signs.drafts), key=lambda draft: -draft.confidence)),
            borne=tuple(_borne(c, signs.drafts)),
        )
        for c in found.values()
    ]


def _of(candidate: Candidate, drafts: Sequence[Draft]) -> list[Draft]:
    return [draft for draft in drafts if candidate.codes & _codes(draft.actors)]


def _borne(candidate: Candidate, drafts: Sequence[Draft]) -> list[Draft]:
    return [
        draft
        for draft in drafts
        if candidate.codes & _codes(draft.recipients) and not candidate.codes & _codes(draft.actors)
    ]


def _codes(found: Found) -> frozenset[str]:
    return frozenset(ref.code or ref.text.lower() for ref in found.refs)


def _features(parsed: Parsed, signs: Signs, candidate: Candidate) -> Iterator[str]:
    words = masked(parsed, candidate)
    yield "bias"
    yield f"kind={candidate.actors.refs[0].kind}"
    yield f"coded={candidate.actors.refs[0].code is not None}"
    order = [p.first for p in parsed.parties]
    for first, last in candidate.spans:
        place = min(order.index(first) if first in order else len(order), 3)
        yield f"place={place}"
        yield f"role={parsed.party_of[first].role if first in parsed.party_of else 'none'}"
        if first in parsed.party_of and parsed.party_of[first].possessive:
            yield "possessive"
        after = words[last + 1 : last + 1 + _AROUND]
        before = words[max(0, first - 3) : first]
        yield from (f"after{n}={w}" for n, w in enumerate(after))
        yield from (f"after={w}" for w in after)
        yield "after=" + "_".join(after[:2])
        yield "after=" + "_".join(after[:3])
        yield from (f"before{n}={w}" for n, w in enumerate(reversed(before)))
        yield "before=" + "_".join(before[-2:])
        verb = next((w for w in after if w not in AUXILIARY | ADVERB | DETERMINER), None)
        yield f"verb={verb}"
        tail = words[last + 1 : last + _LONGEST]
        yield from _grams("tail", tail)
        yield from (f"head:{w}" for w in words[:first])
    for segment in candidate.speaks:
        said = words[segment.first : segment.last + 1][:_LONGEST]
        yield f"says={segment.verb}"
        yield f"says.quoted={segment.quoted}"
        yield from _grams("said", said)
        yield f"said.first={' '.join(said[:1])}"
        yield f"said.own={'@' in said}"
        yield f"said.other={'O' in said}"
        yield from (
            f"said.stance={s.pattern.event_type}"
            for s in signs.stances
            if segment.first <= s.first and s.last <= segment.last
        )
        yield from (
            f"said.trigger={t.pattern.event_type}"
            for t in signs.triggers
            if segment.first <= t.first and t.last <= segment.last
        )
    if not candidate.speaks:
        yield "silent"
        yield f"silent.others={any(s.speaker is not None for s in signs.segments)}"
    for trigger in signs.triggers:
        yield f"trigger={trigger.pattern.event_type}"
        for _, last in candidate.spans:
            if 0 < trigger.first - last <= 6:
                yield f"trigger.after={trigger.pattern.event_type}:{trigger.passive}"
    yield from _grams("all", words[:_LONGEST])
    for draft in signs.drafts:
        codes, whom = _codes(draft.actors), _codes(draft.recipients)
        mood = draft.modality
        if codes & candidate.codes:
            yield f"draft={draft.event_type}"
            yield f"draft={draft.event_type}:{mood}"
            yield f"draft.sure={draft.event_type}:{draft.confidence > 0.7}"
            yield f"draft.whom={bool(whom)}"
            yield f"draft.speaker={draft.speaker is not None}"
        if whom & candidate.codes:
            yield f"draft.whom={draft.event_type}"
    if not signs.drafts:
        yield "no draft"


def masked(parsed: Parsed, candidate: Candidate) -> list[str]:
    """The words of the sentence in lower case; of a party one sign: @ for the candidate, O for others."""
    own = {i for first, last in candidate.spans for i in range(first, last + 1)}
    words = []
    for i, token in enumerate(parsed.tokens):
        party = parsed.party_of.get(i)
        if i in own or (party is not None and party.ref.code in candidate.codes):
            words.append("@")
        elif party is not None:
            words.append("O" if party.ref.code else "U")
        else:
            words.append("0" if token.low[:1].isdigit() else token.low)
    return words


def _grams(name: str, words: Sequence[str]) -> Iterator[str]:
    yield from (f"{name}:{w}" for w in words)
    yield from (f"{name}:{one}_{other}" for one, other in pairwise(words))
