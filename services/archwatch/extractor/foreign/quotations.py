"""Quotations in other languages: what stands between marks, and who says it."""

from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

from archwatch.contracts.event import ActorRef
from archwatch.extractor.foreign.grammar import Grammar
from archwatch.extractor.foreign.speakers import speaker
from archwatch.extractor.marks import Quotation
from archwatch.extractor.parsed import Parsed
from archwatch.extractor.parties import Memory

_LABEL: Final = 2  # up to so many words between marks are a label, not a quotation
_ALONE: Final = 5  # with nobody named as speaking, up to so many are one as well

Told = tuple[ActorRef | None, str | None]


def foreign_quotations(
    text: str, sentences: list[Parsed], memories: list[Memory], marks: list[Quotation], grammar: Grammar
) -> Iterator[tuple[Quotation, ActorRef | None, str | None]]:
    """Quotations with who says them, and the verb of saying as written."""
    starts = [p.sentence.start for p in sentences]
    previous: tuple[int, Told] | None = None
    for mark in marks:
        words = len(text[mark.start : mark.end].split())
        if words <= _LABEL:
            continue
        at, last = bisect_right(starts, mark.start) - 1, bisect_right(starts, mark.end - 1) - 1
        told = speaker(sentences, memories, at, last, mark.start, mark.end, grammar)
        paragraph = sentences[last].sentence.paragraph
        if told[0] is None and previous and previous[0] == paragraph and words >= _ALONE:
            told = previous[1]
        if told[0] is None and words <= _ALONE:
            continue
        if told[0] is not None:
            previous = (paragraph, told)
        yield mark, *told
