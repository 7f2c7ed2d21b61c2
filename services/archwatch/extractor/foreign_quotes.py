"""Quotations in languages whose verbs of saying are known only by their beginnings."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Final

from archwatch.contracts.event import ActorRef
from archwatch.extractor.lexicon import ForeignLexicon
from archwatch.extractor.marks import Quotation
from archwatch.extractor.parsed import Parsed
from archwatch.extractor.speakers import voice_after, voice_before

_LABEL: Final = 2  # up to so many words between marks are a label, not a quotation
_ALONE: Final = 5  # with nobody named as speaking, up to so many are one as well
_NEAR: Final = 14  # words between a quotation and its verb of saying

Told = tuple[ActorRef | None, str | None]


def foreign_quotations(
    text: str, sentences: list[Parsed], marks: list[Quotation], foreign: ForeignLexicon
) -> Iterator[tuple[Quotation, ActorRef | None, str | None]]:
    """Quotations with the party beside the nearest verb of saying, and that verb as written."""
    starts = [p.sentence.start for p in sentences]
    previous: tuple[int, Told] | None = None
    for mark in marks:
        words = len(text[mark.start : mark.end].split())
        if words <= _LABEL:
            continue
        at, last = bisect_right(starts, mark.start) - 1, bisect_right(starts, mark.end - 1) - 1
        inside = sentences[last]
        after = bisect_left(inside.tokens, mark.end + 1, key=lambda t: t.start)
        told = _near(inside, range(after, min(after + _NEAR, len(inside.tokens))), foreign)
        if told[0] is None:
            before = bisect_left(sentences[at].tokens, mark.start, key=lambda t: t.end)
            told = _near(sentences[at], range(before - 1, -1, -1), foreign)
        paragraph = inside.sentence.paragraph
        if told[0] is None and previous and previous[0] == paragraph and words >= _ALONE:
            told = previous[1]
        if told[0] is None and words <= _ALONE:
            continue
        if told[0] is not None:
            previous = (paragraph, told)
        yield mark, *told


def _near(parsed: Parsed, order: range, foreign: ForeignLexicon) -> Told:
    for i in order:
        low = parsed.low(i)
        if parsed.tokens[i].named is not None or not low.startswith(foreign.saying):
            continue
        stop = order.start if order.step > 0 else 0
        voice = voice_before(parsed, i, stop) or voice_after(parsed, i + 1, len(parsed.tokens) - 1)
        if voice is not None and (voice.ref.code or voice.ref.name):
            return voice.ref, low
        party = parsed.party_of.get(i + 1) or parsed.party_of.get(i - 1)
        if party is not None and party.role != "adjective":
            return party.ref, low
    return None, None
