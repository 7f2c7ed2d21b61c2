"""Which story an entry joins, and which stories it shows to be one. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from archwatch.stories.likeness import likeness
from archwatch.stories.sighting import Sighting

JOIN: Final = 0.35  # likeness from which on it is the same news
MERGE: Final = 0.8  # likeness of an entry to each of two stories from which on they may be one
WINDOW: Final = timedelta(hours=72)  # between two entries of one story
HORIZON: Final = timedelta(days=30)  # how far back a predecessor may lie
_ALIKE: Final = 0.2  # likeness that their own entries must have then
_NEAREST: Final = 3  # of a story, how many of its entries have a say


@dataclass(frozen=True)
class Candidate:
    """An earlier entry that may report the same: its story, and the cosine of the two vectors."""

    sighting: Sighting
    story: str
    cosine: float


@dataclass(frozen=True)
class Joined:
    """The story of an entry: an earlier one, or (`story` None) a new one, perhaps with a predecessor.
    `others`: stories that are the same news as `story`."""

    story: str | None
    predecessor: str | None = None
    likeness: float = 0.0
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Like:
    likeness: float
    sighting: Sighting


def joined(sighting: Sighting, candidates: Iterable[Candidate]) -> Joined:
    """The likest story whose entries lie within WINDOW; one that lies further back is a predecessor.

    A story is as like as the mean of its three likest entries, so that one odd neighbour does not chain
    two stories into one. Two stories are one when the entry is surely of both, and their entries nearest to
    it are somewhat alike, too: a round-up of the day is of many stories, and those are not.
    """
    near: dict[str, list[_Like]] = defaultdict(list)
    far: dict[str, list[_Like]] = defaultdict(list)
    for candidate in candidates:
        apart = abs(sighting.at - candidate.sighting.at)
        if apart > HORIZON:
            continue
        found = near if apart <= WINDOW else far
        like = likeness(sighting, candidate.sighting, candidate.cosine)
        found[candidate.story].append(_Like(like, candidate.sighting))
    ranked = _ranked(near)
    if ranked and ranked[0][1] >= JOIN:
        story, sure = ranked[0]
        return Joined(story, likeness=sure, others=_same(near, ranked) if sure >= MERGE else ())
    back = _ranked(far)
    predecessor = back[0][0] if back and back[0][1] >= JOIN else None
    return Joined(None, predecessor, ranked[0][1] if ranked else 0.0)


def _ranked(found: Mapping[str, Sequence[_Like]]) -> list[tuple[str, float]]:
    """Stories with their likeness, the likest first; of two alike, always the same one first."""
    means = [(story, _mean([like.likeness for like in _likest(likes)])) for story, likes in found.items()]
    return sorted(means, key=lambda pair: (-pair[1], pair[0]))


def _same(near: Mapping[str, Sequence[_Like]], ranked: Sequence[tuple[str, float]]) -> tuple[str, ...]:
    best = _likest(near[ranked[0][0]])
    return tuple(
        story for story, sure in ranked[1:] if sure >= MERGE and _alike(best, _likest(near[story])) >= _ALIKE
    )


def _alike(one: Sequence[_Like], other: Sequence[_Like]) -> float:
    pairs = [(a.sighting, b.sighting) for a in one for b in other]
    return _mean([likeness(a, b, float(a.vector @ b.vector)) for a, b in pairs])


def _likest(likes: Sequence[_Like]) -> list[_Like]:
    return sorted(likes, key=lambda like: (-like.likeness, like.sighting.entry))[:_NEAREST]


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers)
