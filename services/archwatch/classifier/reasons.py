"""Why a story scored as it did, in words a person understands.

The words that moved the score most, and what the story as a whole reads like: the topics of the lessons
that are nearest to it.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from archwatch.classifier.features import MAX_CHARS, Text, column, features
from archwatch.classifier.lessons import Lesson
from archwatch.classifier.machine import Machine

MAX_REASONS: Final = 5
_LEAST: Final = 0.01  # of the margin: what moved it less is not told
_NEAREST: Final = 7
_SECOND: Final = 0.6  # of the first topic's share, to be named beside it


def reasons(
    item: Text,
    weights: csr_matrix,
    machine: Machine,
    likeness: NDArray[np.float64],
    told: Sequence[Lesson],
    untitled: int = MAX_CHARS,
) -> tuple[str, ...]:
    """`weights` (1, features) of the item; its `likeness` (supporting lessons,) to those of `machine`;
    `told` are all lessons; `untitled`: see features.py. The strongest first, with how much of the margin was
    theirs."""
    moved = _words(features(item, untitled), weights, machine)
    if not moved:
        return ()
    sense = float(likeness @ machine.dual)
    moved[reads_like([told[row] for row in machine.rows], likeness, sense > 0)] = sense
    top = sorted(moved.items(), key=lambda pair: -abs(pair[1]))[:MAX_REASONS]
    return tuple(
        f"{what} speaks {'for' if value > 0 else 'against'} ({value:+.2f})"
        for what, value in top
        if abs(value) >= _LEAST
    )


def reads_like(supporting: Sequence[Lesson], likeness: NDArray[np.float64], core: bool) -> str:
    """What the core lessons among the nearest are about, where the sense is that of `core`; a lesson's first
    topic is its own."""
    if not core:
        return "that it reads like other news"
    share: defaultdict[str, float] = defaultdict(float)
    about = [at for at, lesson in enumerate(supporting) if lesson.label == 2]
    for at in sorted(about, key=lambda at: -likeness[at])[:_NEAREST]:
        for topic in supporting[at].topics[:1]:
            share[topic] += float(likeness[at])
    if not share:
        return "that it reads like what is looked for"
    best, *rest = sorted(share.items(), key=lambda pair: -pair[1])
    named = [best[0], *(topic for topic, part in rest[:1] if part >= _SECOND * best[1])]
    return f"that it reads like stories about {' and '.join(topic.replace('-', ' ') for topic in named)}"


def _words(found: Sequence[tuple[str, str]], weights: csr_matrix, machine: Machine) -> dict[str, float]:
    """How much of the margin was each word's, or each pair's of concepts that met in a sentence;
    `found` are the features of the text."""
    stands_for: dict[str, str] = {}
    for name, words in found:
        stands_for.setdefault(name, words)
    row = dict(zip(weights.indices.tolist(), weights.data.tolist(), strict=True))
    moved: dict[str, float] = {}
    for standing, at in zip(stands_for.values(), column(list(stands_for)), strict=True):
        words = f"“{standing.casefold()}”"
        moved[words] = moved.get(words, 0.0) + row.get(at, 0.0) * float(machine.words[at])
    return moved
