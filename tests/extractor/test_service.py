"""The stage with articles: what is on the log afterwards, what was counted, what was told."""

import io
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from archwatch.contracts.codec import decode_event, encode_message
from archwatch.contracts.event import FlaggedStory
from archwatch.contracts.story import Story
from archwatch.contracts.topics import EVENTS, STORIES, TOPICS
from archwatch.eventlog.local import LocalLog
from archwatch.extractor.articles import Articles
from archwatch.extractor.extract import Coder
from archwatch.extractor.service import extractor_stage
from archwatch.stage import Surroundings, run_stage
from archwatch.telemetry.health import Health
from archwatch.telemetry.logs import configure_logging
from archwatch.telemetry.metrics import Metrics
from archwatch.web.client import Client, Limits
from local_web import Web
from samples import NOW, entry, story

CONFIG = Path(__file__).parents[2] / "config"
TITLE = "Norway refuses a second missile base"
UNQUOTED = "The wind had turned in the harbour when the last of the delegations went aboard again."
PARAGRAPHS = (
    "OSLO. Norway has rejected a second missile base in the fjords, its government said on Tuesday.",
    "“We were not asked, and we would have said no to it,” Foreign Minister Ada Berg said in parliament.",
    "Poland and Norway will hold talks about the second base in March, the government said in Oslo.",
    UNQUOTED,
)
PAGE = (
    f"<html><body><article>{''.join(f'<p>{one}</p>' for one in PARAGRAPHS)}</article></body></html>".encode()
)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[LocalLog]:
    log = LocalLog(tmp_path / "log.db")
    log.ensure_topics(TOPICS)
    yield log
    log.close()


@pytest.fixture
def metrics() -> Metrics:
    return Metrics()


@pytest.fixture
def told() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    configure_logging("info", "json", stream)
    yield stream
    configure_logging("warning", "json")


def ours(id: str, url: str, title: str = TITLE) -> Story:  # noqa: A002
    head = entry(id, title, url=url, summary="Nobody had asked.", feed="http://127.0.0.1/feed")
    return story(id).model_copy(update={"entry": head})


def work(log: LocalLog, metrics: Metrics, *stories: Story) -> dict[str, FlaggedStory]:
    log.append([encode_message(STORIES, one.id, one) for one in stories])
    stop, done = threading.Event(), threading.Event()
    done.set()
    client = Client(
        Limits(1, 1, total_timeout=5),
        user_agent="archwatch/0.1",
        allow_private_hosts=["127.0.0.1"],
        stop=stop,
    )
    articles = Articles(client, mode="flagged", batch=20, pause=0, stop=stop)
    coder = Coder.load(CONFIG / "actors.yaml", CONFIG / "verbs.yaml", CONFIG.parent / "models/events")
    stage = extractor_stage(
        coder, articles=articles.of, source="urn:test", metrics=metrics, clock=lambda: NOW
    )
    around = Surroundings(log, metrics, Health(), stop, batch=10, fuse_share=0.5, fuse_window=20)
    try:
        run_stage(stage, around, done)
    finally:
        articles.close()
    return {data.story.id: data for data in map(decode_event, log.read(EVENTS.name))}


def test_events_and_quotes_come_from_the_article_and_the_article_does_not_go_out(
    web: Web, log: LocalLog, metrics: Metrics, told: io.StringIO
) -> None:
    web.serve("/robots.txt", status=404)
    good = ours("good", web.serve("/a", PAGE, Content_Type="text/html"))
    walled = ours("walled", web.serve("/b", b"no", status=403))
    out = work(log, metrics, good, walled)

    read = out["good"]
    assert {event.event_type for event in read.events} >= {"REJECT", "CONSULT"}
    assert [quote.text for quote in read.quotes if quote.kind == "direct"] == [
        "We were not asked, and we would have said no to it,"
    ]
    assert read.story.excerpt == "Nobody had asked."
    assert all(len(event.evidence.text) <= 300 for event in read.events)
    published = b"".join(record.value for record in log.read(EVENTS.name))
    assert UNQUOTED.encode() not in published
    assert json.dumps("\n".join(PARAGRAPHS))[1:-1].encode() not in published

    assert {event.event_type for event in out["walled"].events} <= {"REJECT"}  # the headline's own
    assert metrics.value("archwatch_articles_total", outcome="read") == 1
    assert metrics.value("archwatch_articles_total", outcome="http_error") == 1
    assert metrics.value("archwatch_article_seconds_count") == 2
    lines = [json.loads(line) for line in told.getvalue().splitlines()]
    assert {
        line["story"]: (line["outcome"], line["why"]) for line in lines if line["event"] == "article"
    } == {"good": ("read", None), "walled": ("http_error", "HTTP 403")}


def test_a_story_that_cannot_be_coded_costs_the_others_no_second_fetch(
    web: Web, log: LocalLog, metrics: Metrics, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.serve("/robots.txt", status=404)
    stories = [ours(f"s{n}", web.serve(f"/{n}", PAGE)) for n in range(3)]

    def fails(data: FlaggedStory, **given: object) -> None:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr("archwatch.extractor.service.encode_event", fails)
    assert work(log, metrics, *stories) == {}
    assert metrics.total("archwatch_dead_letters_total", reason="handler_failed") == 3
    assert sorted(path for path, _ in web.asked) == ["/0", "/1", "/2", "/robots.txt"]
    # nothing was published: nothing is counted
    assert metrics.total("archwatch_articles_total") == 0
