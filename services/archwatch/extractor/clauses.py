"""What is reported after a verb of saying: where the clause begins, and where it ends."""

from collections.abc import Sequence
from typing import Final

from archwatch.extractor.lexicon import Lexicon
from archwatch.extractor.parsed import Parsed
from archwatch.extractor.speakers import voice_after
from archwatch.extractor.speech import ADDRESSED, NO_CLAUSE, SUBJECTS
from archwatch.extractor.tokens import QUOTE_MARKS
from archwatch.extractor.words import AUXILIARY, BE, DETERMINER, HAVE, MODAL, PREPOSITION

DASHES: Final = frozenset("-–—−")
MARKS: Final = QUOTE_MARKS | {"’", "'"}
_WITH_CLAUSE: Final = frozenset({"say", "tell", "insist", "argue"})  # "that" may be left out
_TELLING: Final = frozenset({"tell", "warn"})
_AUX: Final = (BE | HAVE | MODAL | {"do", "does", "did", "don't", "doesn't", "didn't"}) - {
    "be", "being", "been", "having", "'s", "’s", "'re", "’re",
}  # fmt: skip
_MAX_BEFORE_THAT: Final = 22


def is_finite(parsed: Parsed, lexicon: Lexicon, k: int, *, base: bool = False) -> bool:
    """Whether the word may be a finite verb: a form of be, have, do, a modal, or a known verb."""
    low = parsed.low(k)
    if low in ("'s", "’s", "'re", "’re"):
        return parsed.low(k - 1) in SUBJECTS
    if low in _AUX:
        return True
    if (
        k >= len(parsed.tokens)
        or k in parsed.party_of
        or (parsed.tokens[k].capital and not parsed.title_case)
    ):
        return False
    if low.endswith(("ed", "en")) and parsed.low(k + 1) == "by":
        return False  # "the requests advanced by Moscow"
    verb = low in lexicon.verbs or low in lexicon.hits
    if not verb and low.endswith("ed") and (party := parsed.party_of.get(k - 1)) is not None:
        return party.role in ("person", "name", "capital", "unknown") and not party.possessive
    if not verb or low.endswith("ing") or parsed.low(k - 1) in DETERMINER | PREPOSITION | {"to", "'s", "’s"}:
        return False
    before = parsed.low(k - 1)
    if (before.endswith("s") and before != "was") or before in ("they", "we", "you", "i", "who", "not"):
        return True
    if low in lexicon.verbs:
        return not low.endswith("ing")
    tenses = {"past", "s", "base"} if base else {"past", "s"}
    return any(hit.tenses & tenses for hit in lexicon.hits[low] if hit.pattern.kind == "verb")


