"""Verbs of saying outside quotation marks: whose they are, and which words of the sentence they report."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from archwatch.extractor.clauses import DASHES, MARKS, Clauses
from archwatch.extractor.inflect import verb_forms
from archwatch.extractor.lexicon import Lexicon
from archwatch.extractor.parsed import Parsed
from archwatch.extractor.speakers import Voice, speaks, voice_after, voice_before
from archwatch.extractor.speech import (
    ACTS,
    DOCUMENTS,
    LABELLING,
    NO_REPORT,
    NOUNS_TOO,
    OPENING_CLAUSE,
    OUTLETS,
)  # fmt: skip
from archwatch.extractor.words import ADVERB, BE, DETERMINER, MODAL, POSSESSIVE, PREPOSITION

_CLOSERS: Final = frozenset({"”", '"', "’", "'", "»", "“", "''"})
LABEL_FORMS: Final = {form: verb for verb in sorted(LABELLING) for form in verb_forms(verb)}


@dataclass(frozen=True, slots=True)
class Statement:
    """`voice` says, by `verb` (its dictionary form) at token `at`, what stands in tokens [first, last].

    first > last: the words said stand elsewhere, in a quotation beside. `after`: they follow the verb.
    """

    voice: Voice | None
    verb: str
    at: int
    first: int
    last: int
    after: bool
    reports: bool = True

    @property
    def empty(self) -> bool:
        return self.first > self.last


def statements(parsed: Parsed, lexicon: Lexicon, quoted: Sequence[tuple[int, int]]) -> list[Statement]:
    """The statements of an English sentence in the order of their verbs; `quoted`: tokens in marks."""
    return _Reader(parsed, lexicon, quoted).run()


class _Reader(Clauses):
    def run(self) -> list[Statement]:
        found: list[Statement] = []
        for i in range(self.size):
            if self.inside[i]:
                continue
            if self.p.low(i) == "according" and self.p.low(i + 1) == "to":
                found += self._according(i)
                continue
            verb = self._verb(i)
            if verb is not None and (statement := self._statement(i, verb, found)) is not None:
                found.append(statement)
        return self._apart(found)

    def _verb(self, i: int) -> str | None:
        """The dictionary form when the token is a verb of saying, not a noun or adjective like it."""
        low, before = self.p.low(i), self.p.low(i - 1)
        verb = self.lexicon.saying.get(low) or LABEL_FORMS.get(low)
        if low in ("reads", "read") and self._document(i):
            verb = "read"
        if verb is None:
            return None
        if (self.p.tokens[i].named is not None or i in self.p.party_of) and self.p.low(i + 1) != "that":
            return None
        if self.p.tokens[i].capital and not self.p.title_case and i:
            return None
        if " " in verb and self.p.low(i + 1) != verb.split()[1]:
            return None
        if before == "as" and low.endswith("ing"):
            return verb if {"quoted", "cited"} & self.lows(i - 12, i) else None
        return None if self._nominal(i, verb) or self._unsaid(i, verb) else verb

    def _nominal(self, i: int, verb: str) -> bool:
        """Whether the word is a noun or adjective here: "a claim", "in reported talks"."""
        low, before, after = self.p.low(i), self.p.low(i - 1), self.p.low(i + 1)
        if before in (DETERMINER | POSSESSIVE | {"more", "no", "'s", "’s"}) - {"all", "both", "this"}:
            return True
        joined = before in ("before", "while") and low.endswith("ing")
        if before in PREPOSITION - {"as", "than", "to"} and not joined and not self.p.is_time(i - 1):
            return True
        if verb not in NOUNS_TOO or low != verb:
            return False
        plural = before.endswith("s") and after in ("that", "the", "it", "they")
        return after in PREPOSITION | {".", ",", "and"} or not (
            plural or before in ("they", "we", "i", "will")
        )

    def _unsaid(self, i: int, verb: str) -> bool:
        """Whether it is passive, or only possible or wished: "was told", "could argue", "to say"."""
        low, before = self.p.low(i), self.p.low(i - 1)
        k = i - 1
        while k > 0 and (self.p.low(k) in ADVERB - MARKS or self.p.low(k).endswith("ly")):
            k -= 1
        if self.p.low(k) in BE - {"'s", "’s"} and not low.endswith("ing"):
            return True
        if low == verb and before in {"let", *MODAL} - {"will", "would", "'ll"}:
            return True
        return before == "to" and not self._went_on(i)

    def _document(self, i: int) -> bool:
        """Whether a letter or statement "reads": a person who reads says nothing."""
        return bool(DOCUMENTS & (self.lows(i - 3, i) | self.lows(i + 1, i + 4)))

    def _went_on(self, i: int) -> bool:
        """ "went on to say", "continues to insist": said all the same."""
        return self.p.low(i - 1) == "to" and (
            self.p.low(i - 2) in ("continued", "continues")
            or (self.p.low(i - 2) == "on" and self.p.low(i - 3) in ("went", "goes", "go"))
        )

    def _statement(self, i: int, verb: str, found: list[Statement]) -> Statement | None:
        p = self.p
        start = self._segment_start(i)
        reports = verb not in NO_REPORT
        if p.low(i - 1) == "as" and p.low(i).endswith("ing"):
            return self._second_hand(i, verb, start)
        inverted = self._inverted(i, start)
        if inverted is not None and i == 0:
            return Statement(inverted, verb, i, *self.range(inverted.last + 2), after=True)
        if inverted is not None:
            first, last = self._before(i, start, i - 1)
            return Statement(inverted, verb, i, first, last, after=False, reports=reports)
        voice = self._subject(i, start, found)
        if voice is None:
            return None
        begin = voice.first
        while p.low(begin - 1) in DETERMINER and begin > start:
            begin -= 1
        aside = p.low(begin - 1) in {",", "(", *DASHES, *MARKS} and begin - 1 >= start
        if verb in LABELLING:
            return Statement(voice, verb, i, *self._labelled(i), after=True, reports=False)
        pressed = (
            aside and i - voice.last <= 4 and not p.low(i).endswith("ing") and self._pressed(begin, start)
        )
        content = self.content(i, verb) if not pressed else None
        if content is not None and (reports or self.inside[content] or self.opens(content)):
            return Statement(voice, verb, i, *self.range(content), after=True, reports=reports)
        beside = None
        if aside and not p.low(i).endswith("ing"):
            beside = self._beside_it(i, verb, start, begin, voice)
        return beside or Statement(voice, verb, i, i + 1, i, after=True, reports=reports)

    def _second_hand(self, i: int, verb: str, start: int) -> Statement | None:
        voice = self._quoted_as(i, start)
        if voice is None:
            return None
        content = self.content(i, verb)
        if content is not None:
            return Statement(voice, verb, i, *self.range(content), after=True)
        first, last = self._before(i, start, voice.first - 1)
        return Statement(voice, verb, i, first, last, after=False)

    def _beside_it(self, i: int, verb: str, start: int, begin: int, voice: Voice) -> Statement | None:
        """ "..., Lavrov said" and "The talks, Lavrov said, are over": it stands before, or around."""
        reports = verb not in NO_REPORT
        tail = i + 1
        while self.p.is_time(tail):
            tail += 1
        around = self.p.low(tail) == "," and self.end - tail > 3 and not self.participle(tail + 1)
        if around and begin - start < 7 and not any(self.inside[start:begin]):
            _, last = self.range(tail + 1)
            return Statement(voice, verb, i, start, last, after=False, reports=reports)
        first, last = self._before(i, start, begin - 1)
        if first > last or not (any(self.inside[first : last + 1]) or self.finite(first, last)):
            return None  # "As evidence of the deal, the minister announced a pause"
        return Statement(voice, verb, i, first, last, after=False, reports=reports)

    def _pressed(self, begin: int, start: int) -> bool:
        """Whether a quotation that ends in a comma stands right before the subject at `begin`."""
        k = begin - 1
        while k > start and not self.inside[k] and self.p.low(k) in MARKS:
            k -= 1
        if k < start or not self.inside[k] or self.p.low(k) not in {",", "?", "!"}:
            return False
        if self.p.low(start) in OPENING_CLAUSE and not self.inside[start]:
            return False  # "Asked about the "so-called red line," he said": not his words
        return all(self.inside[m] for m in range(max(k - 5, start + 1), k))

    def _labelled(self, i: int) -> tuple[int, int]:
        """The words in marks by which a thing is called: "described it as "a plain and simple threat"."""
        first = next((k for k in range(i + 1, min(i + 25, self.size)) if self.inside[k]), None)
        if first is None or any(self.p.low(k) in (";", ":") for k in range(i + 1, first)):
            return i + 1, i
        if any(self.lexicon.saying.get(self.p.low(k)) not in (None, *NO_REPORT) for k in range(i + 1, first)):
            return i + 1, i
        last = first
        while last + 1 < self.size and self.inside[last + 1]:
            last += 1
        return first, last

    def _segment_start(self, i: int) -> int:
        """Where the clause list of the verb begins: after a semicolon or colon outside marks."""
        for k in range(i - 1, -1, -1):
            if not self.inside[k] and self.p.low(k) in (";", ":") and k + 1 <= i:
                return k + 1
        return 0

    def _inverted(self, i: int, start: int) -> Voice | None:
        """ "..., said John Smith": the speaker after the verb, when what is said stands before it."""
        p = self.p
        k = i - 1
        if i == start == 0 and p.low(i) in ("said", "says"):
            voice = voice_after(p, 1, self.end)
            return voice if voice is not None and p.low(voice.last + 1) == ":" and speaks(voice) else None
        if k < start or p.low(i) in ("told", "tells", "tell"):
            return None
        if p.low(k) == "," and p.low(k - 1) in MARKS:
            k -= 1
        voice = voice_after(p, i + 1, self.end)
        if voice is None or self.inside[voice.first]:
            return None
        acts = self.lexicon.saying.get(p.low(i)) in ACTS and not all(self.inside[max(k - 4, 0) : k])
        if p.low(k) in _CLOSERS and not acts and (self.inside[k - 1] or self.inside[k]):
            return voice if not self.finite(voice.last + 1, min(voice.last + 3, self.end)) else None
        if p.low(k) in {",", *DASHES} and k - start >= 3:
            following = p.low(voice.last + 1)
            ended = voice.last >= self.end or following in {
                ",", "in", "on", "at", "after", "who", "during", "to", "as", "of", "from"
            }  # fmt: skip
            alone = bool(voice.ref.name) or not self.finite(voice.last + 1, self.end)
            if ended and speaks(voice) and alone and self.finite(start, k):
                return voice
        return None

    def _subject(self, i: int, start: int, found: list[Statement]) -> Voice | None:
        """Whose verb it is: the noun group before it, else that of the verb it is joined to."""
        p = self.p
        low, before = p.low(i), p.low(i - 1)
        if low.endswith("ing") and before not in BE:
            k = i - 2 if before.endswith("ly") else i - 1
            if p.low(k) in {",", "and", "but", "while", "before", *MARKS, *DASHES} or i == start:
                earlier = [s for s in found if s.voice is not None and s.at >= start]
                return earlier[-1].voice if earlier else self._main_subject(i, start)
            return None
        k = i - 1
        while k >= start and (
            p.low(k) in ("also", "then", "later", "has", "had", "have") or p.low(k).endswith("ly")
        ):
            k -= 1
        if p.low(k) in ("and", "but") or (p.low(k) == "," and p.low(k + 1) != p.low(i)):
            earlier = [s for s in found if s.voice is not None and s.at >= start]
            if earlier:
                return earlier[-1].voice
            return self._main_subject(k, start) if p.low(k) != "," else None
        while self._went_on(i):
            i -= 3 if p.low(i - 2) == "on" else 2
        voice = voice_before(p, i, max(start, self._after_marks(i)))
        if voice is None or not speaks(voice):
            return None
        if voice.pronoun == "it" and self._base(low) in ("suggest", "indicate", "reveal", "signal"):
            return None
        noun = low not in (self._base(low), None) and self._base(low) in NOUNS_TOO and low.endswith("s")
        if noun and not (voice.ref.name or voice.ref.code or p.low(voice.first - 1) in DETERMINER):
            return None
        return voice

    def _base(self, low: str) -> str | None:
        return self.lexicon.saying.get(low)

    def _after_marks(self, i: int) -> int:
        """The first token after the last quotation that ended before `i`."""
        return next((k + 1 for k in range(i - 1, -1, -1) if self.inside[k]), 0)

    def _main_subject(self, i: int, start: int) -> Voice | None:
        """The subject of the first finite verb of the sentence: who also "said", "adding"."""
        for k in range(start + 1, i):
            if not self.inside[k] and self.is_finite(k):
                voice = voice_before(self.p, k, start)
                if voice is not None and speaks(voice):
                    return voice
        return None

    def _quoted_as(self, i: int, start: int) -> Voice | None:
        """ "Lavrov was quoted as saying", "the agency quoted Lavrov as saying": Lavrov."""
        p = self.p
        for k in range(i - 2, max(start, i - 12) - 1, -1):
            if p.low(k) in ("quoted", "cited"):
                return voice_before(p, k, start) if p.low(k - 1) in BE else voice_after(p, k + 1, i - 2)
        return None

    def _before(self, i: int, start: int, stop: int) -> tuple[int, int]:
        """What is said before the verb at `i`: from `start` to `stop`, without the comma and conjunctions."""
        first, last = start, stop
        while (
            last >= first
            and not self.inside[last]
            and (self.p.low(last) in {",", *DASHES, *MARKS, "as", "("})
        ):
            last -= 1
        while first <= last and self.p.low(first) in {"and", ",", *DASHES}:
            first += 1
        return (first, last) if last - first >= 1 or (first <= last and self.inside[last]) else (i + 1, i)

    def _according(self, i: int) -> Iterator[Statement]:
        voice = voice_after(self.p, i + 2, self.end)
        if voice is None:
            return
        start = self._segment_start(i)
        if i - start <= 1 and "," in self.lows(voice.last, self.end):
            comma = next((k for k in range(voice.last + 1, self.end) if self.p.low(k) == ","), self.end)
            first, last = self.range(comma + 1)
        else:
            first, last = self._before(i, start, i - 1)
        if first <= last:
            yield Statement(voice, "according to", i, first, last, after=i - start <= 3)

    def _apart(self, found: list[Statement]) -> list[Statement]:
        """Cuts what is said off where the next speaker's words of saying begin."""
        kept: list[Statement] = []
        for n, one in enumerate(found):
            first, last = one.first, one.last
            if self._carried(one, found):
                continue
            for other in found[n + 1 :]:
                voice = other.voice
                if voice is None or not one.after or not first <= other.at <= last + 1:
                    continue
                joined = one.voice is not None and voice.first == one.voice.first
                if joined and self.p.low(other.at - 1) in ("and", "but", "also", "then", ","):
                    k = other.at - 1
                    while self.p.low(k) in ("and", "but", "also", "then", ","):
                        k -= 1
                    last = min(last, k)
                elif other.after and voice.first > first + 2 and (cut := self._turn(voice.first, first)):
                    last = min(last, cut)
                elif not other.after and not other.empty and voice.first > first:
                    tail = voice.first if voice.first < other.at else other.at
                    while self.p.low(tail - 1) in {",", *DETERMINER, *DASHES, *MARKS} and tail - 1 > first:
                        tail -= 1
                    last = min(last, tail - 1)
            if one.last >= one.first > last:
                continue
            kept.append(Statement(one.voice, one.verb, one.at, first, last, one.after, one.reports))
        return kept

    def _carried(self, one: Statement, found: list[Statement]) -> bool:
        """Whether the words are another's: "Kim said ..., state media reported" is Kim's. But what the
        minister said that Kim had said is the minister's."""
        for other in found:
            if other is one or one.empty or other.empty or not (other.reports or other.verb in LABELLING):
                continue
            inner, outer = other.last - other.first, one.last - one.first
            carries = self._carrier(one) or not one.after
            if one.first <= other.at <= one.last:
                if carries and (2 * inner >= outer or other.verb in LABELLING):
                    return True
                continue
            within = other.first <= one.at <= other.last and other.after and 2 * outer >= inner
            if within and one.verb not in LABELLING and not self._carrier(other):
                return True
        return False

    def _carrier(self, statement: Statement) -> bool:
        """An outlet that hands on what others say."""
        if statement.verb in ("report", "according to"):
            return True
        return statement.voice is not None and bool(OUTLETS & set(statement.voice.ref.text.lower().split()))

    def _turn(self, subject: int, first: int) -> int:
        """Where what is said ends before ", and Poland said": 0 when no comma and conjunction stand there."""
        k = subject - 1
        while k > first and self.p.low(k) in DETERMINER:
            k -= 1
        if self.p.low(k) in ("and", "but", "while", "as", "though", "although") and self.p.low(k - 1) in {
            ",",
            *DASHES,
        }:
            return k - 2
        return 0
