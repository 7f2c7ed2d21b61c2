"""How many independent voices carry a story: forty copies of one dispatch are one.

A voice is the owner of an outlet where the feed list names one, else the outlet. An entry whose text is a
copy of an earlier one of the story speaks with the voice of that one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from archwatch.stories.fingerprint import COPY, overlap
from archwatch.stories.sighting import Prints, Sighting

_AGAIN: Final = 0.9  # share of runs in common, from which on a text says nothing that the other did not


@dataclass(frozen=True)
class Heard:
    """Whose voice an entry is. `again`: its text was in the story before, but for some words."""

    voice: str
    again: bool = False


def heard(sighting: Sighting, carried: Iterable[tuple[Prints, str]]) -> Heard:
    """The voice of an entry beside the prints and voices of those that carried the story before."""
    alike = [(overlap(sighting.prints, prints), voice) for prints, voice in carried]
    most, voice = max(alike, key=lambda pair: pair[0], default=(0.0, ""))
    if most < COPY:
        voice = f"owner:{sighting.owner}" if sighting.owner else f"outlet:{sighting.source}"
    return Heard(voice, most >= _AGAIN)
