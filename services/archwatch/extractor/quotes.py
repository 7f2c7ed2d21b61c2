"""Quotations and who is quoted: what stands between marks, and what verbs of saying report.

What counts as one quote:

- A quotation that stands by itself ("...", she said) is direct; its span is what is between the marks, over
  several sentences and paragraphs where they run on. "...", she said, "..." are two.
- A statement that a verb of saying governs (she said that ...) is one quote: the whole reported clause. Words in
  marks inside it (she said the offer was "quite unacceptable") belong to it and are not a second quote. Its kind is
  direct when at least three words in a row are the speaker's own, in marks; else it is indirect.
- Words in marks that no verb of saying governs are a quote when a verb names them (called it "a step too far")
  or they are many; one or two words, and names and titles, are labels.
- A quotation inside a quotation is a quote of its own only as a statement of another speaker.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from archwatch.contracts.event import ActorRef, Quote, Speaker
from archwatch.extractor.lexicon import ForeignLexicon, Lexicon
from archwatch.extractor.marks import Quotation, quotations
from archwatch.extractor.parsed import Parsed
from archwatch.extractor.parties import Memory
from archwatch.extractor.reference import Talk
from archwatch.extractor.speakers import Voice, group_between, speaks, voice_after, voice_before
from archwatch.extractor.statements import LABEL_FORMS, Statement, is_finite, statements
from archwatch.extractor.words import PREPOSITION

_OWN_WORDS: Final = 3  # so many words in a row in marks make a reported statement direct
_UNGOVERNED: Final = 5  # words in marks without a verb of saying: fewer are a label
_NEAR: Final = 14
_DASHES: Final = frozenset("-–—−")
_LOWER: Final = re.compile(r"\b[a-z]{3,}")
_TRANSCRIPT: Final = re.compile(r"^([A-Z][A-Z.’'\-]+(?: [A-Z][A-Z.’'\-]+){0,3}|Q|A): (?=\S)")


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
    foreign: ForeignLexicon | None,
) -> list[Found]:
    """The quotations of a text in order. `memories`: what was known when each sentence began."""
    if not sentences:
        return []
    marks = [q for q in quotations(text) if _stands(text, q, sentences)]
    if foreign is not None:
        found = list(_foreign(text, sentences, marks, memories, foreign))
    else:
        found = _Reader(text, sentences, lexicon, memories, marks).run()
    return sorted(found, key=lambda f: (f.quote.start, f.quote.end))


def _stands(text: str, quotation: Quotation, sentences: list[Parsed]) -> bool:
    """Whether the quotation begins in a sentence of the story, not in boilerplate."""
    at = bisect_right(sentences, quotation.start, key=lambda p: p.sentence.start) - 1
    return at >= 0 and quotation.start < sentences[at].sentence.end


@dataclass
class _Sentence:
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


class _Reader:
    def __init__(
        self,
        text: str,
        sentences: list[Parsed],
        lexicon: Lexicon,
        memories: list[Memory],
        marks: list[Quotation],
    ) -> None:
        self.text, self.marks, self.lexicon = text, marks, lexicon
        self.sentences = [_Sentence(parsed) for parsed in sentences]
        self._lay(marks)
        for sentence in self.sentences:
            sentence.said = statements(sentence.parsed, lexicon, sentence.ranges)
        self.talk = Talk(
            [s.parsed for s in self.sentences], [s.ranges for s in self.sentences], memories, lexicon
        )
        self.transcript = sum(bool(_TRANSCRIPT.match(p.sentence.text)) for p in sentences) > 1
        self.done: set[int] = set()
        self.last: tuple[int, ActorRef, str | None] | None = None  # paragraph, speaker, verb

    def _lay(self, marks: Sequence[Quotation]) -> None:
        begins = [s.parsed.sentence.end for s in self.sentences]
        for n, mark in enumerate(marks):
            k = bisect_right(begins, mark.start)
            while k < len(self.sentences) and self.sentences[k].parsed.sentence.start < mark.end:
                tokens = self.sentences[k].parsed.tokens
                first = bisect_left(tokens, mark.start, key=lambda t: t.start)
                last = bisect_right(tokens, mark.end, key=lambda t: t.end) - 1
                if first <= last:
                    self.sentences[k].marks.append(n)
                    self.sentences[k].ranges.append((first, last))
                k += 1

    def run(self) -> list[Found]:
        found: list[Found] = []
        for k, sentence in enumerate(self.sentences):
            found += self._sentence(k, sentence)
        return found

    def _sentence(self, k: int, sentence: _Sentence) -> Iterator[Found]:
        parsed = sentence.parsed
        told = self._told(k, sentence)
        if told is not None:
            yield told
            return
        for statement in sorted(sentence.said, key=lambda s: s.last - s.first):
            speaker = self.talk.resolved(k, statement)
            if speaker is None:
                continue
            for found in self._statement(k, sentence, statement, speaker):
                self.talk.remember(k, statement.at, speaker)
                yield found
            if (
                not statement.reports and not statement.empty
            ):  # a label or two: spoken all the same, if nobody else
                self.talk.remember(k, statement.at + len(parsed.tokens), speaker)
        for n, (first, last) in zip(sentence.marks, sentence.ranges, strict=True):
            mark = self.marks[n]
            if n in self.done or mark.end > parsed.sentence.end + 1:
                continue  # the sentence in which it ends knows more
            found = self._ungoverned(k, sentence, n, first, last)
            if found is not None:
                yield found

    # -- what a verb of saying governs

    def _statement(self, k: int, sentence: _Sentence, said: Statement, speaker: ActorRef) -> Iterator[Found]:
        parsed = sentence.parsed
        paragraph = parsed.sentence.paragraph
        inside = [
            (n, first, last)
            for n, (first, last) in zip(sentence.marks, sentence.ranges, strict=True)
            if not said.empty and said.first <= last and first <= said.last
        ]
        if said.empty:
            inside = self._beside(sentence, said)
        if not said.reports and not said.empty and not inside:
            return
        whole = bool(inside) and self._whole(sentence, said, inside)
        if said.verb in LABEL_FORMS.values() or not said.reports:
            whole = bool(inside)
        if whole:
            for n, _, _ in inside:
                if n in self.done:
                    continue
                mark = self.marks[n]
                alone = len(self.text[mark.start : mark.end].split())
                least = 2 if said.reports else _OWN_WORDS
                self.done.add(n)
                if alone < least or (alone < 5 and said.verb in LABEL_FORMS.values() and self._title(mark)):
                    continue
                self.last = (paragraph, speaker, said.verb)
                yield self._found(mark.start, mark.end, speaker, said.verb, "direct")
            return
        if said.empty or not said.reports or whole:
            return
        start, end = self._span(sentence, said, inside)
        if end <= start or len(re.findall(r"\w+", self.text[start:end])) < _OWN_WORDS:
            return
        own = max(
            (len(self.text[self.marks[n].start : self.marks[n].end].split()) for n, _, _ in inside), default=0
        )
        for n, _, _ in inside:
            self.done.add(n)
        self.last = (paragraph, speaker, said.verb)
        yield self._found(start, end, speaker, said.verb, "direct" if own >= _OWN_WORDS else "indirect")

    def _beside(self, sentence: _Sentence, said: Statement) -> list[tuple[int, int, int]]:
        """The quotation that stands right before the words of saying, when nothing that is said follows them."""
        size = len(sentence.parsed.tokens)
        voice_first = min(said.at, said.voice.first if said.voice else said.at)
        found = []
        for n, (first, last) in zip(sentence.marks, sentence.ranges, strict=True):
            gap = [sentence.parsed.tokens[m].text for m in range(last + 1, min(voice_first, size))]
            if last < said.at and not any(t[0].isalnum() and t not in ("the", "The", "a", "A") for t in gap):
                found.append((n, first, last))
        return found[-1:]

    def _whole(self, sentence: _Sentence, said: Statement, inside: list[tuple[int, int, int]]) -> bool:
        """Whether what is said is the quotation itself, not a clause with some words of it in marks."""
        tokens = sentence.parsed.tokens
        covered = {m for _, first, last in inside for m in range(first, last + 1)}
        if said.voice is not None and not said.after:  # "...", he said, "..."
            covered.update(range(min(said.voice.first, said.at), max(said.voice.last, said.at) + 1))
        outside = [
            m for m in range(said.first, said.last + 1) if m not in covered and tokens[m].text[0].isalnum()
        ]
        if not outside:
            return True
        n, first, last = inside[0]
        quoted = self.text[self.marks[n].start : self.marks[n].end]
        sentence_like = quoted[:1].isupper() and len(quoted.split()) >= 5
        if self.marks[n].start < sentence.parsed.sentence.start:
            return True
        opening = all(m > last for m in outside)
        if said.after and opening and len(quoted.split()) >= 4:
            if (
                sentence_like
                or quoted[-1:] in ".!?,"
                or not any(is_finite(sentence.parsed, self.lexicon, m) for m in outside)
            ):
                return True
        if (
            not said.after
            and not opening
            and quoted[-1:] in ",?!"
            and sentence.parsed.low(first - 2) in (",", "—", "–")
        ):
            return inside[-1][2] >= said.last - 1
        colon = sentence.parsed.low(first - 2) == ":" or sentence.parsed.low(first - 1) == ":"
        if colon and sentence_like:
            return True
        return False

    def _span(
        self, sentence: _Sentence, said: Statement, inside: list[tuple[int, int, int]]
    ) -> tuple[int, int]:
        tokens = sentence.parsed.tokens
        start, end = tokens[said.first].start, tokens[said.last].end
        if inside and inside[-1][2] >= said.last - 1:
            end = max(end, self.marks[inside[-1][0]].end)  # the quotation goes on in the next sentence
        while start < end and self.text[start] in ",:;–— ":
            start += 1
        while end > start and self.text[end - 1] in ".,;:–— ":
            end -= 1
        return self._between_marks(start, end)

    def _between_marks(self, start: int, end: int) -> tuple[int, int]:
        """Without a mark whose other half is not inside; without both where the whole stands in them."""
        first = bisect_left(self.marks, start, key=lambda q: q.start)
        last = bisect_right(self.marks, end, key=lambda q: q.start) - 1
        if (
            first < len(self.marks)
            and self.marks[first].start == start + 1
            and self.marks[first].end >= end - 2
        ):
            start += 1
        if self.text[end - 1] in '"”»’' and not (0 <= last and start < self.marks[last].start <= end):
            end -= 1
        if (
            0 <= last
            and start < self.marks[last].start
            and self.marks[last].end == end
            and end < len(self.text)
        ):
            end += self.text[end] in "\"”»“’'"
        return start, end

    # -- what stands in marks without one

    def _ungoverned(self, k: int, sentence: _Sentence, n: int, first: int, last: int) -> Found | None:
        mark = self.marks[n]
        parsed = sentence.parsed
        words = len(self.text[mark.start : mark.end].split())
        speaker, verb, sure = self._beside_alone(k, sentence, n, first, last)
        if speaker is None and words >= _UNGOVERNED and self._opens_paragraph(mark) and sentence.bare:
            speaker, verb, sure = self._continued(k, mark)
        if speaker is None and (words < _UNGOVERNED or not self._sentence_like(mark)):
            if words < _UNGOVERNED or self._title(mark) or sentence.bare:
                return None
            subject = self.talk.subject(k)
            if subject is None:
                return None
            speaker = subject
        if speaker is None and sentence.bare and k and self._sentence_like(mark):
            before = self.sentences[k - 1].parsed.sentence
            speaker = self.talk.subject(k - 1) if before.paragraph == parsed.sentence.paragraph else None
        if speaker is None and not sentence.bare and self.text[mark.end - 1] not in ".,!?":
            return None
        if words < (2 if sure else _UNGOVERNED) or (self._title(mark) and not sure):
            return None
        self.done.add(n)
        if speaker is not None:
            self.last = (parsed.sentence.paragraph, speaker, verb)
        return self._found(mark.start, mark.end, speaker, verb, "direct")

    def _beside_alone(
        self, k: int, sentence: _Sentence, n: int, first: int, last: int
    ) -> tuple[ActorRef | None, str | None, bool]:
        """Who is quoted by position: "X: ...", "... - X", the sentence before that ends in a colon, the next one
        that is nothing but "he asked", the speaker of the quotation before."""
        parsed = sentence.parsed
        mark = self.marks[n]
        begun = self._begun_in(k, mark)
        head = self.sentences[begun].parsed
        at = next((i for i, t in enumerate(head.tokens) if t.end > mark.start), 0)
        before = at - 2
        while before >= 0 and head.low(before) == ",":
            before -= 1
        if (
            before > 0
            and head.low(before) == ":"
            and (voice := group_between(head, 0, before - 1))
            and speaks(voice)
        ):
            return self.talk.of(begun, voice), None, True
        if last + 2 < len(parsed.tokens):
            dash = next(
                (m for m in range(last + 1, min(last + 4, len(parsed.tokens))) if parsed.low(m) in _DASHES),
                None,
            )
            if (
                dash is not None
                and (voice := voice_after(parsed, dash + 1, len(parsed.tokens) - 1))
                and speaks(voice)
            ):
                if voice.ref.name and parsed.tokens[voice.first].start - mark.end < 8:
                    return self.talk.of(k, voice), None, True
        if begun > 0 and all(not t.text[0].isalnum() for t in head.tokens[:at]):
            previous = self.sentences[begun - 1]
            if previous.parsed.sentence.text.rstrip()[-1:] == ":" and previous.parsed.sentence.kind == "body":
                for said in reversed(previous.said):
                    if (speaker := self.talk.resolved(begun - 1, said)) is not None:
                        return speaker, said.verb, True
                if (subject := self.talk.subject(begun - 1)) is not None:
                    return subject, None, True
        following = self.sentences[k + 1] if k + 1 < len(self.sentences) else None
        if (
            following is not None
            and not any(t.text[0].isalnum() for t in parsed.tokens[last + 1 :])
            and following.parsed.sentence.paragraph == parsed.sentence.paragraph
            and len(following.parsed.tokens) <= _NEAR
            and not following.ranges
        ):
            said = next((s for s in following.said if s.empty and s.at <= 5), None)
            if said is not None and (speaker := self.talk.resolved(k + 1, said)) is not None:
                return speaker, said.verb, True
        paragraphs = (parsed.sentence.paragraph, head.sentence.paragraph)
        if self.last is not None and self.last[0] in paragraphs and self._sentence_like(mark):
            return self.last[1], self.last[2], True
        return None, None, False

    def _continued(self, k: int, mark: Quotation) -> tuple[ActorRef | None, str | None, bool]:
        """A paragraph that is only a quotation goes on with the speaker of the paragraph before."""
        begun = self._begun_in(k, mark)
        paragraph = self.sentences[begun].parsed.sentence.paragraph
        before = self.sentences[begun - 1].parsed.sentence if begun else None
        if before is None or before.kind == "headline":
            return None, None, False
        if self.last is not None and self.last[0] >= before.paragraph and paragraph - self.last[0] <= 2:
            return self.last[1], self.last[2], True
        subject = self.talk.subject(begun - 1)
        return subject, None, subject is not None

    def _told(self, k: int, sentence: _Sentence) -> Found | None:
        """ "AMY GOODMAN: ..." in a transcript and "Lavrov: talks are over" in a headline: the rest is told."""
        parsed = sentence.parsed
        s = parsed.sentence
        if self.transcript and (match := _TRANSCRIPT.match(s.text)):
            end = self._paragraph_end(k)
            if s.kind == "body" and end - s.start > 40:
                name = match.group(1)
                ref = ActorRef(
                    text=name, start=s.start, end=s.start + len(name), name=name.title(), kind="person"
                )
                for n, mark in enumerate(self.marks):
                    if s.start <= mark.start < end:
                        self.done.add(n)
                return self._found(s.start + match.end(), end, ref, None, "direct")
        colon = next((i for i in range(1, min(9, len(parsed.tokens) - 2)) if parsed.low(i) == ":"), None)
        if colon is not None and not any(first <= colon <= last for first, last in sentence.ranges):
            voice = group_between(parsed, 0, colon - 1)
            verbs = any(
                is_finite(parsed, self.lexicon, m) or parsed.low(m) in self.lexicon.saying
                for m in range(colon)
            )
            if (
                voice is not None
                and not verbs
                and self._may_tell(voice)
                and (s.kind == "headline" or voice.ref.kind != "state")
            ):
                return self._rest(sentence, colon + 1, len(parsed.tokens) - 1, self.talk.of(k, voice))
        if s.kind == "headline":
            for i in range(len(parsed.tokens) - 2, max(2, len(parsed.tokens) - 8), -1):
                if parsed.low(i) in _DASHES and parsed.tokens[i].start > parsed.tokens[i - 1].end:
                    voice = group_between(parsed, i + 1, len(parsed.tokens) - 1)
                    if voice is not None and self._may_tell(voice):
                        return self._rest(sentence, 0, i - 1, self.talk.of(k, voice))
        return None

    def _rest(self, sentence: _Sentence, first: int, last: int, speaker: ActorRef | None) -> Found | None:
        tokens = sentence.parsed.tokens
        if speaker is None or last - first < 2:
            return None
        start, end = tokens[first].start, tokens[last].end
        inside = [n for n in sentence.marks if start <= self.marks[n].start < end]
        own = max(
            (len(self.text[self.marks[n].start : self.marks[n].end].split()) for n in inside), default=0
        )
        self.done.update(inside)
        self.last = (sentence.parsed.sentence.paragraph, speaker, None)
        while start < end and self.text[start] in "\"“‘' ":
            start += 1
        while end > start and self.text[end - 1] in "\"”’'. ":
            end -= 1
        return self._found(start, end, speaker, None, "direct" if own >= _OWN_WORDS else "indirect")

    def _may_tell(self, voice: Voice) -> bool:
        ref = voice.ref
        if ref.kind in ("person", "state", "organisation", "alliance", "bloc"):
            return ref.kind == "person" or bool(ref.code)
        return speaks(voice) and voice.last - voice.first <= 4 and ref.kind == "group"

    def _paragraph_end(self, k: int) -> int:
        paragraph = self.sentences[k].parsed.sentence.paragraph
        while k + 1 < len(self.sentences) and self.sentences[k + 1].parsed.sentence.paragraph == paragraph:
            k += 1
        return self.sentences[k].parsed.sentence.end

    def _begun_in(self, k: int, mark: Quotation) -> int:
        while k > 0 and self.sentences[k].parsed.sentence.start > mark.start:
            k -= 1
        return k

    def _opens_paragraph(self, mark: Quotation) -> bool:
        line = self.text.rfind("\n", 0, mark.start) + 1
        return not any(c.isalnum() for c in self.text[line : mark.start])

    def _sentence_like(self, mark: Quotation) -> bool:
        quoted = self.text[mark.start : mark.end].strip()
        return (
            len(quoted.split()) >= 3
            and (quoted[:1].isupper() or not quoted[:1].isalpha())
            and not self._title(mark)
        )

    def _title(self, mark: Quotation) -> bool:
        """Whether the words are set as a title: In Names We Trust."""
        words = [
            w
            for w in re.findall(r"[^\W\d_]\w+", self.text[mark.start : mark.end])
            if w.lower() not in PREPOSITION
        ]
        words = [w for w in words if len(w) > 3] or words
        return len(words) < 12 and all(w[0].isupper() for w in words)

    def _found(self, start: int, end: int, speaker: ActorRef | None, verb: str | None, kind: str) -> Found:
        return Found(_quote(self.text, start, end, speaker, verb, kind), speaker)


def _foreign(
    text: str,
    sentences: list[Parsed],
    marks: list[Quotation],
    memories: list[Memory],
    foreign: ForeignLexicon,
) -> Iterator[Found]:
    """Other languages: quotations of three words and more, with the party beside the nearest verb of saying."""
    starts = [p.sentence.start for p in sentences]
    previous: tuple[int, ActorRef, str | None] | None = None
    for mark in marks:
        words = len(text[mark.start : mark.end].split())
        if words < _OWN_WORDS:
            continue
        at, last = bisect_right(starts, mark.start) - 1, bisect_right(starts, mark.end - 1) - 1
        inside = sentences[last]
        after = bisect_left(inside.tokens, mark.end + 1, key=lambda t: t.start)
        found = _near(inside, range(after, min(after + _NEAR, len(inside.tokens))), memories[last], foreign)
        if found[0] is None:
            before = bisect_left(sentences[at].tokens, mark.start, key=lambda t: t.end)
            found = _near(sentences[at], range(before - 1, -1, -1), memories[at], foreign)
        paragraph = sentences[last].sentence.paragraph
        if found[0] is None and previous and previous[0] == paragraph and words >= _UNGOVERNED:
            found = previous[1:]
        if found[0] is None and words <= _UNGOVERNED:
            continue
        if found[0] is not None:
            previous = (paragraph, found[0], found[1])
        yield Found(_quote(text, mark.start, mark.end, found[0], found[1], "direct"), found[0])


def _near(
    parsed: Parsed, order: range, memory: Memory, foreign: ForeignLexicon
) -> tuple[ActorRef | None, str | None]:
    for i in order:
        low = parsed.low(i)
        if parsed.tokens[i].named is not None or not low.startswith(foreign.saying):
            continue
        voice = voice_before(parsed, i, order.start if order.step > 0 else 0) or voice_after(
            parsed, i + 1, len(parsed.tokens) - 1
        )
        if voice is not None and (voice.ref.code or voice.ref.name):
            return voice.ref, low
        party = parsed.party_of.get(i + 1) or parsed.party_of.get(i - 1)
        if party is not None and party.role != "adjective":
            return party.ref, low
    return None, None


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
