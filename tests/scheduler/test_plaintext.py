"""Plain text out of markup."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archwatch.scheduler.plaintext import one_line, plain, storable


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("<p>One</p><p>Two <b>bold</b> words</p>", "One\nTwo bold words"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("x<script>alert(1)</script><style>p{}</style><!-- no -->y", "xy"),
        ("AT&amp;T &amp;amp; sons &#8211; caf&eacute;", "AT&T &amp; sons – café"),
        ("1 < 2 and x<y", "1 < 2 and x<y"),
        ("soft\u00adhyphen\u200b\x07 bell", "softhyphen bell"),
        ("cafe\u0301", "café"),
        ("<?xml version='1.0' encoding='utf-16'?><p>x</p>", "x"),
        ("\ud83d lone", "\ufffd lone"),
        ("<p>one\x0btwo</p>", "one\ntwo"),
        ("<p>a&#11;b&#x1B;c&#xFFFE;d</p>", "abcd"),
        ("", ""),
    ],
)
def test_markup_becomes_text(value: str, text: str) -> None:
    assert plain(value, 1_000) == text


def test_a_title_is_one_line_within_its_length() -> None:
    assert one_line("<p>One</p>\n<p>Two</p>", 500) == "One Two"
    assert len(one_line("word " * 1_000, 500)) <= 500


@pytest.mark.parametrize(
    "bomb", ["<div>" * 200_000, "<p>" + "x" * 10_000_000, "&lt;" * 1_000_000, "<b" * 500_000]
)
def test_what_is_built_to_harm_is_bounded(bomb: str) -> None:
    assert len(plain(bomb, 5_000, html=True)) <= 5_000


@given(st.text(), st.booleans())
def test_text_is_always_storable_and_bounded(value: str, html: bool) -> None:
    text = plain(value, 20, html=html)
    assert len(text) <= 20
    text.encode()
    assert "\x00" not in text
    storable(value).encode()
    assert len(storable(value)) == len(value), "offsets must hold"


@given(
    st.lists(st.sampled_from(["<p>", "<br>", "</p>", "&#", "x", "11", "B", ";", "FFFE", "\x0b", "\x0c", "d"]))
)
def test_no_character_of_a_marked_up_text_is_too_much(parts: list[str]) -> None:
    assert len(plain("".join(parts), 100, html=True)) <= 100


@given(st.lists(st.from_regex(r"\A[a-zа-я]{1,8}\Z"), min_size=1, max_size=30))
def test_words_survive_any_paragraphs(words: list[str]) -> None:
    html = "".join(f"<p>{word}</p>" for word in words)
    assert plain(html, 10_000).split() == words
