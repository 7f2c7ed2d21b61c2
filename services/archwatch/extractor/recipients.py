"""To whom it is done: the parties after a trigger, and the agent of a passive."""

from typing import Final

from archwatch.contracts.event import ActorRef
from archwatch.extractor.subjects import Found, Frame, group
from archwatch.extractor.words import CLAUSE_END, DETERMINER, PREPOSITION

_PLACE_PREPOSITIONS: Final = frozenset({"in", "at", "outside", "around", "inside"})
_OWN: Final = frozenset({"its", "his", "their", "her", "our", "my"})


def recipients(
    frame: Frame, i: int, last: int, *, prefer: frozenset[str], actors: tuple[ActorRef, ...], places: bool
) -> Found:
    """The parties after the trigger on [i, last]. `prefer`: prepositions that mark the recipient of
    this type; `places`: whether "in Ukraine" is a recipient or only where it happened."""
    parsed = frame.parsed
    own = {a.code for a in actors if a.code}
    fallback: Found | None = None
    chosen: Found | None = None
    k = i + 1
    while k <= frame.last:
        low = parsed.low(k)
        joins = low in ("and", ",", "but") and k + 1 <= frame.last and k + 1 not in parsed.party_of
        if (
            joins
            and k > last
            and parsed.low(k + 1) in frame.lexicon.hits
            and parsed.low(k + 1).endswith(("ed", "s", "ing"))
        ):
            break  # the next verb of the same subject
        if (low in CLAUSE_END and k > i + 1) or (low in (";", ":") and k > i + 2) or (low == "," and chosen):
            break
        party = parsed.party_of.get(k)
        if party is None:
            k += 1
            continue
        before = party.first - 1
        while (parsed.low(before) in DETERMINER and parsed.low(before) not in _OWN) or parsed.low(before) in (
            '"',
            "“",
            "‘",
            "former",
        ):
            before -= 1
        preposition = parsed.low(before)
        members = [m for m in group(parsed, party, left=False) if m.last <= frame.last] or [party]
        k = members[-1].last + 1
        in_place = (
            preposition in _PLACE_PREPOSITIONS and party.role in ("name", "capital") and not party.possessive
        )
        if (
            preposition in _OWN
            or preposition == "by"
            or (in_place and not places)
            or (in_place and party.role == "capital")
        ):
            continue
        coded = tuple(m.ref for m in members if m.ref.code and m.ref.code not in own)
        ended = any(m.ended for m in members)
        if not coded:
            modifies = (
                party.role == "body"
                and parsed.low(party.last + 1).isalpha()
                and parsed.low(party.last + 1) not in PREPOSITION | CLAUSE_END
            )
            if (
                fallback is None
                and party.ref.code is None
                and party.role != "adjective"
                and not party.members
                and not modifies
                and not (party.role == "body" and party.last <= last)
            ):
                fallback = Found((party.ref,), 0.6, party.first)
            continue
        found = Found(coded, 0.9, party.first, ended)
        if preposition in prefer:
            return found
        chosen = chosen or found
    return chosen or fallback or Found()


def after_by(frame: Frame, i: int) -> Found:
    """The agent of a passive: the parties after the next "by"."""
    parsed = frame.parsed
    for k in range(i + 1, min(i + 9, frame.last + 1)):
        if parsed.low(k) == "by":
            m = k + 1
            while m <= frame.last and m not in parsed.party_of and m - k <= 4:
                m += 1
            party = parsed.party_of.get(m)
            if party is not None:
                members = group(parsed, party, left=False)
                return Found(tuple(p.ref for p in members), 0.95, party.first, any(p.ended for p in members))
            return Found()
    return Found()
