"""Events in nouns: "talks between A and B", "A's rejection of B", "A-B talks", "an OSCE meeting"."""

from typing import Final

from archwatch.contracts.event import ActorRef, EventType, Modality
from archwatch.extractor.parties import Party
from archwatch.extractor.subjects import Found, Frame, group
from archwatch.extractor.triggers import Trigger
from archwatch.extractor.words import DETERMINER, HAPPENING, TIME

Noun = tuple[EventType, str | None, Found, Found, Modality, int, int]
_TOWARDS: Final = frozenset({"of", "on", "to", "against", "with", "from", "for", "over"})
_WITHIN: Final = frozenset({"of", "within", "at"})
_FEARED: Final = frozenset(
    {
        "fear",
        "fears",
        "feared",
        "threat",
        "risk",
        "prevent",
        "avoid",
        "avert",
        "imminent",
        "deter",
        "deterring",
        "fearing",
        "potential",
        "possible",
        "against",
    }
)
_FAR: Final = 16


def code_noun(frame: Frame, trigger: Trigger) -> Noun | None:
    """The event that a noun stands for, when it names its parties; else None."""
    kind, mode = trigger.pattern.event_type, trigger.pattern.mode
    i, parsed = trigger.first, frame.parsed
    if any(parsed.low(k) in _FEARED for k in range(max(frame.first, i - 6), i)):
        return None
    both = _between(frame, trigger.last) or _pair_before(frame, i)
    if both:
        if kind not in ("CONSULT", "AGREE", "COOPERATE"):
            return None
        return kind, mode, Found(both, 0.9), Found(), _mood(frame, i), i, trigger.last
    if kind == "CONSULT" and (members := _format(frame, trigger)):
        return kind, "multilateral", Found(members, 0.8), Found(), _mood(frame, i), i, trigger.last
    owner = _owner(frame, i)
    target = _target(frame, trigger.last)
    by = _by(frame, trigger.last)
    actors = owner if owner else by
    if by and not target:
        target = _given_to(frame, trigger.last)
    if not actors or not target or {a.code for a in actors} & {t.code for t in target}:
        return None
    first = min(i, parsed.party_of[i - 1].first) if i - 1 in parsed.party_of else i
    return kind, mode, Found(actors, 0.8), Found(target, 0.9), _mood(frame, i), first, trigger.last


def _coded(parties: list[Party]) -> tuple[ActorRef, ...]:
    return tuple(p.ref for p in parties if p.ref.code and not p.modifier)


def _between(frame: Frame, i: int) -> tuple[ActorRef, ...]:
    for k in range(i + 1, min(i + _FAR, frame.last)):
        low = frame.parsed.low(k)
        if low in (".", ";", "that", "which", "after", "because"):
            return ()
        if low == "between":
            m = k + 1
            while frame.parsed.low(m) in DETERMINER or (m not in frame.parsed.party_of and m < k + 3):
                m += 1
            party = frame.parsed.party_of.get(m)
            refs = _coded(group(frame.parsed, party, left=False)) if party else ()
            return refs if len({r.code for r in refs}) > 1 else ()
    return ()


def _pair_before(frame: Frame, i: int) -> tuple[ActorRef, ...]:
    """ "US-Russia talks", "Russian-Turkish summit": two names joined by a hyphen right before the noun."""
    k = i - 1
    while k > i - 3 and k not in frame.parsed.party_of:
        k -= 1
    party = frame.parsed.party_of.get(k)
    if party is None or frame.parsed.low(party.first - 1) not in ("-", "–", "—", "‑"):
        return ()
    refs = _coded(group(frame.parsed, party, left=True))
    return refs if len({r.code for r in refs}) > 1 else ()


def _format(frame: Frame, trigger: Trigger) -> tuple[ActorRef, ...]:
    """Who meets in "a NATO-Russia Council meeting" or "a meeting within the OSCE", where it happens."""
    parsed = frame.parsed
    lows = {
        parsed.low(k)
        for k in range(max(frame.first, trigger.first - 25), min(frame.last + 1, trigger.last + 12))
    }
    if not lows & HAPPENING or not lows & TIME:
        return ()
    party = parsed.party_of.get(trigger.first - 1)
    if party is None and parsed.low(trigger.last + 1) in _WITHIN:
        k = trigger.last + 2
        while parsed.low(k) in DETERMINER:
            k += 1
        party = parsed.party_of.get(k)
    if party is None:
        return ()
    if party.members:
        return tuple(party.ref.model_copy(update={"code": code, "name": None}) for code in party.members)
    return (party.ref,) if party.ref.kind in ("alliance", "organisation") else ()


def _owner(frame: Frame, i: int) -> tuple[ActorRef, ...]:
    """Whose act it is: "Russia's rejection", "the Russian rejection"."""
    k = i - 1
    while (
        k > max(frame.first, i - 4)
        and k not in frame.parsed.party_of
        and (frame.parsed.low(k) in ("'s", "’s", "'") or frame.parsed.low(k).isalpha())
    ):
        k -= 1
    party = frame.parsed.party_of.get(k)
    if (
        party is None
        or party.modifier
        or not (party.possessive or (party.role == "adjective" and k == i - 1))
    ):
        return ()
    return _coded(group(frame.parsed, party, left=True))


def _target(frame: Frame, i: int) -> tuple[ActorRef, ...]:
    if frame.parsed.low(i + 1) not in _TOWARDS:
        return ()
    for k in range(i + 2, min(i + 6, frame.last + 1)):
        party = frame.parsed.party_of.get(k)
        if party is not None:
            return _coded(group(frame.parsed, party, left=False))
        if frame.parsed.low(k) in (",", "by", "."):
            break
    return ()


def _given_to(frame: Frame, i: int) -> tuple[ActorRef, ...]:
    """ "this promise was made to Gorbachev by Baker": whom the noun was given to."""
    parsed = frame.parsed
    if parsed.low(i + 2) not in ("made", "given", "issued", "offered", "sent", "extended", "delivered"):
        return ()
    party = parsed.party_of.get(i + 4) or parsed.party_of.get(i + 5)
    return _coded([party]) if party and parsed.low(i + 3) == "to" else ()


def _by(frame: Frame, i: int) -> tuple[ActorRef, ...]:
    for k in range(i + 1, min(i + 10, frame.last)):
        if frame.parsed.low(k) == "by":
            party = frame.parsed.party_of.get(k + 1) or frame.parsed.party_of.get(k + 2)
            return _coded([party]) if party else ()
        if frame.parsed.low(k) in (",", ".", ";"):
            break
    return ()


def _mood(frame: Frame, i: int) -> Modality:
    lows = [frame.parsed.low(k) for k in range(max(frame.first, i - 8), min(frame.last + 1, i + 10))]
    if any(low in ("will", "planned", "upcoming", "scheduled", "forthcoming", "future") for low in lows):
        return "future"
    if any(low in ("possible", "could", "may", "might", "would", "potential", "if") for low in lows):
        return "hypothetical"
    return "asserted"
