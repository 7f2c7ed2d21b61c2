"""Where it happened: cities and states after in, at, near. Never a coordinate, never a guess."""

from typing import Final

from archwatch.contracts.event import Place
from archwatch.extractor.parsed import Parsed
from archwatch.extractor.words import DETERMINER

_AT: Final = frozenset(
    {"in", "at", "near", "outside", "around"}  # English
    | {"bei", "nahe", "en", "à", "em", "în", "w", "we", "pod", "в", "во", "на", "под", "у", "біля", "під"}
)
# The one capital that stands for an organisation; in the spellings of config/actors.yaml.
_BRUSSELS: Final = ("brussels", "bruxelles", "brüssel", "bruselas", "bruksel", "брюссел")


def find_places(parsed: Parsed) -> list[tuple[int, Place]]:
    """The places of a sentence, each with the index of its token."""
    found: list[tuple[int, Place]] = []
    for i, token in enumerate(parsed.tokens):
        if token.named is None or token.named.modifier:
            continue
        sense = token.named.sense
        party = parsed.party_of.get(i)
        if sense.kind == "city":
            found.append(
                (
                    i,
                    Place(
                        raw=token.text,
                        name=token.text if token.text.endswith(sense.name) else sense.name,
                        country=sense.code,
                    ),
                )
            )
        elif (
            sense.kind in ("capital", "name")
            and sense.actor_kind in ("state", "group")
            and _stands_in(parsed, i)
            and (party is None or party.first == party.last)
        ):
            name = sense.place or token.text if sense.kind == "capital" else sense.name
            found.append(
                (
                    i,
                    Place(
                        raw=token.text, name=name, country=sense.code if sense.actor_kind == "state" else None
                    ),
                )
            )
        elif sense.code == "EU" and token.low.startswith(_BRUSSELS) and _stands_in(parsed, i):
            found.append((i, Place(raw=token.text, name="Brussels", country="BEL")))
    return found


def _stands_in(parsed: Parsed, i: int) -> bool:
    k = i - 1
    while parsed.low(k) in DETERMINER or parsed.low(k) in (
        "and",
        ",",
        "eastern",
        "western",
        "northern",
        "southern",
        "central",
    ):
        if parsed.low(k) in ("and", ",") and k - 1 not in parsed.party_of:
            return False
        if parsed.low(k) == "," and parsed.low(i + 1) not in (",", ".", "and", ""):
            return False  # "in Vienna, Russia rejected"
        k = k - 2 if parsed.low(k) in ("and", ",") else k - 1
    return parsed.low(k) in _AT and parsed.low(i + 1) not in ("'s", "’s")
