"""Quotation marks: which stretches of a text stand between them, however badly the marks are set."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

MAX_QUOTATION: Final = 6_000  # characters; a mark that stays open longer was not one
_LINE: Final = re.compile(r"[^\n]+")
_DOUBLE: Final = re.compile("[“”„«»‟\"]|''|``|&quot;")
_SINGLE: Final = re.compile(r"[‘’']")
_OPEN_ONLY: Final = frozenset({"„", "«", "``"})
_APOSTROPHE: Final = re.compile(r" ?(?:s|t|re|ll|ve|m|d)\b")
_BEFORE_OPENING: Final = frozenset(' \t\u00a0([{—–-/:;,“"')
_SAYING_NEXT: Final = re.compile(
    r"\s?(?:he|she|they|it|said|says|wrote|added|told|[A-Z]\w+ (?:said|says|told))\b"
)
_ENDS: Final = frozenset(".,!?…;)")


@dataclass(frozen=True, slots=True)
class Quotation:
    """A stretch between marks: text[start:end], without the marks themselves."""

    start: int
    end: int
    closed: bool = True


def quotations(text: str) -> list[Quotation]:
    """Quotations in order, without overlap; marks inside a quotation are part of it.

    A mark that opens at the head of the next paragraph, while one is still open, continues the same
    quotation, as newspapers set it. A mark never closed in its paragraph ends with the paragraph. Linear in
    the text.
    """
    found: list[Quotation] = []
    pending: Quotation | None = None  # left open at the end of the paragraph before
    for line in _LINE.finditer(text):
        if line.group().isspace():
            continue
        spans = list(_in_line(text, line.start(), line.end()))
        if pending is not None:
            if (
                spans
                and _heads(text, line.start(), spans[0])
                and spans[0].end - pending.start < MAX_QUOTATION
            ):
                spans[0] = Quotation(pending.start, spans[0].end, spans[0].closed)
            else:
                found.append(pending)
            pending = None
        if spans and not spans[-1].closed:
            pending = spans.pop()
        found += spans
    if pending is not None:
        found.append(pending)
    return [q for q in found if _worded(text, q)]


def _worded(text: str, quotation: Quotation) -> bool:
    return any(text[i].isalnum() for i in range(quotation.start, min(quotation.end, quotation.start + 40)))


def _heads(text: str, line: int, quotation: Quotation) -> bool:
    """Whether a quotation opens the paragraph that begins at `line`."""
    return not text[line : quotation.start - 1].strip()


def _in_line(text: str, begin: int, end: int) -> Iterator[Quotation]:
    """The quotations that begin in one paragraph; one that stays open reaches to its end."""
    opened: int | None = None
    reached = begin
    for mark in _DOUBLE.finditer(text, begin, end):
        if opened is None:
            if _may_open(text, mark, begin, end):
                yield from _singles(text, reached, mark.start())
                opened = mark.end()
            continue
        if _closes(text, mark, end):
            yield Quotation(opened, mark.start())
            opened, reached = None, mark.end()
    if opened is None:
        yield from _singles(text, reached, end)
    else:
        yield Quotation(opened, end, closed=False)


def _may_open(text: str, mark: re.Match[str], begin: int, end: int) -> bool:
    if mark.end() >= end:
        return False
    if mark.group() in _OPEN_ONLY or mark.group() in "“‟":
        return True
    if mark.group() in "”»":  # »German« and broken marks: only before a word, after a blank
        before = text[mark.start() - 1] if mark.start() > begin else " "
        return before in _BEFORE_OPENING and text[mark.end()].isalnum()
    return not text[mark.end()].isspace() or (mark.start() == begin)


def _closes(text: str, mark: re.Match[str], end: int) -> bool:
    sign = mark.group()
    if sign in _OPEN_ONLY:
        return False
    before = text[mark.start() - 1]
    after = text[mark.end()] if mark.end() < end else " "
    if sign in "”»":
        return True
    if before.isspace() or before in "([—":  # it looks as if it opened
        told = bool(_SAYING_NEXT.match(text, mark.end(), min(end, mark.end() + 40)))
        return told or after.isspace() or after in _ENDS
    return True


def _singles(text: str, begin: int, end: int) -> Iterator[Quotation]:
    """‘British’ quotations outside double marks: an apostrophe is none."""
    opened: int | None = None
    for mark in _SINGLE.finditer(text, begin, end):
        at = mark.start()
        before = text[at - 1] if at > begin else " "
        after = text[at + 1] if at + 1 < end else " "
        if opened is None or at - opened > 1_000:
            opened = (
                at + 1 if (before in _BEFORE_OPENING and after.isalnum() and mark.group() != "’") else None
            )
            continue
        if after.isalnum() or before.isspace() or _APOSTROPHE.match(text, at + 1, end):
            continue
        if before == "s" and mark.group() != "‘" and _better_end(text, at + 1, min(end, opened + 400)):
            continue  # "the allies’ plan"
        yield Quotation(opened, at)
        opened = None


def _better_end(text: str, at: int, end: int) -> bool:
    """Whether a mark after a full stop or comma still follows: then this one is a plural's apostrophe."""
    return bool(re.search(r"[.,!?…][’'](?!\w)", text[at:end]))
