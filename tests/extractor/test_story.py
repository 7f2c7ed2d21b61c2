"""What of a text goes out: an excerpt, quotes within a bound, and why it was the lead that was read."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archwatch.contracts.event import Quote
from archwatch.extractor.article import Article, Outcome
from archwatch.extractor.extract import Coder
from archwatch.extractor.story import QUOTE_CHARS, code_story, quotable
from samples import story

CONFIG = Path(__file__).parents[2] / "config"
ARTICLE = (
    "Norway rejected a second missile base on Tuesday.\n"
    "“We were not asked, and we would have said no to it,” Foreign Minister Ada Berg said.\n"
    "Poland and Norway will hold talks in March."
)


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder.load(CONFIG / "actors.yaml", CONFIG / "verbs.yaml", CONFIG.parent / "models/events")


def quote(text: str, start: int = 0) -> Quote:
    return Quote(text=text, kind="direct", start=start, end=start + len(text))


def test_the_article_is_coded_in_place_of_the_feed_s_text(coder: Coder) -> None:
    one = story(title="A base is refused", summary="It was not asked for.", text="A stub.")
    out = code_story(one, coder, Article(Outcome.READ, text=ARTICLE))
    assert {event.event_type for event in out.events} >= {"REJECT"}
    reading = "\n\n".join(("A base is refused", "It was not asked for.", ARTICLE))
    spans = [(one.start, one.end, one.text) for one in [event.evidence for event in out.events]]
    spans += [(one.start, one.end, one.text) for one in out.quotes]
    assert all(reading[start:end] == text for start, end, text in spans)
    assert any(found.text.startswith("We were not asked") for found in out.quotes)
    assert out.story.excerpt == "It was not asked for."


def test_without_a_lead_the_excerpt_is_the_beginning_of_the_article(coder: Coder) -> None:
    out = code_story(story(summary=""), coder, Article(Outcome.READ, text=f"{ARTICLE}\n" * 20))
    assert out.story.excerpt.startswith("Norway rejected")
    assert len(out.story.excerpt) <= 300


def test_when_the_article_was_not_to_be_had_the_reason_says_so(coder: Coder) -> None:
    blank = story(title="A day in the hills", summary="It rained.")
    failed = Article(Outcome.HTTP_ERROR, "HTTP 403")
    out = code_story(blank, coder, failed)
    assert out.events == ()
    assert (out.reason or "").endswith("; the article was not to be had (http_error: HTTP 403)")
    assert "article" not in (code_story(blank, coder).reason or "")
    assert "not to be had" not in (code_story(blank, coder, Article(Outcome.READ, text="Rain.")).reason or "")
    assert code_story(story(title="Russia rejects the NATO offer"), coder, failed).reason is None


def test_a_long_quote_is_cut_and_says_so() -> None:
    (cut,) = quotable([quote("word " * 300, 7)], 100_000)
    assert len(cut.text) <= QUOTE_CHARS
    assert cut.text.endswith("word")
    assert cut.end == cut.start + len(cut.text)
    assert cut.missing["text"] == f"only the first {len(cut.text)} of 1500 characters are published"


def test_an_interview_is_not_published_whole(coder: Coder) -> None:
    answer = "“{} we will not sign the treaty, and we will not send a man to the talks,” the minister said.\n"
    article = "".join(answer.format(f"Point {n}:") for n in range(200))
    out = code_story(story(), coder, Article(Outcome.READ, text=article))
    assert 1_000 < sum(len(found.text) for found in out.quotes) <= 5_000
    assert "more are left out" in out.story.missing["quotes"]


@given(
    st.lists(st.text(st.sampled_from("ab \n,"), min_size=1, max_size=1_500), max_size=30),
    st.integers(0, 50_000),
)
def test_quotes_are_bounded_and_stay_what_they_were(texts: list[str], length: int) -> None:
    quotes = [quote(text) for text in texts]
    out = quotable(quotes, length)
    assert sum(len(one.text) for one in out) <= max(1_000, min(5_000, length // 3))
    assert all(
        old.text.startswith(new.text) and len(new.text) <= QUOTE_CHARS
        for old, new in zip(quotes, out, strict=False)
    )
    assert all(new.end - new.start == len(new.text) for new in out)
    if sum(map(len, texts)) <= 1_000:
        assert out == tuple(quotes)
