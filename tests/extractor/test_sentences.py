"""Sentences: what ends one, what is none, and that no text takes long."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archwatch.extractor.sentences import MAX_SENTENCE, MAX_SENTENCES, split


def texts(text: str, headline_end: int = 0) -> list[str]:
    return [s.text for s in split(text, headline_end=headline_end)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gen. Smith met Mr. Jones. They left.", ["Gen. Smith met Mr. Jones.", "They left."]),
        ("The U.S. Senate voted. It passed.", ["The U.S. Senate voted.", "It passed."]),
        ("Talks with the U.S. The minister left.", ["Talks with the U.S.", "The minister left."]),
        ("“Never.” He went on.", ["“Never.”", "He went on."]),
        ("“Is it over?” he asked.", ["“Is it over?” he asked."]),
        ("Wait... and see. Now.", ["Wait... and see.", "Now."]),
        ("MOSCOW, February 10. /TASS/. Russia left.", ["Russia left."]),
        ("KYIV (Reuters) - Ukraine stayed.", ["Ukraine stayed."]),
        ("The National Guard (NG) has left.", ["The National Guard (NG) has left."]),
        ("It ended.\n\nSource Link\n\nSubscribe to our list", ["It ended."]),
        ("“Is it over?” John Smith of the Herald asked.", ["“Is it over?” John Smith of the Herald asked."]),
        ("10:32 Talks began.\n9.15am GMT - Talks ended.", ["Talks began.", "Talks ended."]),
        ("SEOUL (███) - The North stayed.", ["The North stayed."]),
        ("JUST WATCHED A clip Replay\n\nIt ended.", ["It ended."]),
        ("Photograph: Anna Berg/Agency\n\nIt ended.", ["It ended."]),
        ("FILE PHOTO: A tank in a field.\n\nIt ended.", ["It ended."]),
        ("Get the stories you care about delivered to your inbox.\n\nIt ended.", ["It ended."]),
        ("Share on Facebook\nShare\nTweet\nIt ended.", ["It ended."]),
        ("We use cookies to improve your experience.\n\nIt ended.", ["It ended."]),
        ("This story is part of the report on cookies.", ["This story is part of the report on cookies."]),
        ("By Anna Smith and Bob Jones\nIt began.", ["It began."]),
    ],
)
def test_split(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


def test_a_headline_is_told_from_the_body() -> None:
    kinds = [s.kind for s in split("A title\n\nA body.", headline_end=7)]
    assert kinds == ["headline", "body"]


@given(st.text(max_size=600))
def test_every_sentence_is_a_stretch_of_the_text_in_order(text: str) -> None:
    reached = 0
    for sentence in split(text):
        assert text[sentence.start : sentence.end] == sentence.text
        assert reached <= sentence.start < sentence.end
        reached = sentence.end


def test_a_run_without_a_full_stop_is_cut() -> None:
    pieces = texts("word " * 50_000)
    assert max(map(len, pieces)) <= MAX_SENTENCE
    assert len(pieces) <= MAX_SENTENCES
