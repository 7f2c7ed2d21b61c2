"""The sense of a story as numbers: what the encoders (`encoders/`) make of its headline and its lead.

Where a model was taught on texts without headline (`untitled`, see features.py), the quick encoder reads six
passages of such a text, and their mean is the sense of the story.
"""

import textwrap
from collections.abc import Sequence
from typing import Final

import numpy as np

from archwatch.classifier.features import MAX_CHARS, Text
from archwatch.encoders import QUICK_WIDTH, SLOW_WIDTH, Vectors, cleaned, quick_vectors, slow_vectors

QUICK_WIDTHS: Final = (QUICK_WIDTH, QUICK_WIDTH)  # story, headline
SLOW_WIDTHS: Final = (SLOW_WIDTH,)  # story
_STORY_CHARS: Final = 300  # the time taken grows with the length, and a lead says what there is to say
_HEADLINE_CHARS: Final = 300
_SLOW_LEAD_CHARS: Final = 250
_PASSAGES: Final = 6  # of _STORY_CHARS each


def encode_quickly(items: Sequence[Text], untitled: int = MAX_CHARS) -> Vectors:
    """Shape (len(items), sum(QUICK_WIDTHS)): beside one another two vectors of length 1 for each item."""
    passages = [_passages(item, untitled) for item in items]
    vectors = quick_vectors([one for some in passages for one in some] + [_parts(item)[0] for item in items])
    headlines = vectors[len(vectors) - len(items) :]
    stories, start = np.empty_like(headlines), 0
    for row, some in enumerate(passages):
        stories[row] = _mean(vectors[start : start + len(some)])
        start += len(some)
    return np.hstack([stories, headlines])


def encode_slowly(items: Sequence[Text]) -> Vectors:
    """Shape (len(items), sum(SLOW_WIDTHS)), rows of length 1."""
    return slow_vectors([f"{headline}. {lead[:_SLOW_LEAD_CHARS]}" for headline, lead in map(_parts, items)])


def _parts(item: Text) -> tuple[str, str]:
    """Headline and lead; the lead is empty when the item has no title to set it apart."""
    headline = cleaned(item.title or item.summary or item.text, _HEADLINE_CHARS)
    return headline, cleaned((item.summary or item.text) if item.title else "", _STORY_CHARS)


def _passages(item: Text, untitled: int) -> list[str]:
    """At least one."""
    headline, lead = _parts(item)
    if item.title or untitled <= MAX_CHARS:
        return [f"{headline}. {lead}" if lead else headline]
    whole = cleaned(f"{item.summary} {item.text}", min(untitled, _PASSAGES * _STORY_CHARS))
    return textwrap.wrap(whole, _STORY_CHARS, break_on_hyphens=False)[:_PASSAGES] or [headline]


def _mean(vectors: Vectors) -> Vectors:
    """Of length 1 again."""
    mean: Vectors = vectors.mean(axis=0)
    return mean if len(vectors) == 1 else mean / np.linalg.norm(mean)
