"""Near duplicates: MinHash (Broder 1997) of runs of words, by rensa.

One agency's dispatch in many outlets differs in headline and last paragraph, not in its runs of words.
"""

import re
from typing import Final

import numpy as np
from rensa import RMinHash

from archwatch.stories.sighting import Prints

PERMUTATIONS: Final = 64  # the estimate of a Jaccard of 0.7 errs by 0.06
_RUN: Final = 3
_SEED: Final = 42  # prints of the store are compared with new ones: never change
_MOST: Final = 20_000
COPY: Final = 0.6  # share of runs in common, from which on a text is a copy


def prints(text: str) -> Prints:
    """The signature of a text, shape (64,); of its first 20,000 characters."""
    words = re.findall(r"\w+", text[:_MOST].lower())
    runs = {" ".join(words[i : i + _RUN]) for i in range(max(1, len(words) - _RUN + 1))}
    made = RMinHash(num_perm=PERMUTATIONS, seed=_SEED)
    made.update(sorted(runs))
    return np.array(made.digest(), dtype=np.uint32)


def overlap(one: Prints, other: Prints) -> float:
    """The estimated share of runs in common, 0..1."""
    return float(np.count_nonzero(one == other)) / PERMUTATIONS
