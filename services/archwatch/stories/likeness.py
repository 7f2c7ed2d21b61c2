"""How surely two entries report the same news: a logistic model on ten features.

The veto is in it: parties, actors or persons that are named on both sides and have nothing in common
weigh against, whatever the vectors say. Taught by `bench/clusters.py --fit` on the half `tune` of
tests/gold/stories-real.jsonl.
"""

import math
from collections.abc import Sequence
from typing import Final

from archwatch.stories.fingerprint import COPY, overlap
from archwatch.stories.sighting import Names, Sighting

FEATURES: Final = (
    "cosine", "words", "contained", "codes", "no code in common", "actors", "no actor in common",
    "people", "no person in common", "no act in common", "two languages", "cosine in two languages",
)  # fmt: skip
BIAS: Final = -8.0
WEIGHTS: Final = (7.0, 3.0, 2.0, 1.0, -0.8, 1.6, -2.0, 1.0, -1.5, -0.9, 0.0, 1.0)


def likeness(one: Sighting, other: Sighting, cosine: float) -> float:
    """The probability that both report the same news, from their vectors' `cosine` and what they name."""
    if one.language == other.language and overlap(one.prints, other.prints) >= COPY:
        return 1.0
    weighed = sum(w * f for w, f in zip(WEIGHTS, features(one, other, cosine), strict=True))
    return 1 / (1 + math.exp(-(BIAS + weighed)))


def features(one: Sighting, other: Sighting, cosine: float) -> Sequence[float]:
    """In the order of FEATURES, each 0..1."""
    two = float(one.language != other.language)
    common = len(one.words & other.words)
    fewer = min(len(one.words), len(other.words))
    return (
        cosine,
        _shared(one.words, other.words),
        common / fewer if fewer else 0.0,
        _shared(one.codes, other.codes),
        _apart(one.codes, other.codes),
        _shared(one.actors, other.actors),
        _apart(one.actors, other.actors),
        float(bool(one.people & other.people)),
        _apart(one.people, other.people),
        _apart(one.acts, other.acts),
        two,
        two * cosine,
    )


def _shared(one: Names, other: Names) -> float:
    return len(one & other) / len(one | other) if one or other else 0.0


def _apart(one: Names, other: Names) -> float:
    return float(bool(one) and bool(other) and not one & other)
