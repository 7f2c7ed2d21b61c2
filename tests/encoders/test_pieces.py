"""Word pieces: the likeliest row, whole whatever the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archwatch.encoders.pieces import Pieces

WORDS = ["<unk>", "\u2581", "a", "b", "ab", "\u2581ab", "abab", "ababab"]
SCORES = [0.0, -3.0, -4.0, -4.0, -5.0, -6.0, -9.0, -20.0]
PIECES = Pieces({word: at for at, word in enumerate(WORDS) if at}, SCORES, 0, {ord("\u00a0"): " "})


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("ab", ["\u2581ab"]),
        ("abab", ["\u2581ab", "ab"]),
        ("a  b", ["\u2581", "a", "\u2581", "b"]),
        ("a\u00a0b", ["\u2581", "a", "\u2581", "b"]),
        ("azb", ["\u2581", "a", "<unk>", "b"]),
        ("", ["\u2581"]),
    ],
)
def test_the_likeliest_row_is_found(text: str, pieces: list[str]) -> None:
    assert [WORDS[number] for number in PIECES.split(text)] == pieces


@given(st.text("ab \u00a0", max_size=60))
def test_the_pieces_together_are_the_text(text: str) -> None:
    joined = "".join(WORDS[number] for number in PIECES.split(text))
    words = text.replace("\u00a0", " ")
    while "  " in words:
        words = words.replace("  ", " ")
    assert joined.removeprefix("\u2581") == words.removeprefix(" ").replace(" ", "\u2581")
