"""What is no story, or too much of one: no crash, a reason, and work that grows no faster than the text."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

import pytest

from archwatch.extractor.extract import MAX_CHARS, Coder, Extraction, extract

CONFIG = Path(__file__).parents[2] / "config"
HEADLINES = "Harbour town wins the cup\nRain until Friday, then frost\nSeven tips for tyres\n"
LIVE_BLOG = (
    "12:41\nPutin says talks will go on.\n12:39\n“We will not sign,” Lavrov said.\n"
    "12:30\nThe delegations arrive.\n"
)
CODE = "def poll(feeds):\n    return [fetch(feed) for feed in feeds if feed.due]  # every 900 s\n"
TABLE = "| state | tanks | 1990 |\n|---|---:|---|\n| Norland | 1,200 | 14 |\n"
NAGARI = "नाटो और रूस की बैठक जिनेवा में हुई। "
CHINESE = "北约和俄罗斯在日内瓦会谈。"
ENDLESS = "the ministers talk and the missiles stay and nobody in Norland was asked and so it goes on "


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder.load(CONFIG / "actors.yaml", CONFIG / "verbs.yaml", CONFIG.parent / "models/events")


def read(coder: Coder, text: str, title: str = "", language: str | None = "en") -> Extraction:
    published = datetime(2022, 1, 14, tzinfo=UTC)
    return extract(title, "", text, published_at=published, language=language, coder=coder)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no text"),
        ("\n \t\n", "no text"),
        (HEADLINES, "no actor"),
        (HEADLINES * 2_000, "no actor"),
        (CODE * 20, "no actor"),
        (TABLE * 500, "no actor"),
        (NAGARI * 50, "no actor"),
        (CHINESE * 50, "no actor"),
        (ENDLESS * 3_000, "no actor"),  # 51,000 words without a full stop
    ],
)
def test_what_is_no_story_has_no_events_and_a_reason(coder: Coder, text: str, reason: str) -> None:
    for language in ("en", "hi", None):
        found = read(coder, text, language=language)
        assert found.events == ()
        assert found.reason
    assert reason in (read(coder, text).reason or "")


def test_a_megabyte_is_read_in_its_beginning_and_says_so(coder: Coder) -> None:
    text = "Russia rejects the NATO offer.\n" + "It rained in the harbour of Westby that day. " * 25_000
    assert len(text) > 1_000_000
    found = read(coder, text)
    assert [event.event_type for event in found.events] == ["REJECT"]
    assert found.reason == f"only the first {MAX_CHARS:,} of {len(text):,} characters were read"


def test_a_live_blog_is_a_text_like_another(coder: Coder) -> None:
    found = read(coder, LIVE_BLOG * 30, title="Live: talks in Geneva")
    assert any(quote.text.startswith("We will not sign") for quote in found.quotes)
    assert found.events or found.reason


@contextmanager
def counted_calls() -> Iterator[Callable[[], int]]:
    calls = 0

    def count(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        yield lambda: calls
    finally:
        sys.setprofile(before)


def work(coder: Coder, text: str, title: str = "") -> int:
    """How many calls a text takes: the same on every machine, unlike seconds."""
    with counted_calls() as calls:
        read(coder, text, title)
        return calls()


@pytest.mark.parametrize(
    "unit",
    [HEADLINES, LIVE_BLOG, CODE, TABLE, NAGARI, ENDLESS, "Russia, ", "Putin said that Lavrov said that ", "“",
     '"We will not sign it at all" said Putin. ', "Russia and Poland and ", "on 13 January 2022 ", "A.B.C. ",
     "the rejection of ", "‘a b c d e f ", "\n", "a"],
)  # fmt: skip
def test_twice_the_text_is_twice_the_work(coder: Coder, unit: str) -> None:
    once, twice = (work(coder, unit * (size // len(unit)), "A headline") for size in (8_000, 16_000))
    assert twice <= 2.2 * once + 1_000


def test_beyond_the_limit_is_no_work(coder: Coder) -> None:
    assert work(coder, ENDLESS * 12_000) <= work(coder, (ENDLESS * 12_000)[:MAX_CHARS]) + 100
