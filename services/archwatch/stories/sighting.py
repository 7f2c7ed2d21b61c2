"""What of an entry is compared with others, small enough to keep for days."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

Names = frozenset[str]
Vector = NDArray[np.float32]
Prints = NDArray[np.uint32]
_SETS: Final = ("words", "headline", "codes", "actors", "people", "acts")


@dataclass(frozen=True)
class Sighting:
    """An entry as the joining sees it. `vector` has length 1; `prints` is a MinHash signature.

    `words` are keys of the words of title and lead, `headline` those of the title, alike in Latin and
    Cyrillic; `codes` the parties named, `actors` those that act, `people` the persons who act or speak,
    `acts` the PLOVER types.
    """

    entry: str
    source: str
    owner: str | None
    language: str | None
    at: datetime
    vector: Vector = field(repr=False, compare=False)
    prints: Prints = field(repr=False, compare=False)
    words: Names = frozenset()
    headline: Names = frozenset()
    codes: Names = frozenset()
    actors: Names = frozenset()
    people: Names = frozenset()
    acts: Names = frozenset()


def packed(sighting: Sighting) -> tuple[str, bytes, bytes]:
    """Facts as JSON, vector as 16-bit floats, prints as bytes; `unpacked` turns them back."""
    facts: dict[str, object] = {
        "entry": sighting.entry,
        "source": sighting.source,
        "owner": sighting.owner,
        "language": sighting.language,
        "at": sighting.at.isoformat(),
    }
    facts |= {name: sorted(getattr(sighting, name)) for name in _SETS}
    return (
        json.dumps(facts, ensure_ascii=False),
        sighting.vector.astype(np.float16).tobytes(),
        sighting.prints.tobytes(),
    )


def unpacked(facts: str, vector: bytes, prints: bytes) -> Sighting:
    given = json.loads(facts)
    given |= {name: frozenset(given[name]) for name in _SETS}
    given["at"] = datetime.fromisoformat(given["at"])
    return Sighting(
        vector=np.frombuffer(vector, dtype=np.float16).astype(np.float32),
        prints=np.frombuffer(prints, dtype=np.uint32),
        **given,
    )


def as_kept(sighting: Sighting) -> Sighting:
    """As it comes back from the store: a decision must not depend on whether there was a restart."""
    return unpacked(*packed(sighting))
