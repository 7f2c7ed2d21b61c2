"""The entries of the last days in memory, and those of them that are near a vector."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from archwatch.stories.joining import HORIZON, WINDOW, Candidate
from archwatch.stories.sighting import Sighting

WIDTH: Final = 512
NEAR: Final = 0.35  # cosine below which two texts have never been the same news
_ROUGH: Final = 128  # directions in which all entries are compared first
_SLACK: Final = 0.15  # so much may the cosine in these be too low: two standard deviations
_LATELY: Final = 16  # candidates looked at more closely, of those within WINDOW ...
_BEFORE: Final = 4  # ... and of those before
_HOUR: Final = 3_600.0


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
        # any will do, at right angles to each other; scaled so that the products are cosines, nearly
        directions, _ = np.linalg.qr(np.random.default_rng(6).normal(size=(WIDTH, _ROUGH)))
        self._directions: NDArray[np.float32] = (directions * np.sqrt(WIDTH / _ROUGH)).astype(np.float32)
        self._vectors: NDArray[np.float32] = np.zeros((size, WIDTH), dtype=np.float32)
        self._rough: NDArray[np.float32] = np.zeros((size, _ROUGH), dtype=np.float32)
        self._hours: NDArray[np.float64] = np.full(size, -np.inf)
        self._kept: list[_Kept | None] = [None] * size
        self._merged: dict[str, str] = {}
        self.last = 0  # number of the newest

    def add(self, number: int, sighting: Sighting, story: str) -> None:
        row = number % self.size
        self._vectors[row] = sighting.vector
        self._rough[row] = sighting.vector @ self._directions
        self._hours[row] = sighting.at.timestamp() / _HOUR
        self._kept[row] = _Kept(number, sighting, story)
        self.last = max(self.last, number)

    def merge(self, story: str, into: str) -> None:
        """From now on the entries of `story` are of another."""
        self._merged[story] = into

    def asked(self, sightings: Sequence[Sighting]) -> "Asked":
        """What a batch is compared by: one product for all of it."""
        vectors = np.stack([sighting.vector for sighting in sightings])
        rows = min(self.last + 1, self.size)
        rough: NDArray[np.float32] = vectors.dot(self._directions).dot(self._rough[:rows].T)
        return Asked(self, self.last, rough, vectors @ vectors.T)

    def candidates(self, sighting: Sighting, rough: NDArray[np.float32], upto: int) -> list[Candidate]:
        """The entries up to the number `upto` that are near; `rough` are cosines by row, nearly."""
        rows = np.flatnonzero(rough >= NEAR - _SLACK)
        apart = np.abs(self._hours[rows] - sighting.at.timestamp() / _HOUR)
        lately = apart <= WINDOW.total_seconds() / _HOUR
        before = ~lately & (apart <= HORIZON.total_seconds() / _HOUR)
        nearest = np.concatenate(
            [_nearest(rows[lately], rough, _LATELY), _nearest(rows[before], rough, _BEFORE)]
        )
        cosines = self._vectors[nearest] @ sighting.vector
        found = [
            (kept, cosine) for row, cosine in zip(nearest, cosines, strict=True) if (kept := self._kept[row])
        ]
        return [
            Candidate(kept.sighting, self.story(kept.story), float(cosine))
            for kept, cosine in found
            if cosine >= NEAR and self.last - self.size < kept.number <= upto
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
    _rough: NDArray[np.float32]
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
        return [*self._window.candidates(sighting, self._rough[position], self._upto), *beside]


def _nearest(rows: NDArray[np.intp], rough: NDArray[np.float32], most: int) -> NDArray[np.intp]:
    if len(rows) > most:
        return rows[np.argpartition(rough[rows], -most)[-most:]]
    return rows
