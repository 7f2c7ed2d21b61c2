"""The entries of the last days in memory, and those of them that are near a vector."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from archwatch.stories.joining import Candidate
from archwatch.stories.sighting import Sighting

WIDTH: Final = 512
NEAR: Final = 0.35  # cosine below which two texts have never been the same news
_MOST: Final = 40  # candidates looked at more closely


class Window:
    """The last `size` entries by their number in the store, with their stories. Not for several threads."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._vectors: NDArray[np.float32] = np.zeros((2 * size, WIDTH), dtype=np.float32)
        self._first = self._end = 0
        self._entries: list[tuple[Sighting, str]] = []  # from _first on
        self.last = 0  # number in the store of the newest

    def __len__(self) -> int:
        return self._end - self._first

    def add(self, number: int, sighting: Sighting, story: str) -> None:
        if self._end == len(self._vectors):  # half of it is of entries long forgotten
            self._vectors[: len(self)] = self._vectors[self._first : self._end]
            self._first, self._end = 0, len(self)
        self._vectors[self._end] = sighting.vector
        self._end += 1
        self._entries.append((sighting, story))
        if len(self) > self._size:
            self._first += 1
        if len(self._entries) >= 2 * self._size:
            self._entries = self._entries[-self._size :]
        self.last = number

    def near(self, sightings: Sequence[Sighting]) -> list[list[Candidate]]:
        """For each sighting the entries nearest to it, at most 40."""
        if not len(self) or not sightings:
            return [[] for _ in sightings]
        asked = np.stack([sighting.vector for sighting in sightings])
        cosines = asked @ self._vectors[self._first : self._end].T
        entries = self._entries[len(self._entries) - len(self) :]
        return [self._candidates(entries, row) for row in cosines]

    @staticmethod
    def _candidates(entries: Sequence[tuple[Sighting, str]], cosines: NDArray[np.float32]) -> list[Candidate]:
        (places,) = np.nonzero(cosines >= NEAR)
        if len(places) > _MOST:
            places = np.sort(places[np.argpartition(cosines[places], -_MOST)[-_MOST:]])
        return [Candidate(*entries[at], cosine=float(cosines[at])) for at in places.tolist()]
