"""A text laid out for reading quotations: each sentence with its marks and its verbs of saying."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from archwatch.extractor.lexicon import Lexicon
from archwatch.extractor.marks import Quotation
from archwatch.extractor.parsed import Parsed
from archwatch.extractor.statements import Statement, statements
from archwatch.extractor.words import PREPOSITION


@dataclass
class Laid:
    """A sentence with the marks in it, as indexes of the text's quotations and as tokens [first, last]."""

    parsed: Parsed
    marks: list[int] = field(default_factory=list)
    ranges: list[tuple[int, int]] = field(default_factory=list)
    said: list[Statement] = field(default_factory=list)

    @property
    def bare(self) -> bool:
        """Whether nothing stands in it but quotations."""
        inside = {k for first, last in self.ranges for k in range(first, last + 1)}
        return bool(self.ranges) and not any(
            t.text[0].isalnum() for k, t in enumerate(self.parsed.tokens) if k not in inside
        )


class Page:
    """The sentences of a text in order, and its quotations; `Laid.marks` are places in `marks`."""

    def __init__(
        self, text: str, parsed: Sequence[Parsed], marks: Sequence[Quotation], lexicon: Lexicon
    ) -> None:
        self.text, self.marks = text, marks
        self.sentences = [Laid(p) for p in parsed]
        ends = [p.sentence.end for p in parsed]
        for n, mark in enumerate(marks):
            k = bisect_right(ends, mark.start)
            while k < len(parsed) and parsed[k].sentence.start < mark.end:
                tokens = parsed[k].tokens
                first = bisect_left(tokens, mark.start, key=lambda t: t.start)
                last = bisect_right(tokens, mark.end, key=lambda t: t.end) - 1
                if first <= last:
                    self.sentences[k].marks.append(n)
                    self.sentences[k].ranges.append((first, last))
                k += 1
        for sentence in self.sentences:
            sentence.said = statements(sentence.parsed, lexicon, sentence.ranges)

    def quoted(self, n: int) -> str:
        """The words between marks."""
        return self.text[self.marks[n].start : self.marks[n].end]

    def longest(self, marks: Sequence[int]) -> int:
        """How many words stand in the longest of these quotations."""
        return max((len(self.quoted(n).split()) for n in marks), default=0)

    def begun_in(self, k: int, n: int) -> int:
        """The sentence in which a quotation that ends in sentence `k` began."""
        while k > 0 and self.sentences[k].parsed.sentence.start > self.marks[n].start:
            k -= 1
        return k

    def paragraph_end(self, k: int) -> int:
        """Where the paragraph of sentence `k` ends, in characters."""
        paragraph = self.sentences[k].parsed.sentence.paragraph
        while k + 1 < len(self.sentences) and self.sentences[k + 1].parsed.sentence.paragraph == paragraph:
            k += 1
        return self.sentences[k].parsed.sentence.end

    def opens_paragraph(self, k: int, n: int) -> bool:
        """Whether nothing stands before the quotation in its paragraph; it ends in sentence `k`."""
        k = self.begun_in(k, n)
        sentence = self.sentences[k].parsed.sentence
        if k and self.sentences[k - 1].parsed.sentence.paragraph == sentence.paragraph:
            return False
        return not any(c.isalnum() for c in self.text[sentence.start : self.marks[n].start])

    def sentence_like(self, n: int) -> bool:
        """Whether a quotation reads as somebody's words, not as a term or title."""
        quoted = self.quoted(n).strip()
        opening = quoted[:1].isupper() or not quoted[:1].isalpha()
        return opening and len(quoted.split()) >= 3 and not self.title(n)

    def title(self, n: int) -> bool:
        """Whether the words are set as a title: In Names We Trust."""
        words = [w for w in re.findall(r"[^\W\d_]\w+", self.quoted(n)) if w.lower() not in PREPOSITION]
        words = [w for w in words if len(w) > 3] or words
        return len(words) < 12 and all(w[0].isupper() for w in words)

    def between_marks(self, start: int, end: int) -> tuple[int, int]:
        """A span without a mark whose other half is outside; without both where all stands in them."""
        first = bisect_left(self.marks, start, key=lambda q: q.start)
        last = bisect_right(self.marks, end, key=lambda q: q.start) - 1
        opened = self.marks[first] if first < len(self.marks) else None
        if opened is not None and opened.start == start + 1 and opened.end >= end - 2:
            start += 1
        closed = self.marks[last] if last >= 0 and start < self.marks[last].start <= end else None
        if self.text[end - 1] in "\"”»’'" and closed is None:
            end -= 1
        if closed is not None and closed.end == end < len(self.text):
            end += self.text[end] in "\"”»“’'"
        return start, end