class Clauses:
    """A sentence with the tokens that stand in marks; `end`: its last token before the full stop."""

    def __init__(self, parsed: Parsed, lexicon: Lexicon, quoted: Sequence[tuple[int, int]]) -> None:
        self.p, self.lexicon = parsed, lexicon
        self.size = len(parsed.tokens)
        self.inside = [False] * self.size
        for first, last in quoted:
            for k in range(first, last + 1):
                self.inside[k] = True
        self.end = self.size - 1
        while self.end > 0 and parsed.low(self.end) in {".", "!", "?", "…"} and not self.inside[self.end]:
            self.end -= 1

    def lows(self, first: int, last: int) -> set[str]:
        return {self.p.low(k) for k in range(max(0, first), last)}

    def content(self, i: int, verb: str) -> int | None:
        """Where what is said begins after the verb; None when nothing that is said follows."""
        p = self.p
        for k in range(i + 1, min(i + _MAX_BEFORE_THAT, self.end)):
            if self.inside[k] or p.low(k) in (";", ".", ":"):
                break
            if p.low(k) == "that" and self.leads_to_that(i, k):
                return k + 1
        began = self.past_addressee(i + 1) if verb in ADDRESSED else i + 1
        if began > i + 1 and p.low(began) in _AUX:
            began = i + 1  # "warns Russia could attack": whom it warns is not told
        j = self.past_circumstance(began)
        if verb in ADDRESSED and (verb not in _TELLING or "to" in self.lows(i + 1, j)):
            return None
        while self.time(j) and not self.inside[j]:
            j += 1
        if p.low(j) == ":" or (p.low(j) == "," and self.opens(j + 1)):
            j += 1
        if j > self.end:
            return None
        if self.opens(j) or self.inside[j]:
            return j
        if verb == "continue" or self.shut(j):
            return None
        if p.low(j) in ("if", "while", "although", "though", "unless"):
            return j if self.finite(j, self.end) and j == began else None
        return j if self.clause(j, strict=verb not in _WITH_CLAUSE) else None

    def shut(self, j: int) -> bool:
        """Whether the word at `j` opens no clause that could be reported."""
        low = self.p.low(j)
        if low == "no":
            return self.p.low(j + 1) in ("to", ".", ",", "and")
        return low in NO_CLAUSE | (AUXILIARY - {"not"}) | {",", ".", ";", *DASHES} or low.endswith("ing")

    def opens(self, j: int) -> bool:
        """Whether a quotation opens at `j`."""
        return self.p.low(j) in MARKS and j + 1 < self.size and self.inside[j + 1]

    def leads_to_that(self, i: int, k: int) -> bool:
        """Whether only circumstances stand between the verb and "that": no object, no other verb."""
        between = range(i + 1, k)
        if any(self.p.low(m) in ("who", "which", "and", "but", "though", "as") for m in between):
            return False
        if any(
            self.lexicon.saying.get(self.p.low(m)) or m - i > 3 < k - m
            for m in between
            if self.p.low(m) == ","
        ):
            return False
        if any(self.p.low(m).endswith("ing") and self.p.low(m) in self.lexicon.saying for m in between):
            return False
        if (
            k > i + 1
            and (self.is_finite(k + 1) or self.p.low(k + 1).endswith("ed"))
            and k + 1 not in self.p.party_of
        ):
            return False  # "an interview that aired"
        if k == i + 1:
            return True
        first = self.p.low(i + 1)
        told = self.lexicon.saying.get(self.p.low(i)) in ADDRESSED
        return (
            told
            or first in PREPOSITION
            or self.p.is_time(i + 1)
            or first in (",", "also", "then", "further", "again")
        )

    def past_addressee(self, j: int) -> int:
        p = self.p
        if p.low(j) in ("him", "her", "them", "me", "us", "it", "you"):
            return j + 1
        if p.low(j) in SUBJECTS or self.opens(j):
            return j
        voice = voice_after(p, j, self.end)
        if voice is None:
            return j
        if voice.pronoun:
            return j
        end = voice.last
        for k in range(j, voice.last + 1):  # "told reporters the talks": one group ends where the next begins
            party = p.party_of.get(k)
            if (
                k > j
                and (p.low(k) in DETERMINER or (party is not None and party.first == k))
                and self.alone(j, k)
            ):
                end = k - 1
                break
        return end + 1

    def alone(self, j: int, k: int) -> bool:
        before = self.p.low(k - 1)
        return (
            before not in PREPOSITION
            and before not in DETERMINER
            and (self.p.low(j).endswith("s") or k - 1 in self.p.party_of)
        )

    def past_circumstance(self, j: int) -> int:
        """Past "in a statement", "at a news conference in Vienna", "on condition of anonymity"."""
        p = self.p
        for _ in range(4):
            if j > self.end or self.inside[j]:
                break
            if self.time(j):
                while self.time(j) and j <= self.end:
                    j += 1
                continue
            if p.low(j) not in PREPOSITION or p.low(j) in ("of", "about", "against", "than", "like", "as"):
                break
            k = j + 1
            while p.low(k) in DETERMINER or p.low(k) in ("not", "being"):
                k += 1
            started = k
            while k <= self.end and not self.inside[k]:
                low = p.low(k)
                if low in {",", ";", ":", "that"} or low in SUBJECTS or low in MARKS or low in PREPOSITION:
                    break
                if k > started and (low in DETERMINER or p.is_time(k)):
                    break
                if k > started and p.party_of.get(k) is not None and p.party_of[k].first == k:
                    break
                k += 1
            j = k
        return j

    def time(self, k: int) -> bool:
        if not self.p.is_time(k):
            return False
        return self.p.low(k) not in ("this", "the", "last", "next") or self.p.is_time(k + 1)

    def clause(self, j: int, *, strict: bool) -> bool:
        """Whether a clause begins at `j`: a subject, then a finite verb before anything that would end it."""
        for k in range(j, min(self.end + 1, j + 40)):
            low = self.p.low(k)
            if not strict and k > j + 1 and is_finite(self.p, self.lexicon, k, base=True):
                return True
            if k > j and self.is_finite(k):
                return not strict or low in _AUX or self.p.low(k - 1) in SUBJECTS
            if strict and k > j and low in ("that", "which", "who", ",", "to", "and", "for", "on", "against"):
                return False
        return not strict and any(self.inside[k] for k in range(j, self.end + 1))

    def finite(self, first: int, last: int) -> bool:
        return any(self.is_finite(k) for k in range(max(first, 0), last + 1))

    def is_finite(self, k: int) -> bool:
        return is_finite(self.p, self.lexicon, k)

    def range(self, first: int) -> tuple[int, int]:
        """From `first` to the end of what is said: the sentence's, or where other words of saying cut in."""
        last = self.end
        for k in range(first + 2, self.end):
            if self.inside[k]:
                continue
            turned = self.p.low(k) in DASHES and self.p.low(k + 1) in ("but", "and", "though", "although")
            if turned or self.p.low(k) == ";" or (self.p.low(k) == "," and self.participle(k + 1)):
                last = k - 1
                break
        while last > first and self.p.low(last) in {",", "and", "but"} and not self.inside[last]:
            last -= 1
        return first, last

    def participle(self, k: int) -> bool:
        if self.p.low(k) in ("and", "but", "while"):
            k += 1
        low = self.p.low(k)
        return (low.endswith("ing") and low in self.lexicon.saying) or low == "according"
