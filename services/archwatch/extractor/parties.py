"""Puts names, nationalities and offices together: "Russian Foreign Minister Lavrov" is one party."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from archwatch.contracts.event import ActorKind, ActorRef
from archwatch.extractor.actors import Sense
from archwatch.extractor.memory import Memory
from archwatch.extractor.names import Names
from archwatch.extractor.tokens import Token
from archwatch.extractor.words import BEFORE_TIME, DETERMINER, GEOGRAPHY, MONTHS, PREPOSITION, RANK

__all__ = ["Memory", "Party", "Role", "find_parties"]

Role = Literal["name", "adjective", "capital", "person", "office", "body", "unknown"]
_OF: Final = frozenset({"of", "for", "to", "at", "in", "from"})
# An office so called is not held, or not yet, or by one of several.
_NOT_NOW: Final = frozenset(
    {
        "former", "ex", "then", "future", "next", "incoming", "late", "acting", "interim", "new", "newly",
        "elected", "designate", "deputy", "a", "an", "any", "every", "shadow", "nominee", "candidate",
        "would-be", "one", "previous", "old", "first",
    }
)  # fmt: skip
_CHIEF: Final = frozenset({"chief", "leader"})
_BY_DATE: Final = 0.8  # sureness of a name that only the date of publication gives


@dataclass(frozen=True, slots=True)
class Party:
    """Who is meant by a stretch of tokens [first, last]."""

    first: int
    last: int
    ref: ActorRef
    role: Role
    possessive: bool = False
    modifier: bool = False
    members: tuple[str, ...] = ()
    ended: bool = False

    @property
    def code(self) -> str | None:
        return self.ref.code


def find_parties(
    tokens: list[Token], text: str, offset: int, memory: Memory, published_at: datetime | None
) -> list[Party]:
    """The parties of a sentence in order; `text` is the sentence, which starts at `offset`."""
    return _Finder(tokens, text, offset, memory, published_at).run()


class _Finder:
    def __init__(
        self, tokens: list[Token], text: str, offset: int, memory: Memory, published_at: datetime | None
    ) -> None:
        self.tokens, self.text, self.offset, self.memory, self.published_at = (
            tokens,
            text,
            offset,
            memory,
            published_at,
        )
        self.names = Names.of(tokens, text, offset)
        self.sense, self.low = self.names.sense, self.names.low

    def run(self) -> list[Party]:
        found: list[Party] = []
        i = 0
        while i < len(self.tokens):
            party = self.at(i)
            if party is None:
                i += 1
                continue
            party = self._named_before(found, party)
            found.append(party)
            if party.role in ("person", "name", "capital") and not party.modifier:
                self.memory.note(party.ref)
            i = party.last + 1
        return found

    def at(self, i: int) -> Party | None:
        token = self.tokens[i]
        if token.named is None:
            return self._remembered(i) or self._unknown_name(i)
        sense, modifier = token.named.sense, token.named.modifier
        if modifier:
            return self._party(i, i, sense, "adjective", modifier=True)
        if sense.kind in ("adjective", "name", "organ", "capital"):
            return self._owner(i, sense)
        if sense.kind == "person":
            return self._party(i, i, sense, "person", office=self._office_of(sense), name=sense.name)
        if sense.kind == "office":
            return self._office(i, sense)
        if sense.kind == "format":
            return Party(i, i, self._ref(i, i, None, sense.name, "unknown"), "unknown", members=sense.members)
        if sense.kind == "body":
            return Party(i, i, self._ref(i, i, None, None, "group"), "body")
        return None

    def _owner(self, i: int, sense: Sense) -> Party:
        """A nationality or name, with the office and person, or the body, that it owns."""
        j = i + 1
        while j < len(self.tokens) and j - i <= 4 and self.low(j) in RANK and self.sense(j) is None:
            j += 1
        after = self.sense(j)
        if after and after.kind == "office" and self.low(j - 1) != "of":
            return self._with_office(i, j, sense, after.name)
        if after and after.kind == "person" and sense.kind == "adjective" and j == i + 1:
            return self._party(i, j, after, "person", office=self._office_of(after), name=after.name)
        if after and after.kind == "body" and self.low(j - 1) != "of":
            return self._party(i, j, sense, "name", possessive=self._possessive(j))
        possessive = self._possessive(i)
        if sense.kind == "adjective":
            plural = self.tokens[i].low.endswith("s") and not self.tokens[i].low.endswith(("ss", "us"))
            shared = (
                self.low(i + 1) in ("and", ",", "-")
                and (nxt := self.sense(i + 2)) is not None
                and nxt.kind == "adjective"
            )
            alone = i + 1 >= len(self.tokens) or self.low(i + 1) in PREPOSITION or self.low(i + 1) in ".,:;"
            role: Role = "name" if plural or alone or shared else "adjective"
            return self._party(i, i, sense, role, possessive=possessive)
        role = "capital" if sense.kind == "capital" else "name"
        return self._party(i, i, sense, role, possessive=possessive)

    def _with_office(self, i: int, j: int, owner: Sense, title: str) -> Party:
        last, place = j, ""
        if self.low(j + 1) in _OF and title in ("ambassador", "envoy", "official", "diplomat"):
            k = j + 3 if self.low(j + 2) in DETERMINER else j + 2
            target = self.sense(k)
            if target and target.kind in ("name", "organ"):
                last, place = k, f" to {target.name}"
        person, end = self.names.bearer(last + 1)
        office = self._titled(i, owner, title) + place
        if person is None and end is None:
            known = self.memory.offices.get(office)
            bearer = known.name if known and known.code == owner.code else self._holder(i, j, owner, office)
            score = 1.0 if known and bearer == known.name else _BY_DATE if bearer else 1.0
            return self._party(i, last, owner, "person", office=office, name=bearer, score=score)
        assert end is not None
        code = person if person else None
        name_text = code.name if code else self.names.words(last + 1, end)
        return self._party(
            i,
            end,
            owner,
            "person",
            office=office,
            name=name_text,
            possessive=self._possessive(end),
        )

    def _office(self, i: int, sense: Sense) -> Party | None:
        """An office with its owner after it ("president of Poland"), with its bearer, or alone."""
        k = i + 3 if self.low(i + 2) in DETERMINER else i + 2
        owner = self.sense(k)
        if (
            self.low(i + 1) in _OF
            and owner
            and owner.kind in ("name", "organ", "adjective", "capital")
            and not (owner.kind == "capital" and self.low(i + 1) == "in")
        ):
            party = self._owner(k, owner) if owner.kind == "adjective" else self._party(k, k, owner, "name")
            person, end = self.names.bearer(party.last + 1)
            title = (
                f"{sense.name} to {owner.name}"
                if sense.name in ("ambassador", "envoy") and self.low(i + 1) == "to"
                else sense.name
            )
            code = None if " to " in title else owner
            if person is not None and end is not None:
                return self._party(i, end, person, "person", office=title, name=person.name)
            last = party.last if end is None else end
            name = None if end is None else self.names.words(party.last + 1, end)
            if code is not None and name is None:
                title = self._titled(k, owner, title)
                held = self._holder(i, i, owner, title)
                return self._party(
                    i, last, owner, "person", office=title, name=held, score=_BY_DATE if held else 1.0
                )
            if code is None:
                return Party(i, last, self._ref(i, last, None, name, "person", title), "office")
            return self._party(i, last, code, "person", office=title, name=name)
        person, end = self.names.bearer(i + 1)
        if person is not None and end is not None:
            return self._party(i, end, person, "person", office=sense.name, name=person.name)
        apposed = self.low(i + 1) == ","
        if end is not None and (self.tokens[i].capital or apposed) and not self.names.title_case:
            name = self.names.words(i + 1, end)
            known = self.memory.known(name.rsplit(" ", 1)[-1])
            ref = self._ref(
                i, end, known.code if known else None, known.name if known else name, "person", sense.name
            )
            return Party(i, end, ref, "person", possessive=self._possessive(end))
        known = self.memory.bearer(sense.name)
        if known and i and self.low(i - 1) == "the":
            return Party(
                i, i, self._ref(i, i, known.code, known.name, "person", sense.name, score=0.8), "person"
            )
        return Party(
            i, i, self._ref(i, i, None, None, "person", sense.name), "office", possessive=self._possessive(i)
        )

    def _named_before(self, found: list[Party], party: Party) -> Party:
        """ "Anna Berg, the Polish foreign minister": takes the name that stands before the office."""
        if not found or not party.ref.office or party.ref.name or found[-1].role != "unknown":
            return party
        name = found[-1]
        between = [self.low(i) for i in range(name.last + 1, party.first)]
        if name.last == name.first or between[:1] != [","] or not set(between[1:]) <= DETERMINER:
            return party
        found.pop()
        ref = party.ref
        told = self._ref(name.first, party.last, ref.code, name.ref.name, "person", ref.office)
        return Party(name.first, party.last, told, "person", party.possessive)

    def _remembered(self, i: int) -> Party | None:
        known = self.memory.known(self.tokens[i].text) if self.tokens[i].capital else None
        if known is None or (
            self.low(i) in MONTHS and (self.low(i - 1) in BEFORE_TIME or self.low(i + 1)[:1].isdigit())
        ):
            return None  # Theresa May, but not in May
        ref = self._ref(i, i, known.code, known.name, known.kind, known.office, score=0.9)
        return Party(i, i, ref, "person", possessive=self._possessive(i))

    def _unknown_name(self, i: int) -> Party | None:
        """Two or more capitalised words that nobody listed: somebody, but we do not know who."""
        if self.names.title_case:
            return None
        j = i
        while j < len(self.tokens) and j - i < 5:
            if not self.names.is_name(j):
                break
            j += 1
        if j - i < 2 and not (
            j - i == 1 and len(self.tokens[i].text) > 1 and self.tokens[i].text.isupper() and i
        ):
            return None
        if self.low(j - 1) in GEOGRAPHY:
            return None
        text = self.text[self.tokens[i].start - self.offset : self.tokens[j - 1].end - self.offset]
        return Party(
            i,
            j - 1,
            self._ref(i, j - 1, None, text, "unknown", score=0.5),
            "unknown",
            possessive=self._possessive(j - 1),
        )

    def _titled(self, i: int, owner: Sense, title: str) -> str:
        """The full title where the owner's name says which: the president of the European Commission."""
        if title == "president" or title in _CHIEF:
            part = next((w for w in ("commission", "council", "parliament") if w in self.low(i)), None)
            if owner.code == "EU" and part:
                return f"{part} president"
        return title

    def _holder(self, first: int, at: int, owner: Sense, title: str) -> str | None:
        """Who holds the office at the time of publication; None where the words do not mean the holder."""
        words = {self.low(k) for k in range(first - 2, at + 1)} | {self.low(at + 1)}
        if words & _NOT_NOW or self.tokens[at].low.endswith("s"):
            return None
        if title == "chief" and at - first > 1 and self.low(at - 1) != "'s":
            return None  # NATO's military chief
        holder = self.memory.incumbents.holder(owner.code, title, self.published_at)
        return holder.name if holder else None

    def _office_of(self, sense: Sense) -> str | None:
        office = sense.office_at(self.published_at)
        return office.title if office else None

    def _possessive(self, i: int) -> bool:
        return self.low(i + 1) in ("'s", "'") and i + 2 < len(self.tokens)

    def _party(
        self,
        first: int,
        last: int,
        sense: Sense,
        role: Role,
        *,
        office: str | None = None,
        name: str | None = "",
        possessive: bool = False,
        modifier: bool = False,
        score: float = 1.0,
    ) -> Party:
        person = role == "person"
        kind: ActorKind = "person" if person else sense.actor_kind
        ref = self._ref(first, last, sense.code, (name if person else sense.name), kind, office, score)
        ended = bool(sense.ended and self.published_at and self.published_at.year > sense.ended + 1)
        return Party(first, last, ref, role, possessive or self._possessive(last), modifier, ended=ended)

    def _ref(
        self,
        first: int,
        last: int,
        code: str | None,
        name: str | None,
        kind: ActorKind,
        office: str | None = None,
        score: float = 1.0,
    ) -> ActorRef:
        start, end = self.tokens[first].start, self.tokens[last].end
        text = self.text[start - self.offset : end - self.offset]
        return ActorRef(
            text=text, start=start, end=end, code=code, name=name, kind=kind, office=office, score=score
        )
