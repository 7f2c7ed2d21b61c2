"""The sense of a text: near for the same story in another language, and whole for any text."""

import unicodedata
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archwatch.classifier.encoder import QUICK_WIDTHS, SLOW_WIDTHS, encode_quickly, encode_slowly
from archwatch.classifier.features import MAX_CHARS, MAX_UNTITLED, Text
from archwatch.encoders import Vectors
from samples import entry

WIDTHS = (*QUICK_WIDTHS, *SLOW_WIDTHS)
ENDS = np.cumsum(WIDTHS)


def encode(items: Sequence[Text]) -> Vectors:
    return np.hstack([encode_quickly(items), encode_slowly(items)])


@pytest.mark.parametrize("part", range(len(WIDTHS)))
def test_a_story_is_nearer_to_its_translation_than_to_another_story(part: int) -> None:
    vectors = encode(
        [
            entry(title="NATO rejects Russia's demand to end enlargement", summary=""),
            entry(title="Die Nato lehnt Russlands Forderung nach einem Ende der Erweiterung ab", summary=""),
            entry(title="Bakery in Lyon wins prize for its bread", summary=""),
        ]
    )
    own = vectors[:, ENDS[part] - WIDTHS[part] : ENDS[part]]
    assert own[0] @ own[1] > own[0] @ own[2]


def test_nothing_to_read_gives_no_vectors() -> None:
    assert encode([]).shape == (0, sum(WIDTHS))


def test_characters_that_expand_are_expanded_before_the_encoders_see_them() -> None:
    """U+FDFA stands for eighteen characters, more than one encoder leaves room for."""
    expanding = "\ufdfa" * 500
    (vector,) = encode([entry(title=expanding, summary=expanding)])
    (plain,) = encode([entry(title=unicodedata.normalize("NFKC", expanding), summary=expanding)])
    assert np.isfinite(vector).all()
    assert vector == pytest.approx(plain, abs=1e-5)


def test_the_sense_of_a_long_text_without_title_is_that_of_its_passages() -> None:
    weather = "It rains on the coast and the sun shines in the hills, as it did the day before. " * 5
    alliance = "NATO ministers reject Moscow's demand that the alliance take in no more members. " * 15
    long, about = entry(title="", summary=weather + alliance), entry(title="", summary=alliance)
    width = QUICK_WIDTHS[0]

    def likeness(untitled: int) -> float:
        vectors = encode_quickly([long, about], untitled)[:, :width]
        return float(vectors[0] @ vectors[1])

    assert likeness(MAX_UNTITLED) > likeness(MAX_CHARS)
    titled = entry(title="Rain", summary=weather)
    assert np.array_equal(encode_quickly([titled], MAX_UNTITLED), encode_quickly([titled]))


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(), max_size=400), st.text(st.characters(), max_size=2_000))
def test_any_text_has_a_sense_of_length_one(title: str, summary: str) -> None:
    """Halves of surrogate pairs and NUL included: one encoder is written in C."""
    item = entry().model_copy(update={"title": title, "summary": summary})
    (vector,) = np.hstack([encode_quickly([item], MAX_UNTITLED), encode_slowly([item])])
    assert np.isfinite(vector).all()
    for end, width in zip(ENDS, WIDTHS, strict=True):
        assert np.linalg.norm(vector[end - width : end]) == pytest.approx(1, abs=0.01)
