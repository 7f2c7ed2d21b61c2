"""How many independent voices carry a story: forty copies of one dispatch are one.

A voice is the owner of an outlet where the feed list names one, else the outlet. An entry whose text is a
copy of an earlier one of the story speaks with the voice of that one.
"""

from collections.abc import Iterable

from archwatch.stories.fingerprint import COPY, overlap
from archwatch.stories.sighting import Prints, Sighting


def voice(sighting: Sighting, carried: Iterable[tuple[Prints, str]]) -> str:
    """The voice of an entry beside the prints and voices of those that carried the story before."""
    for prints, earlier in carried:
        if overlap(sighting.prints, prints) >= COPY:
            return earlier
    return f"owner:{sighting.owner}" if sighting.owner else f"outlet:{sighting.source}"
