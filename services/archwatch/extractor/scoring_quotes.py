"""How well quotes are found: spans matched one to one, then the speakers of those matched. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from archwatch.contracts.event import Quote, Speaker

OVERLAP: Final = 0.5  # characters shared, as a part of the longer of the two spans
_WORD: Final = re.compile(r"\w+")
_NO_HEAD: Final = frozenset({"of", "for", "in", "at", "from", "to", "on", "with", "who"})


@dataclass(frozen=True)
class GoldQuote:
    """A quote coded by a reader. `speaker`: the words that name the speaker, None when nobody does."""

    start: int
    end: int
    kind: Literal["direct", "indirect"]
    speaker: str | None = None
    speaker_code: str | None = None


@dataclass(frozen=True)
class QuoteScore:
    """Counts, to be added up over texts. `named`: speakers right by name or head noun alone, without code."""

    gold: int = 0
    found: int = 0
    matched: int = 0
    speakers: int = 0
    named: int = 0

    def __add__(self, other: "QuoteScore") -> "QuoteScore":
        return QuoteScore(
            self.gold + other.gold,
            self.found + other.found,
            self.matched + other.matched,
            self.speakers + other.speakers,
            self.named + other.named,
        )

    @property
    def precision(self) -> float:
        return self.matched / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.matched / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall, over spans."""
        return 2 * self.matched / (self.gold + self.found) if self.gold + self.found else 0.0

    @property
    def speaker_right(self) -> float:
        """The share of matched quotes whose speaker is right by name, head noun or code."""
        return self.speakers / self.matched if self.matched else 0.0


def score_quotes(
    gold: Sequence[GoldQuote], found: Sequence[Quote], *, overlap: float = OVERLAP, kind: str | None = None
) -> QuoteScore:
    """Scores the quotes of one text.

    A pair matches when it shares at least `overlap` of the longer span; best pairs are taken first, each
    quote once. With `kind`, only gold quotes of that kind count, and of the found ones those of that kind
    and those that match such a gold quote: a statement that is half in quotation marks has no kind all
    agree on.
    """
    shares = ((_share(g, f), i, j) for i, g in enumerate(gold) for j, f in enumerate(found))
    pairs = sorted(
        (pair for pair in shares if pair[0] >= overlap), key=lambda pair: (-pair[0], pair[1], pair[2])
    )
    match: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in pairs:
        if i not in match and j not in taken:
            match[i] = j
            taken.add(j)
    kept = [i for i, g in enumerate(gold) if kind is None or g.kind == kind]
    of_kind = {j for j, f in enumerate(found) if kind is None or (f.kind == kind and j not in taken)}
    of_kind |= {match[i] for i in kept if i in match}
    matched = [(gold[i], found[match[i]]) for i in kept if i in match]
    return QuoteScore(
        gold=len(kept),
        found=len(of_kind),
        matched=len(matched),
        speakers=sum(speaker_matches(g, f.speaker) for g, f in matched),
        named=sum(speaker_matches(g, f.speaker, by_code=False) for g, f in matched),
    )


def speaker_matches(gold: GoldQuote, speaker: Speaker | None, *, by_code: bool = True) -> bool:
    """Whether the head of the gold speaker ("Lavrov", "official") is among the found speaker's words, or the
    code is the same. Nobody in both is right."""
    if gold.speaker is None or speaker is None:
        return gold.speaker is None and speaker is None
    if by_code and gold.speaker_code is not None and gold.speaker_code == speaker.code:
        return True
    words = set(_words(" ".join(filter(None, (speaker.text, speaker.name)))))
    return _head(gold.speaker) in words


def _share(gold: GoldQuote, found: Quote) -> float:
    shared = min(gold.end, found.end) - max(gold.start, found.start)
    return shared / max(gold.end - gold.start, found.end - found.start, 1)


def _head(speaker: str) -> str:
    """The last word before a preposition: "official" of "an official in Kyiv", "Smith" of "Anna Smith"."""
    words = list(_words(speaker))
    cut = next((i for i, word in enumerate(words) if i and word in _NO_HEAD), len(words))
    return words[cut - 1] if words else ""


def _words(text: str) -> Iterable[str]:
    return (word for word in _WORD.findall(re.sub(r"[’'] ?s\b", "", text).lower()))
