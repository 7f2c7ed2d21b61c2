"""The entries of the last days in memory, and those of them that are near a vector."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from archwatch.stories.joining import HORIZON, WINDOW, Candidate
from archwatch.stories.sighting import Sighting, Vector

WIDTH: Final = 512
NEAR: Final = 0.35  # cosine below which two texts have never been the same news
_MOST: Final = 40  # candidates looked at more closely: within WINDOW, and as many of before


@dataclass(frozen=True)
class _Kept:
    number: int
    sighting: Sighting
    story: str


class Window:
    """The entries whose number in the store is among the last `size`. Not for several threads.

    A row belongs to all numbers that leave the same rest, so the window after a restart is the one before.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._vectors: NDArray[np.float32] = np.zeros((size, WIDTH), dtype=np.float32)
        self._hours: NDArray[np.float64] = np.full(size, -np.inf)
        self._kept: list[_Kept | None] = [None] * size
        self._merged: dict[str, str] = {}
        self.last = 0  # number of the newest

    def add(self, number: int, sighting: Sighting, story: str) -> None:
        row = number % self.size
        self._vectors[row] = sighting.vector
        self._hours[row] = sighting.at.timestamp() / 3_600
        self._kept[row] = _Kept(number, sighting, story)
        self.last = max(self.last, number)

    def merge(self, story: str, into: str) -> None:
        """From now on the entries of `story` are of another."""
        self._merged[story] = into

    def asked(self, sightings: Sequence[Sighting]) -> "Asked":
        """What a batch is compared by: one product for all of it."""
        vectors = np.stack([sighting.vector for sighting in sightings])
        rows = min(self.last + 1, self.size)
        return Asked(self, self.last, vectors @ self._vectors[:rows].T, vectors @ vectors.T)

    def candidates(self, sighting: Sighting, cosines: NDArray[np.float32], upto: int) -> list[Candidate]:
        """The entries up to the number `upto` that are near; `cosines` are by row."""
        apart = np.abs(self._hours[: len(cosines)] - sighting.at.timestamp() / 3_600)
        near = (cosines >= NEAR) & (apart <= HORIZON.total_seconds() / 3_600)
        lately = apart <= WINDOW.total_seconds() / 3_600
        rows = [*_nearest(near & lately, cosines), *_nearest(near & ~lately, cosines)]
        found = [(kept, float(cosines[row])) for row in rows if (kept := self._kept[row])]
        return [
            Candidate(kept.sighting, self.story(kept.story), cosine)
            for kept, cosine in found
            if self.last - self.size < kept.number <= upto
        ]

    def story(self, story: str) -> str:
        """The story that it is part of by now."""
        while story in self._merged:
            story = self._merged[story]
        return story


@dataclass
class Asked:
    """The cosines of a batch with the window as it was before, and among each other."""

    _window: Window
    _upto: int
    _cosines: NDArray[np.float32]
    _among: NDArray[np.float32]

    def candidates(
        self, position: int, sighting: Sighting, joined: Sequence[tuple[int, Sighting, str]]
    ) -> list[Candidate]:
        """For the one at `position`; `joined`: place, sighting and story of those of the batch before it."""
        beside = [
            Candidate(other, self._window.story(story), float(self._among[position, place]))
            for place, other, story in joined
            if self._among[position, place] >= NEAR
        ]
        return [*self._window.candidates(sighting, self._cosines[position], self._upto), *beside]


def _nearest(mask: NDArray[np.bool_], cosines: Vector) -> list[int]:
    (rows,) = np.nonzero(mask)
    if len(rows) > _MOST:
        rows = rows[np.argpartition(cosines[rows], -_MOST)[-_MOST:]]
    return [int(row) for row in rows]
