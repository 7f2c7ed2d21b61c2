"""A sentence with its words and parties: what every later step reads."""

from dataclasses import dataclass
from functools import cached_property

from archwatch.extractor.parties import Party
from archwatch.extractor.sentences import Sentence
from archwatch.extractor.tokens import Token
from archwatch.extractor.words import BEFORE_TIME, TIME


@dataclass(frozen=True)
class Parsed:
    """`tokens` in order; `parties` in order, without overlap."""

    sentence: Sentence
    tokens: list[Token]
    parties: list[Party]

    @cached_property
    def party_of(self) -> dict[int, Party]:
        """The party that covers a token, by the token's index."""
        return {i: party for party in self.parties for i in range(party.first, party.last + 1)}

    @cached_property
    def title_case(self) -> bool:
        """Whether Most Words Carry Capitals, as in headlines: then a capital says nothing."""
        words = [t for t in self.tokens if t.named is None and len(t.text) > 3 and t.text[0].isalpha()]
        return len(words) > 2 and sum(t.capital for t in words) > 0.6 * len(words)

    def low(self, i: int) -> str:
        """The word at `i` in lower case, "" outside the sentence."""
        return self.tokens[i].low if 0 <= i < len(self.tokens) else ""

    def is_manner(self, i: int) -> bool:
        """Whether the word is an adverb by its ending: Italy and the General Assembly are none."""
        return self.low(i).endswith("ly") and i not in self.party_of

    def text(self, i: int) -> str:
        """The word at `i` as written, "" outside the sentence."""
        return self.tokens[i].text if 0 <= i < len(self.tokens) else ""

    def is_time(self, i: int) -> bool:
        """Whether the word belongs to a phrase of time: "on Thursday", "last week", "4 October 2007"."""
        word = self.low(i)
        if self.text(i) in ("March", "May") and (
            self.low(i + 1)[:1].isdigit() or self.low(i - 1) in BEFORE_TIME
        ):
            return True
        if word in TIME or (word[:1].isdigit() and (self.low(i + 1) in TIME or self.low(i - 1) in TIME)):
            return True
        if len(word) == 4 and word.isdigit() and word[:2] in ("19", "20"):
            return True
        return word in BEFORE_TIME and (
            self.low(i + 1) in TIME or (self.low(i + 1)[:1].isdigit() and self.low(i + 2) in TIME)
        )
