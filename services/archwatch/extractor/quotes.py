"""Quotations and who is quoted: direct between quotation marks, indirect after verbs of saying."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from archwatch.contracts.event import ActorRef, Quote, Speaker
from archwatch.extractor.attribution import sayings, subject_of_saying
from archwatch.extractor.foreign import speaker as foreign_speaker
from archwatch.extractor.foreign.grammar import Grammar
from archwatch.extractor.lexicon import Lexicon
from archwatch.extractor.parsed import Parsed
from archwatch.extractor.parties import Memory
from archwatch.extractor.words import ADVERB, AUXILIARY, DETERMINER, PERSON_PRONOUN

_QUOTED: Final = re.compile(
    r"“([^“”\n]{2,2000})”|„([^„“”\n]{2,2000})[“”]|«([^«»\n]{2,2000})»|\"([^\"\n]{2,2000})\""
)
_SINGLE: Final = re.compile(
    r"(?<!\w)[‘']([^‘’'\n]{12,300}(?:[’'](?:s|t|re|ll|ve)\b[^‘’'\n]{0,200})*)[’'](?!\w)"
)
_SCARE_WORDS: Final = 2  # up to so many words between marks are a label, not a quotation
_NEAR: Final = 14


@dataclass(frozen=True)
class Found:
    """A quotation with the speaker as a party, for attributing what is coded inside it."""

    quote: Quote
    speaker: ActorRef | None


def as_speaker(ref: ActorRef) -> Speaker:
    """The speaker of a quote from a party."""
    return Speaker(text=ref.text, name=ref.name, code=ref.code, office=ref.office)


def find_quotes(
    text: str,
    sentences: list[Parsed],
    lexicon: Lexicon,
    memories: list[Memory],
    foreign: Grammar | None,
) -> list[Found]:
    """The quotations of a text in order. `memories`: what was known when each sentence began."""
    direct = list(_direct(text, sentences, lexicon, memories, foreign))
    found = direct + list(_indirect(text, sentences, lexicon, memories, [d.quote for d in direct]))
    return sorted(found, key=lambda f: (f.quote.start, f.quote.end))


def _direct(
    text: str,
    sentences: list[Parsed],
    lexicon: Lexicon,
    memories: list[Memory],
    foreign: Grammar | None,
) -> Iterator[Found]:
    starts = [p.sentence.start for p in sentences]
    previous: tuple[int, ActorRef, str | None] | None = None
    headline = [p.sentence for p in sentences if p.sentence.kind == "headline"]
    spans = [m.span(next(g for g in range(1, 5) if m.group(g) is not None)) for m in _QUOTED.finditer(text)]
    spans += [m.span(1) for s in headline for m in _SINGLE.finditer(text, s.start, s.end)]
    for start, end in sorted(spans):
        words = len(text[start:end].split())
        if words <= _SCARE_WORDS or not starts or start < starts[0]:
            continue
        at = bisect_right(starts, start) - 1
        last = bisect_right(starts, end - 1) - 1
        if start >= sentences[at].sentence.end:
            continue
        speaker, verb = _speaker(sentences, at, last, start, end, lexicon, memories, foreign)
        if speaker is None and previous and previous[0] == sentences[at].sentence.paragraph and words > 4:
            speaker, verb = previous[1], previous[2]
        if speaker is None and words <= 5:
            continue
        if speaker is not None:
            previous = (sentences[last].sentence.paragraph, speaker, verb)
        yield Found(_quote(text, start, end, speaker, verb, "direct"), speaker)


def _speaker(
    sentences: list[Parsed],
    at: int,
    last: int,
    start: int,
    end: int,
    lexicon: Lexicon,
    memories: list[Memory],
    foreign: Grammar | None,
) -> tuple[ActorRef | None, str | None]:
    """Who is quoted: after the quotation, else before it, else at the head of the next sentence."""
    if foreign is not None:
        return foreign_speaker(sentences, memories, at, last, start, end, foreign)
    inside = sentences[last]
    after = next((i for i, t in enumerate(inside.tokens) if t.start >= end + 1), len(inside.tokens))
    found = _around(
        inside, after, min(after + _NEAR, len(inside.tokens)), lexicon, memories[last], foreign, after=True
    )
    if found[0] is None:
        parsed = sentences[at]
        before = next((i for i, t in enumerate(parsed.tokens) if t.end > start), len(parsed.tokens))
        found = _around(parsed, 0, before, lexicon, memories[at], foreign, after=False)
        if found[0] is None and parsed.sentence.kind == "headline":
            found = _headline_speaker(parsed, before)
    if found[0] is None and after >= len(inside.tokens) - 1 and last + 1 < len(sentences):
        following = sentences[last + 1]
        if (
            following.sentence.paragraph == inside.sentence.paragraph
            and following.sentence.text[:1] not in '“"«„'
        ):
            found = _around(
                following, 0, min(6, len(following.tokens)), lexicon, memories[last + 1], foreign, after=True
            )
    return found


def _around(
    parsed: Parsed,
    first: int,
    last: int,
    lexicon: Lexicon,
    memory: Memory,
    foreign: Grammar | None,
    *,
    after: bool,
) -> tuple[ActorRef | None, str | None]:
    order = range(first, last) if after else range(last - 1, first - 1, -1)
    for i in order:
        low = parsed.low(i)
        verb = lexicon.saying.get(low)
        if verb is None and foreign and low.startswith(foreign.saying):
            verb = low
        if low == "according" and parsed.low(i + 1) == "to":
            party = _party_after(parsed, i + 2)
            if party is not None:
                return party, "according to"
        if verb is None or parsed.tokens[i].named is not None:
            continue
        speaker, begin = subject_of_saying(parsed, i, memory)
        if after and (speaker is None or begin < first - 1):
            speaker = _party_after(parsed, i + 1) or (speaker if begin >= first - 1 else None)
            if speaker is None and parsed.low(i + 1) in PERSON_PRONOUN:
                speaker = memory.last_person
        if speaker is None and not after:
            speaker = _party_after(parsed, i + 1) if foreign else None
        if (speaker is not None and speaker.kind != "group") or (speaker is not None and speaker.code):
            return speaker, verb
    return None, None


def _headline_speaker(parsed: Parsed, before: int) -> tuple[ActorRef | None, str | None]:
    parties = [p for p in parsed.parties if p.last < before]
    if parties and parsed.low(parties[-1].last + 1) == ":":
        return parties[-1].ref, None
    tail = parsed.parties[-1] if parsed.parties else None
    if (
        tail is not None
        and tail.last >= len(parsed.tokens) - 2
        and parsed.low(tail.first - 1) in ("-", "–", "—")
    ):
        return tail.ref, None
    return None, None


def _party_after(parsed: Parsed, i: int) -> ActorRef | None:
    while parsed.low(i) in DETERMINER:
        i += 1
    party = parsed.party_of.get(i)
    return party.ref if party is not None and party.role != "adjective" else None


def _indirect(
    text: str, sentences: list[Parsed], lexicon: Lexicon, memories: list[Memory], direct: list[Quote]
) -> Iterator[Found]:
    starts = [q.start for q in direct]
    for parsed, memory in zip(sentences, memories, strict=True):
        if parsed.sentence.kind == "headline":
            continue
        reached = -1
        for said in sayings(parsed, lexicon, memory):
            if said.last - said.first < 3 or (
                said.speaker.kind in ("group", "unknown") and not said.speaker.code
            ):
                continue
            start, end = parsed.tokens[said.first].start, parsed.tokens[said.last].end
            while end > start and text[end - 1] in '.,;”"':
                end -= 1
            k = bisect_right(starts, end) - 1
            if (
                start <= reached
                or (k >= 0 and direct[k].end > start)
                or parsed.low(said.first) in AUXILIARY | ADVERB
                # "told reporters in Kyiv": whom, not what
                or (said.verb == "tell" and parsed.low(said.first - 1) != "that")
            ):
                continue
            reached = end
            yield Found(_quote(text, start, end, said.speaker, said.verb, "indirect"), said.speaker)


def _quote(text: str, start: int, end: int, speaker: ActorRef | None, verb: str | None, kind: str) -> Quote:
    missing = {} if speaker else {"speaker": "nobody is named as saying it"}
    if speaker and speaker.code is None:
        missing["speaker.code"] = "the speaker is not in config/actors.yaml"
    if verb is None:
        missing["verb"] = "no verb of saying stands with it"
    return Quote(
        text=text[start:end], speaker=as_speaker(speaker) if speaker else None, verb=verb,
        kind="direct" if kind == "direct" else "indirect", start=start, end=end, missing=missing,
    )  # fmt: skip
