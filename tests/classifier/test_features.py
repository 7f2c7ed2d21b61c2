"""What the model sees: bounded, the same thing in any language, and no name by itself."""

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archwatch.classifier.features import MAX_CHARS, SIZE, column, features, matrix


@dataclass(frozen=True)
class Story:
    title: str = ""
    summary: str = ""
    text: str = ""


def names(title: str) -> set[str]:
    return {name for name, _ in features(Story(title))}


@pytest.mark.parametrize("word", ["NATO", "OTAN", "НАТО"])
def test_the_alliance_is_one_thing_in_every_language(word: str) -> None:
    assert "#alliance" in names(word)


def test_a_name_counts_as_its_side_only() -> None:
    assert names("Lavrov") == names("Лавров") == {"#russia"}


def test_capitals_tell_a_state_from_a_word() -> None:
    assert "#usa" in names("US troops")
    assert "#usa" not in names("tell us more")


def test_what_meets_in_a_sentence_is_a_feature_and_what_does_not_is_none() -> None:
    assert "#alliance+#russia" not in names("NATO")
    assert "#alliance+russia" in names("NATO answers Moscow")
    assert "#alliance+russia" not in names("Critics speak of NATO today. Moscow sees rain tomorrow")


def test_a_link_says_nothing() -> None:
    assert names("https://example.org/nato/moscow www.example.org/otan") == set()


def test_only_the_beginning_is_read() -> None:
    begun = Story("Rain", "", "word " * MAX_CHARS)
    assert features(Story("Rain", "", begun.text + "NATO")) == features(begun)


def test_of_a_text_without_title_so_much_is_read_as_the_model_was_taught_on() -> None:
    long = "word " * MAX_CHARS + "NATO"
    assert ("#alliance", "NATO") in features(Story("", "", long), untitled=len(long))
    assert ("#alliance", "NATO") not in features(Story("", "", long))
    assert features(Story("Rain", "", long), untitled=len(long)) == features(Story("Rain", "", long))


def test_the_title_is_read_before_the_summary_and_the_text() -> None:
    assert features(Story("NATO", "x" * 5_000, "Moscow")) == features(Story("NATO", "x" * (MAX_CHARS - 4)))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_makes_a_row_whose_columns_are_those_of_its_features(title: str, summary: str) -> None:
    story = Story(title, summary)
    counts = matrix([story, Story()])
    assert counts.shape == (2, SIZE)
    assert counts[1].nnz == 0
    seen = sorted({name for name, _ in features(story)})
    assert set(counts[0].indices) == set(column(seen) if seen else [])
    assert counts[0].sum() == len(features(story))
