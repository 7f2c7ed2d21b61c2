"""Noun groups that name a party in other languages: compounds, adjectives, owners, offices, cases."""

from dataclasses import dataclass
from typing import Final, Literal

from archwatch.contracts.event import ActorRef
from archwatch.extractor.foreign.grammar import Grammar
from archwatch.extractor.parsed import Parsed
from archwatch.extractor.parties import Party

Case = Literal["subject", "oblique", ""]
_HYPHENS: Final = frozenset("-‑–")
_APOSTROPHES: Final = frozenset("'’")
_SHORT: Final = 3  # letters; an adjective has more
_REACH: Final = 4  # words from an owner back to the office or body it owns


@dataclass(frozen=True, slots=True)
class Noun:
    """Tokens [first, last] that name a party. `preposition`: what governs it, "" when nothing does;
    `attribute`: it only qualifies another noun ("US-Waffen", "russische Waffen", "die Waffen Russlands");
    `body`: it names a person or an organ, who can act and speak."""

    first: int
    last: int
    ref: ActorRef
    preposition: str = ""
    case: Case = ""
    attribute: bool = False
    body: bool = False
    ended: bool = False

    @property
    def free(self) -> bool:
        """Whether it can be the subject of a verb."""
        return not (self.attribute or self.preposition or self.case == "oblique")


def read_noun(parsed: Parsed, grammar: Grammar, party: Party) -> Noun:
    """The noun group around a party that the gazetteer found."""
    return _Reader(parsed, grammar, party).noun()


