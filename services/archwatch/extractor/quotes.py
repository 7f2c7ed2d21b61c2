"""Quotations and who is quoted: what stands between marks, and what verbs of saying report.

What counts as one quote:

- A quotation that stands by itself ("...", she said) is direct; its span is what is between the marks, over
  several sentences and paragraphs where they run on. "...", she said, "..." are two.
- A statement that a verb of saying governs (she said that ...) is one quote: the whole reported clause. Words
  in marks inside it (she said the offer was "quite unacceptable") belong to it and are not a second quote.
  Its kind is direct when at least three words in a row are the speaker's own, in marks; else it is indirect.
- Words in marks that no verb of saying governs are a quote when a verb names them (called it "a step too
  far") or they are many; one or two words, and names and titles, are labels.
- A quotation inside a quotation is a quote of its own only as a statement of another speaker.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from archwatch.contracts.event import ActorRef, Quote, Speaker
from archwatch.extractor.clauses import is_finite
from archwatch.extractor.foreign.grammar import Grammar
from archwatch.extractor.foreign.quotations import foreign_quotations
from archwatch.extractor.laid import Laid, Page
from archwatch.extractor.lexicon import Lexicon
from archwatch.extractor.marks import Quotation, quotations
from archwatch.extractor.parsed import Parsed
from archwatch.extractor.parties import Memory
from archwatch.extractor.reference import Talk
from archwatch.extractor.speakers import Voice, group_between, speaks, voice_after
from archwatch.extractor.statements import LABEL_FORMS, Statement

_OWN_WORDS: Final = 3  # so many words in a row in marks make a reported statement direct
_UNGOVERNED: Final = 5  # words in marks without a verb of saying: fewer are a label
_NEAR: Final = 14  # tokens of a sentence that is only "he asked in Vienna"
_DASHES: Final = frozenset("-–—−")
_LABELS: Final = frozenset(LABEL_FORMS.values())
_TRANSCRIPT: Final = re.compile(r"^([A-Z][A-Z.’'\-]+(?: [A-Z][A-Z.’'\-]+){0,3}|Q|A): (?=\S)")

Kind = Literal["direct", "indirect"]
Told = tuple[ActorRef | None, str | None]
Inside = list[tuple[int, int, int]]  # quotations by place, with their tokens [first, last] in the sentence


@dataclass(frozen=True)
class Found:
    """A quotation with the speaker as a party, for attributing what is coded inside it."""

    quote: Quote
    speaker: ActorRef | None


def as_speaker(ref: ActorRef) -> Speaker:
    """The speaker of a quote from a party."""
    titled = (
        ref.name and ref.office and ref.name.lower().endswith(ref.office.lower())
    )  # "Russian foreign minister"
    return Speaker(text=ref.text, name=None if titled else ref.name, code=ref.code, office=ref.office)


def find_quotes(
    text: str,
    sentences: list[Parsed],
    lexicon: Lexicon,
    memories: list[Memory],
    foreign: Grammar | None,
) -> list[Found]:
    """The quotations of a text in order. `memories`: what was known when each sentence began."""
    if not sentences:
        return []
    marks = [q for q in quotations(text) if _stands(q, sentences)]
    if foreign is not None:
        found = [
            Found(_quote(text, mark.start, mark.end, speaker, verb, "direct"), speaker)
            for mark, speaker, verb in foreign_quotations(text, sentences, memories, marks, foreign)
        ]
    else:
        found = _Reader(text, sentences, lexicon, memories, marks).run()
    return sorted(found, key=lambda f: (f.quote.start, f.quote.end))


def _stands(quotation: Quotation, sentences: list[Parsed]) -> bool:
    """Whether the quotation begins in a sentence of the story, not in boilerplate."""
    at = bisect_right(sentences, quotation.start, key=lambda p: p.sentence.start) - 1
    return at >= 0 and quotation.start < sentences[at].sentence.end


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
        self.page = Page(text, sentences, marks, lexicon)
        self.sentences = self.page.sentences
        self.talk = Talk(sentences, [s.ranges for s in self.sentences], memories, lexicon)
        self.transcript = sum(bool(_TRANSCRIPT.match(p.sentence.text)) for p in sentences) > 1
        self.done: set[int] = set()
        self.last: tuple[int, ActorRef, str | None] | None = None  # paragraph, speaker, verb

    def run(self) -> list[Found]:
        found: list[Found] = []
        for k, sentence in enumerate(self.sentences):
            found += self._sentence(k, sentence)
        return found

    def _sentence(self, k: int, sentence: Laid) -> Iterator[Found]:
        parsed = sentence.parsed
        told = self._told(k, sentence)
        if told is not None:
            yield told
            return
        for statement in sorted(sentence.said, key=lambda s: s.last - s.first):
            speaker = self.talk.resolved(k, statement)
            if speaker is None:
                continue
            for found in self._statement(sentence, statement, speaker):
                self.talk.remember(k, statement.at, speaker)
                yield found
            if not statement.reports and not statement.empty:  # a label: spoken too, where nobody else has
                self.talk.remember(k, statement.at + len(parsed.tokens), speaker)
        for n, (_, last) in zip(sentence.marks, sentence.ranges, strict=True):
            mark = self.marks[n]
            if n in self.done or mark.end > parsed.sentence.end + 1:
                continue  # the sentence in which it ends knows more
            alone = self._ungoverned(k, sentence, n, last)
            if alone is not None:
                yield alone

    def _statement(self, sentence: Laid, said: Statement, speaker: ActorRef) -> Iterator[Found]:
        """What a verb of saying governs."""
        inside = self._beside(sentence, said) if said.empty else self._within(sentence, said)
        paragraph = sentence.parsed.sentence.paragraph
        if inside and (not said.reports or self._whole(sentence, said, inside)):
            for n, _, _ in inside:
                if n in self.done:
                    continue
                self.done.add(n)
                words = len(self.page.quoted(n).split())
                label = said.verb in _LABELS and words < _UNGOVERNED and self.page.title(n)
                if words >= (2 if said.reports else _OWN_WORDS) and not label:
                    self.last = (paragraph, speaker, said.verb)
                    yield self._found(self.marks[n].start, self.marks[n].end, speaker, said.verb, "direct")
            return
        if said.empty or not said.reports:
            return
        start, end = self._span(sentence, said, inside)
        if end <= start or len(re.findall(r"\w+", self.text[start:end])) < _OWN_WORDS:
            return
        own = self.page.longest([n for n, _, _ in inside])
        self.done.update(n for n, _, _ in inside)
        self.last = (paragraph, speaker, said.verb)
        yield self._found(start, end, speaker, said.verb, "direct" if own >= _OWN_WORDS else "indirect")

    def _within(self, sentence: Laid, said: Statement) -> Inside:
        """The quotations in what is said."""
        return [
            (n, first, last)
            for n, (first, last) in zip(sentence.marks, sentence.ranges, strict=True)
            if said.first <= last and first <= said.last
        ]

    def _beside(self, sentence: Laid, said: Statement) -> Inside:
        """The quotation that stands right before the words of saying, when nothing said follows them."""
        size = len(sentence.parsed.tokens)
        voice_first = min(said.at, said.voice.first if said.voice else said.at)
        found = []
        for n, (first, last) in zip(sentence.marks, sentence.ranges, strict=True):
            gap = [sentence.parsed.tokens[m].text for m in range(last + 1, min(voice_first, size))]
            if last < said.at and not any(t[0].isalnum() and t not in ("the", "The", "a", "A") for t in gap):
                found.append((n, first, last))
        return found[-1:]

    def _whole(self, sentence: Laid, said: Statement, inside: Inside) -> bool:
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
        quoted = self.page.quoted(n)
        words = len(quoted.split())
        sentence_like = quoted[:1].isupper() and words >= _UNGOVERNED
        if self.marks[n].start < sentence.parsed.sentence.start:
            return True
        if all(m > last for m in outside):
            ended = sentence_like or quoted[-1:] in ".!?,"
            phrase = not any(is_finite(sentence.parsed, self.lexicon, m) for m in outside)
            if said.after and words > _OWN_WORDS and (ended or phrase):
                return True
        elif not said.after and quoted[-1:] in ",?!" and sentence.parsed.low(first - 2) in (",", "—", "–"):
            return inside[-1][2] >= said.last - 1
        return sentence_like and ":" in (sentence.parsed.low(first - 2), sentence.parsed.low(first - 1))

    def _span(self, sentence: Laid, said: Statement, inside: Inside) -> tuple[int, int]:
        tokens = sentence.parsed.tokens
        start, end = tokens[said.first].start, tokens[said.last].end
        if inside and inside[-1][2] >= said.last - 1:
            end = max(end, self.marks[inside[-1][0]].end)  # the quotation goes on in the next sentence
        while start < end and self.text[start] in ",:;–— ":
            start += 1
        while end > start and self.text[end - 1] in ".,;:–— ":
            end -= 1
        return self.page.between_marks(start, end)

    def _ungoverned(self, k: int, sentence: Laid, n: int, last: int) -> Found | None:
        """What stands in marks without a verb of saying, in sentence `k` where it ends at token `last`."""
        mark, parsed = self.marks[n], sentence.parsed
        words = len(self.page.quoted(n).split())
        like, title = self.page.sentence_like(n), self.page.title(n)
        speaker, verb = self._placed(k, sentence, n, last)
        sure = speaker is not None
        if not sure and words >= _UNGOVERNED and sentence.bare and self.page.opens_paragraph(k, n):
            speaker, verb = self._continued(k, n)
            sure = speaker is not None
        if words < (2 if sure else _UNGOVERNED) or (title and not sure):
            return None
        if speaker is None and not like:
            speaker = None if sentence.bare else self.talk.subject(k)
            if speaker is None:
                return None
        if speaker is None and like and sentence.bare and k:
            same = self.sentences[k - 1].parsed.sentence.paragraph == parsed.sentence.paragraph
            speaker = self.talk.subject(k - 1) if same else None
        if speaker is None and not sentence.bare and self.text[mark.end - 1] not in ".,!?":
            return None
        self.done.add(n)
        if speaker is not None:
            self.last = (parsed.sentence.paragraph, speaker, verb)
        return self._found(mark.start, mark.end, speaker, verb, "direct")

    def _placed(self, k: int, sentence: Laid, n: int, last: int) -> Told:
        """Who is quoted by where the quotation stands."""
        begun = self.page.begun_in(k, n)
        head = self.sentences[begun].parsed
        at = next((i for i, t in enumerate(head.tokens) if t.end > self.marks[n].start), 0)
        told = self._before_colon(begun, at)
        if told[0] is None:
            told = self._after_dash(k, n, last)
        if told[0] is None:
            told = self._next_sentence(k, last)
        paragraphs = (sentence.parsed.sentence.paragraph, head.sentence.paragraph)
        if told[0] is None and self.last and self.last[0] in paragraphs and self.page.sentence_like(n):
            told = self.last[1], self.last[2]
        return told

    def _before_colon(self, k: int, at: int) -> Told:
        """ "X: ...", or the sentence before that ends in a colon."""
        head = self.sentences[k].parsed
        before = at - 2
        while before >= 0 and head.low(before) == ",":
            before -= 1
        if before > 0 and head.low(before) == ":":
            voice = group_between(head, 0, before - 1)
            told = self._may_tell(head, voice) if voice and head.sentence.kind == "headline" else True
            if voice is not None and told and speaks(voice):
                return self.talk.of(k, voice), None
        previous = self.sentences[k - 1] if k else None
        if previous is None or any(t.text[0].isalnum() for t in head.tokens[:at]):
            return None, None
        if previous.parsed.sentence.text.rstrip()[-1:] != ":" or previous.parsed.sentence.kind != "body":
            return None, None
        for said in reversed(previous.said):
            if (speaker := self.talk.resolved(k - 1, said)) is not None:
                return speaker, said.verb
        return self.talk.subject(k - 1), None

    def _after_dash(self, k: int, n: int, last: int) -> Told:
        """ "..." — X, the head of Y."""
        parsed = self.sentences[k].parsed
        near = range(last + 1, min(last + 4, len(parsed.tokens) - 1))
        dash = next((m for m in near if parsed.low(m) in _DASHES), None)
        voice = voice_after(parsed, dash + 1, len(parsed.tokens) - 1) if dash is not None else None
        if voice is None or not voice.ref.name or parsed.tokens[voice.first].start - self.marks[n].end > 7:
            return None, None
        return self.talk.of(k, voice), None

    def _next_sentence(self, k: int, last: int) -> Told:
        """ "...?" Then a sentence that is nothing but "he asked"."""
        parsed = self.sentences[k].parsed
        following = self.sentences[k + 1] if k + 1 < len(self.sentences) else None
        if (
            following is None
            or any(t.text[0].isalnum() for t in parsed.tokens[last + 1 :])
            or following.parsed.sentence.paragraph != parsed.sentence.paragraph
            or len(following.parsed.tokens) > _NEAR
            or following.ranges
        ):
            return None, None
        said = next((s for s in following.said if s.empty and s.at <= 5), None)
        return (self.talk.resolved(k + 1, said), said.verb) if said is not None else (None, None)

    def _continued(self, k: int, n: int) -> Told:
        """A paragraph that is only a quotation goes on with the speaker of the paragraph before."""
        begun = self.page.begun_in(k, n)
        paragraph = self.sentences[begun].parsed.sentence.paragraph
        before = self.sentences[begun - 1].parsed.sentence if begun else None
        if before is None or before.kind == "headline":
            return None, None
        if self.last is not None and self.last[0] >= before.paragraph and paragraph - self.last[0] <= 2:
            return self.last[1], self.last[2]
        return self.talk.subject(begun - 1), None

    def _told(self, k: int, sentence: Laid) -> Found | None:
        """ "AMY GOODMAN: ..." in a transcript, "Lavrov: talks are over" in a headline: the rest is told."""
        parsed = sentence.parsed
        tokens, headline = parsed.tokens, parsed.sentence.kind == "headline"
        if self.transcript and not headline and (found := self._turn_of(k)) is not None:
            return found
        colon = next((i for i in range(1, min(9, len(tokens) - 2)) if parsed.low(i) == ":"), None)
        if colon is not None and not any(first <= colon <= last for first, last in sentence.ranges):
            voice = group_between(parsed, 0, colon - 1)
            if (
                voice is not None
                and self._may_tell(parsed, voice)
                and (headline or voice.ref.kind != "state")
            ):
                return self._rest(sentence, colon + 1, len(tokens) - 1, self.talk.of(k, voice))
        for i in range(len(tokens) - 2, max(2, len(tokens) - 8), -1) if headline else ():
            if parsed.low(i) in _DASHES and tokens[i].start > tokens[i - 1].end:
                voice = group_between(parsed, i + 1, len(tokens) - 1)
                if voice is not None and self._may_tell(parsed, voice):
                    return self._rest(sentence, 0, i - 1, self.talk.of(k, voice))
        return None

    def _turn_of(self, k: int) -> Found | None:
        """A speaker's turn in a transcript: the paragraph after the name in capitals."""
        sentence = self.sentences[k].parsed.sentence
        match = _TRANSCRIPT.match(sentence.text)
        end = self.page.paragraph_end(k)
        if match is None or end - sentence.start <= 40:
            return None
        name, start = match.group(1), sentence.start
        ref = ActorRef(text=name, start=start, end=start + len(name), name=name.title(), kind="person")
        first = bisect_left(self.marks, start, key=lambda q: q.start)
        self.done.update(range(first, bisect_left(self.marks, end, key=lambda q: q.start)))
        return self._found(start + match.end(), end, ref, None, "direct")

    def _rest(self, sentence: Laid, first: int, last: int, speaker: ActorRef | None) -> Found | None:
        tokens = sentence.parsed.tokens
        if speaker is None or last - first < 2:
            return None
        start, end = tokens[first].start, tokens[last].end
        inside = [n for n in sentence.marks if start <= self.marks[n].start < end]
        own = self.page.longest(inside)
        self.done.update(inside)
        self.last = (sentence.parsed.sentence.paragraph, speaker, None)
        while start < end and self.text[start] in "\"“‘' ":
            start += 1
        while end > start and self.text[end - 1] in "\"”’'. ":
            end -= 1
        return self._found(start, end, speaker, None, "direct" if own >= _OWN_WORDS else "indirect")

    def _may_tell(self, parsed: Parsed, voice: Voice) -> bool:
        """Whether what a colon or dash sets apart is a speaker: somebody, and no verb in it."""
        words = range(voice.first, voice.last + 1)
        if any(is_finite(parsed, self.lexicon, m) or parsed.low(m) in self.lexicon.saying for m in words):
            return False
        ref = voice.ref
        if ref.kind in ("person", "state", "organisation", "alliance", "bloc"):
            return ref.kind == "person" or bool(ref.code)
        return speaks(voice) and len(words) <= 5 and ref.kind == "group"

    def _found(self, start: int, end: int, speaker: ActorRef | None, verb: str | None, kind: Kind) -> Found:
        return Found(_quote(self.text, start, end, speaker, verb, kind), speaker)


def _quote(text: str, start: int, end: int, speaker: ActorRef | None, verb: str | None, kind: Kind) -> Quote:
    missing = {} if speaker else {"speaker": "nobody is named as saying it"}
    if speaker and speaker.code is None:
        missing["speaker.code"] = "the speaker is not in config/actors.yaml"
    if verb is None:
        missing["verb"] = "no verb of saying stands with it"
    return Quote(
        text=text[start:end], speaker=as_speaker(speaker) if speaker else None, verb=verb,
        kind=kind, start=start, end=end, missing=missing,
    )  # fmt: skip
