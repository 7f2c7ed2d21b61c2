"""The sense of a story as numbers: what the encoders (`encoders/`) make of its headline and its lead."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from archwatch.classifier.features import Text
from archwatch.encoders import QUICK_WIDTH, SLOW_WIDTH, Vectors, cleaned, quick_vectors, slow_vectors

QUICK_WIDTHS: Final = (QUICK_WIDTH, QUICK_WIDTH)  # story, headline
SLOW_WIDTHS: Final = (SLOW_WIDTH,)  # story
_STORY_CHARS: Final = 300  # the time taken grows with the length, and a lead says what there is to say
_HEADLINE_CHARS: Final = 300
_SLOW_LEAD_CHARS: Final = 250


def encode_quickly(items: Sequence[Text]) -> Vectors:
    """Shape (len(items), sum(QUICK_WIDTHS)): beside one another two vectors of length 1 for each item."""
    parts = [_parts(item) for item in items]
    stories = [f"{headline}. {lead}" if lead else headline for headline, lead in parts]
    vectors = quick_vectors(stories + [headline for headline, _ in parts])
    return np.hstack([vectors[: len(items)], vectors[len(items) :]])


def encode_slowly(items: Sequence[Text]) -> Vectors:
    """Shape (len(items), sum(SLOW_WIDTHS)), rows of length 1."""
    return slow_vectors([f"{headline}. {lead[:_SLOW_LEAD_CHARS]}" for headline, lead in map(_parts, items)])


def _parts(item: Text) -> tuple[str, str]:
    """Headline and lead; the lead is empty when the item has no title to set it apart."""
    headline = cleaned(item.title or item.summary or item.text, _HEADLINE_CHARS)
    return headline, cleaned((item.summary or item.text) if item.title else "", _STORY_CHARS)
