"""What a text has said so far about people: surnames in any spelling, offices, who was spoken of last."""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from archwatch.contracts.event import ActorRef
from archwatch.extractor.incumbents import Incumbents

_SHORTEST: Final = 5  # letters of a key: shorter names differ by what the rules throw away
_PLAIN: Final = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "č": "ch", "ć": "ch", "ş": "sh", "ș": "sh"}
)
# In order: hissing sounds, w and v, y and j and i, softened e, doubled letters.
_RULES: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        (r"schtsch|shch|chtch|szcz|tsch|tch|sch|sh|sz|ch(?=[eio]|$)|cz|zh|z|s", "s"),
        (r"kh", "h"),
        (r"ck|c(?![eih])|q", "k"),
        (r"x", "ks"),
        (r"w", "v"),
        (r"ou", "u"),
        (r"[yj]", "i"),
        (r"i+e", "e"),
        (r"i+$", "i"),
        (r"(.)\1+", r"\1"),
    )
)


@lru_cache(maxsize=16_384)
def name_key(surname: str) -> str:
    """One key for the spellings of a surname: Lukashevich, Lukasevich, Loukachevitch; Riabkov, Rjabkow.

    Coarse, and so meant for the few names of one text. Short names are their own keys, in lower case.
    """
    low = unicodedata.normalize("NFD", surname.lower().translate(_PLAIN))
    plain = key = "".join(c for c in low if not unicodedata.combining(c))
    for pattern, by in _RULES:
        key = pattern.sub(by, key)
    return key if len(key) >= _SHORTEST else plain


@dataclass
class Memory:
    """What the text has said so far: surnames (by `name_key`) with their bearers, and who was named last."""

    surnames: dict[str, ActorRef] = field(default_factory=dict)
    last_person: ActorRef | None = None
    last_party: ActorRef | None = None
    offices: dict[str, ActorRef] = field(default_factory=dict)
    incumbents: Incumbents = field(default_factory=Incumbents, repr=False)

    def note(self, ref: ActorRef) -> None:
        """Takes in a party as the text names it."""
        if ref.kind == "person" and ref.name:
            key = name_key(ref.name.rsplit(" ", 1)[-1])
            if ref.name in ref.text or key not in self.surnames:
                self.surnames[key] = ref
            self.last_person = ref
            if ref.office:
                self.offices[ref.office] = ref
        self.last_party = ref

    def known(self, surname: str) -> ActorRef | None:
        """Who bears this surname in the text, however it is spelled."""
        return self.surnames.get(name_key(surname))

    def bearer(self, title: str) -> ActorRef | None:
        """Who "the minister" or "the ambassador" is: the one person so far with such an office."""
        if title in self.offices:
            return self.offices[title]
        able = [
            ref
            for office, ref in self.offices.items()
            if office.endswith(f" {title}") or office.startswith(f"{title} ")
        ]
        return able[0] if able and len({(ref.code, ref.name) for ref in able}) == 1 else None
