"""How surely two entries report the same news: a logistic model on twelve features.

The veto is in it: parties, actors or persons that are named on both sides and have nothing in common
weigh against, whatever the vectors say. Taught by `bench/clusters.py --fit` on the half `tune` of
tests/gold/stories-*.jsonl.
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from archwatch.stories.fingerprint import COPY, overlap
from archwatch.stories.sighting import Names, Sighting

FEATURES: Final = (
    "cosine", "words", "words of the headline", "codes", "no code in common", "actors", "no actor in common",
    "a person", "no person in common", "no act in common", "two languages", "cosine in two languages",
)  # fmt: skip
BIAS: Final = -8.42
WEIGHTS: Final = (3.55, 5.03, 8.95, 1.18, -1.07, 1.89, -3.85, 1.43, -1.6, -0.95, -1.2, 8.49)
_RARE: Final = 5.0
_CLOSE: Final = 0.5  # copies are
_COMMON: Final = {
    word: float(weight)
    for word, weight in map(
        str.split, Path(__file__).with_name("common_words.txt").read_text().splitlines()[3:]
    )
}


def likeness(one: Sighting, other: Sighting, cosine: float) -> float:
    """The probability that both report the same news, from their vectors' `cosine` and what they name."""
    close = one.language == other.language and cosine >= _CLOSE
    if close and overlap(one.prints, other.prints) >= COPY:
        return 1.0
    weighed = sum(w * f for w, f in zip(WEIGHTS, features(one, other, cosine), strict=True))
    return 1 / (1 + math.exp(-(BIAS + weighed)))


def features(one: Sighting, other: Sighting, cosine: float) -> Sequence[float]:
    """In the order of FEATURES, each 0..1."""
    two = float(one.language != other.language)
    return (
        cosine,
        _told(one.words, other.words),
        _told(one.headline, other.headline),
        _shared(one.codes, other.codes),
        _apart(one.codes, other.codes),
        _shared(one.actors, other.actors),
        _apart(one.actors, other.actors),
        float(not one.people.isdisjoint(other.people)),
        _apart(one.people, other.people),
        _apart(one.acts, other.acts),
        two,
        two * cosine,
    )


def _told(one: Names, other: Names) -> float:
    """The share of words in common, each by how rare it is."""
    common = _weight(one & other)
    return common / (_weight(one | other) or 1.0)


def _weight(words: Names) -> float:
    return sum(_COMMON.get(word, _RARE) for word in words)


def _shared(one: Names, other: Names) -> float:
    return len(one & other) / len(one | other) if one or other else 0.0


def _apart(one: Names, other: Names) -> float:
    return float(bool(one) and bool(other) and one.isdisjoint(other))
