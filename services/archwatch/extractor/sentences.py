"""Cuts a text into sentences with their places, and knows what of it is no sentence of the story."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from archwatch.extractor.boilerplate import dateline, is_boilerplate

MAX_SENTENCE: Final = 1_200  # characters; a longer run without a full stop is cut at a blank
MAX_SENTENCES: Final = 600

SentenceKind = Literal["headline", "body"]

_ABBREVIATION: Final = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Lt|Col|Maj|Capt|Sgt|Adm|Sen|Rep|Gov|Pres|St|Jr|Sr|Inc|Ltd|Co|Corp|vs|No|Nos|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun|approx|etc|e\.g|i\.e|a\.m|p\.m|"
    r"г|гг|ст|им|тыс|млн|млрд|bzw|z\.B|Hr|Nr|M|Mme|Sra?|dl|dna|tzw|np|prof|ул)|\b(?:[A-ZА-ЯІЇЄ]\.)*[A-ZА-ЯІЇЄ])\.$"
)
_END: Final = re.compile(r"[.!?…]+[\"'”’»“)\]]*(?=\s|$)|[.!?…]+[”»\"](?=\s|$)")
# "...?" John Smith of the Guardian asked: the sentence goes on after the question mark.
_ATTRIBUTED: Final = re.compile(
    r"\s+(?:(?:[A-ZÀ-Þ][\w.’'\-]*|the|The|of|a|an|for|minister|president|spokesman|spokeswoman|official),?\s+){1,9}"
    r"(?:said|says|asked|asks|wrote|writes|told|added|tweeted|replied|exclaimed|answered|shouted|declared)\b"
)
# The time before an item of a live blog: "10:32", "9.15am GMT -", "[14:05]".
_STAMP: Final = re.compile(
    r"\s*\[?\d{1,2}[:.]\d{2}\]?(?:\s?[ap]\.?m\.?)?(?:\s?(?:GMT|BST|CES?T|EES?T|ES?T|UTC|MSK))?\s*(?:[-–—:|]\s*|\s)(?=\S)"
)
_LINE: Final = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence without its dateline. Places count characters of the whole text."""

    start: int
    end: int
    text: str
    kind: SentenceKind
    paragraph: int


def split(text: str, *, headline_end: int = 0) -> Iterator[Sentence]:
    """The sentences of `text` in order, at most 600; what ends before `headline_end` is a headline.

    Time is linear in the length of the text: a run without a full stop is cut every 1,200 characters.
    """
    count = 0
    for paragraph, line in enumerate(_LINE.finditer(text)):
        if is_boilerplate(line.group()):
            continue
        kind: SentenceKind = "headline" if line.end() <= headline_end else "body"
        start = line.start() + (dateline(line.group()) if kind == "body" else 0)
        if kind == "body" and (stamp := _STAMP.match(text, start, line.end())):
            start = stamp.end()
        for begin, end in _pieces(text, start, line.end(), whole=kind == "headline"):
            if count == MAX_SENTENCES:
                return
            count += 1
            yield Sentence(begin, end, text[begin:end], kind, paragraph)


def _pieces(text: str, start: int, end: int, *, whole: bool) -> Iterator[tuple[int, int]]:
    position = start
    for stop in _END.finditer(text, start, end):
        if stop.start() < position:
            continue
        head = text[max(position, stop.start() - 12) : stop.start() + 1]
        following = text[stop.end() : stop.end() + 3].lstrip()
        if stop.end() < end:
            if (
                stop.group() == "."
                and _ABBREVIATION.search(head)
                and not _ends_anyway(head, text[stop.end() : stop.end() + 12])
            ):
                continue
            if stop.group().startswith(("...", "…")) and following[:1].islower():
                continue
            if stop.group()[0] in "!?" and len(stop.group()) > 1 and _ATTRIBUTED.match(text, stop.end(), end):
                continue
            if stop.group()[-1] in "\"'”’»" and (following[:1].islower() or whole):
                continue
        yield from _cut(text, position, stop.end())
        position = stop.end()
    yield from _cut(text, position, end)


def _ends_anyway(head: str, following: str) -> bool:
    """ "... by the U.S. The minister": an article or pronoun after an abbreviation opens a sentence."""
    return bool(
        re.search(r"[A-Z]\.[A-Z]\.$", head)
        and re.match(r"\s+(?:The|It|He|She|They|In|On|But|A|This|We)\b", following)
    )


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > MAX_SENTENCE:
        blank = text.rfind(" ", start, start + MAX_SENTENCE)
        middle = blank if blank > start else start + MAX_SENTENCE
        yield from _trimmed(text, start, middle)
        start = middle
    yield from _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end