class _Reader:
    """Reads outwards from what the gazetteer found."""

    def __init__(self, parsed: Parsed, grammar: Grammar, party: Party) -> None:
        self.parsed, self.grammar, self.party = parsed, grammar, party
        self.first, self.last = party.first, party.last
        self.attribute, self.body, self.owned = party.modifier, party.ref.kind == "person", False
        self.office: str | None = None

    def noun(self) -> Noun:
        named = self.parsed.tokens[self.party.first].named
        kind = named.sense.kind if named else self.party.role
        words = self.parsed.low(self.party.first).split()
        if named is not None and kind in ("name", "capital", "organ"):
            self.last = self.party.first  # what follows a name is read here, not as in English
        self.body |= kind == "organ" or any(word in self.grammar.bodies for word in words)
        if not self._compound() and not self.attribute:
            if self._is_adjective(kind):
                self._adjective()
            elif kind == "person":
                self._titled()
            else:
                self._owner()
        preposition, case = self._governed()
        ref = self._ref()
        return Noun(
            self.first,
            self.last,
            ref,
            preposition,
            case,
            self.attribute or self.owned,
            self.body,
            self.party.ended,
        )

    def _is_adjective(self, kind: str) -> bool:
        """By the gazetteer, or by its ending where a capital does not tell: at the head of a sentence."""
        word = self.parsed.low(self.first)
        if kind == "person" or word in self.grammar.subjects:
            return False
        small = not self.parsed.tokens[self.first].capital
        return kind == "adjective" or (
            word in self.grammar.adjectives
            and (small or (self.first == 0 and not self.grammar.adjective_after))
        )

    def _title(self, k: int) -> bool:
        """Whether the word names an office or a body that belongs to somebody."""
        if not 0 <= k < len(self.parsed.tokens):
            return False
        other = self.parsed.party_of.get(k)
        if other is not None and other is not self.party and other.ref.code:
            return False
        named = self.parsed.tokens[k].named
        if named is not None and named.sense.kind in ("office", "body"):
            return True
        word = self.parsed.low(k)
        return word in self.grammar.bodies or self.grammar.office(word) is not None

    def _office_at(self, k: int) -> str | None:
        named = self.parsed.tokens[k].named
        if named is not None and named.sense.kind == "office":
            return named.sense.name
        return self.grammar.office(self.parsed.low(k))

    def _touching(self, k: int) -> bool:
        """Whether nothing stands between the tokens `k` and `k + 1`."""
        tokens = self.parsed.tokens
        return 0 <= k < len(tokens) - 1 and tokens[k].end == tokens[k + 1].start

    def _compound(self) -> bool:
        """ "Nato-Generalsekretär" names the party, "Nato-Beitritt" only qualifies a noun."""
        before, after = self.first - 1, self.last + 1
        if self.parsed.low(before) in _HYPHENS and self._touching(before) and self._touching(before - 1):
            other = self.parsed.party_of.get(before - 1)
            if other is not None and other.ref.code == self.party.ref.code:  # "US-Außenminister Blinken"
                self.first, self.body = other.first, True
                return True
            if other is not None:
                self.attribute = True
                return True
            self.first = before - 1
        if self.parsed.low(after) not in _HYPHENS or not self._touching(self.last):
            return False
        if not self._touching(after) and not self.grammar.capital_nouns:
            return False
        if after + 1 >= len(self.parsed.tokens):
            return False
        if self._title(after + 1):
            self.office = self._office_at(after + 1)
            self.last, self.body = after + 1, True
        else:
            self.attribute = True
        return True

    def _adjective(self) -> None:
        """ "le gouvernement russe": the body that the adjective makes a state's."""
        if self.last > self.first:  # with its office or body already: "российский министр"
            self.body = True
            return
        self.attribute = True
        behind = range(self.first - 1, self.first - 4, -1) if self.grammar.adjective_after else range(0)
        for k in (*behind, *range(self.last + 1, self.last + 4)):
            if self._title(k):
                self.first, self.last = min(self.first, k), max(self.last, k)
                self.attribute, self.body = False, True
                self.office = self._office_at(k)
                return
            word = self.parsed.low(k)
            if not word[:1].isalpha() or self.grammar.any_preposition(word) or word in self.grammar.joins:
                if k in behind:
                    continue
                return
            if self.grammar.capital_nouns and self.parsed.tokens[k].capital:
                return
            if self.grammar.adjective_after and k > self.last:
                return

    def _titled(self) -> None:
        """ "Bundeskanzlerin Angela Merkel": the office before the name belongs to it."""
        k = self.first - 1
        while (
            k >= 0
            and self.first - k <= _REACH
            and (self._title(k) or self.parsed.low(k) in self.grammar.fillers)
        ):
            if self._title(k):
                self.first = k
            k -= 1

    def _owner(self) -> None:
        """ "die Regierung Polens", "le président du Venezuela": the body and its owner."""
        grammar, parsed = self.grammar, self.parsed
        k = self.first - 1
        article = ""
        while k >= 0 and (parsed.low(k) in grammar.articles or parsed.low(k) in _APOSTROPHES):
            article = parsed.low(k) if parsed.low(k) in grammar.oblique_articles else article
            k -= 1
        word = parsed.low(self.last)
        ends_in_s = (
            grammar.capital_nouns and word.endswith("s") and not word.endswith(("us", "is", "as", "ss"))
        )
        connected = bool(article) or ends_in_s or parsed.low(self.first - 1) in grammar.oblique_articles
        of_noun = (
            grammar.capital_nouns and parsed.low(self.first - 1) == "der" and self._common(self.first - 2)
        )
        connected = connected or of_noun
        if parsed.low(k) in grammar.of:
            connected, k = True, k - 1
        elif not grammar.capital_nouns and k == self.first - 1 and self._case(self.last) != "subject":
            connected = bool(grammar.oblique.beginnings or grammar.oblique.ends)
        if ends_in_s and self._title(self.last + 1):  # "Russlands Präsident"
            self.office = self._office_at(self.last + 1)
            self.last, self.body = self.last + 1, True
            return
        if not connected:
            return
        head: int | None = None
        while k >= 0 and self.first - k <= _REACH + 2:
            if self._title(k):
                head = k
            elif parsed.low(k) not in grammar.fillers:
                break
            k -= 1
        if head is not None:
            self.first, self.body = head, True
            self.office = self._office_at(head)
        elif ends_in_s or article or of_noun or self._after_of():
            self.owned = True

    def _after_of(self) -> bool:
        """Whether "of" stands before it, with or without an article."""
        k = self.first - 1
        while k >= 0 and (self.parsed.low(k) in self.grammar.articles or self.parsed.low(k) in _APOSTROPHES):
            k -= 1
        return any(self.parsed.low(i) in self.grammar.of for i in (k, self.first - 1))

    def _common(self, k: int) -> bool:
        """Whether a German word is a noun that names no party."""
        return k >= 0 and self.parsed.tokens[k].capital and self.parsed.tokens[k].named is None

    def _governed(self) -> tuple[str, Case]:
        grammar, parsed = self.grammar, self.parsed
        k = self.first - 1
        article = ""
        while k >= 0 and (
            parsed.low(k) in grammar.articles or parsed.low(k) in _APOSTROPHES or parsed.low(k) in '"«„“'
        ):
            article = article or (parsed.low(k) if parsed.low(k) in grammar.articles else "")
            k -= 1
        if (
            k > 0
            and not grammar.adjective_after
            and not grammar.any_preposition(parsed.low(k))
            and parsed.low(k - 1) not in grammar.joins
        ):
            before = (
                parsed.low(k - 1) if parsed.tokens[k].low.isalpha() and not parsed.tokens[k].capital else ""
            )
            qualifies = len(parsed.low(k)) > _SHORT and (
                grammar.capital_nouns or parsed.low(k) in grammar.no_verb | grammar.agent
            )
            if qualifies and grammar.any_preposition(before) and k not in parsed.party_of:
                k -= 1  # "с новым президентом России"
        word = parsed.low(k)
        preposition = word if grammar.any_preposition(word) else ""
        adjective = parsed.low(self.first).rsplit(" ", 1)[0] in grammar.adjectives
        case = self._case(self.last if adjective else self.first)
        if not self.body:
            case = case or self._case(self.last)
        if article in grammar.oblique_articles:
            case = "oblique"
        elif grammar.capital_nouns and article == "der" and not self.body and case != "subject":
            case = "oblique"  # names of states and alliances that take an article are feminine
        return preposition, case

    def _case(self, k: int) -> Case:
        words = self.parsed.low(k).split() or [""]
        titled = words[0] in self.grammar.bodies or self.grammar.office(words[0]) is not None
        word = words[0] if titled else words[-1]
        if word in self.grammar.subjects:
            return "subject"
        return "oblique" if word in self.grammar.oblique else ""

    def _ref(self) -> ActorRef:
        parsed, ref = self.parsed, self.party.ref
        start, end = parsed.tokens[self.first].start, parsed.tokens[self.last].end
        if (start, end) == (ref.start, ref.end):
            return ref
        offset = parsed.sentence.start
        office = self.office or ref.office
        kind = "person" if self.office and ref.kind != "person" else ref.kind
        name = None if kind != ref.kind else ref.name
        return ref.model_copy(
            update={
                "text": parsed.sentence.text[start - offset : end - offset],
                "start": start, "end": end, "office": office, "kind": kind, "name": name,
            }
        )  # fmt: skip
