"""Which story an entry joins. Pure: the same entries before it, the same answer."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from archwatch.stories.likeness import likeness
from archwatch.stories.sighting import Sighting

JOIN: Final = 0.4  # likeness from which on it is the same news
WINDOW: Final = timedelta(hours=72)  # between two entries of one story
HORIZON: Final = timedelta(days=30)  # how far back a predecessor may lie
_NEAREST: Final = 3  # of a story, how many of its entries have a say


@dataclass(frozen=True)
class Candidate:
    """An earlier entry that may report the same: its story, and the cosine of the two vectors."""

    sighting: Sighting
    story: str
    cosine: float


@dataclass(frozen=True)
class Joined:
    """The story of an entry: an earlier one, or (`story` None) a new one, perhaps with a predecessor."""

    story: str | None
    predecessor: str | None = None
    likeness: float = 0.0


def joined(sighting: Sighting, candidates: Iterable[Candidate]) -> Joined:
    """The likest story whose entries lie within WINDOW; one that lies further back is a predecessor.

    A story is as like as the mean of its three likest entries, so that one odd neighbour does not chain
    two stories into one.
    """
    near: dict[str, list[float]] = defaultdict(list)
    far: dict[str, list[float]] = defaultdict(list)
    for candidate in candidates:
        apart = abs(sighting.at - candidate.sighting.at)
        if apart > HORIZON:
            continue
        found = near if apart <= WINDOW else far
        found[candidate.story].append(likeness(sighting, candidate.sighting, candidate.cosine))
    story, sure = _likest(near)
    if sure >= JOIN:
        return Joined(story, likeness=sure)
    predecessor, old = _likest(far)
    return Joined(None, predecessor if old >= JOIN else None, max(sure, 0.0))


def _likest(found: dict[str, list[float]]) -> tuple[str | None, float]:
    best: tuple[str | None, float] = (None, 0.0)
    for story in sorted(found):  # of two alike, always the same one
        likest = sorted(found[story], reverse=True)[:_NEAREST]
        if (mean := sum(likest) / len(likest)) > best[1]:
            best = (story, mean)
    return best
