"""The articles of a batch from a real server: every outcome has a name, and the batch its time."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler

import pytest

from archwatch.contracts.entry import Entry
from archwatch.contracts.story import Relevance, Story
from archwatch.errors import TransientError
from archwatch.extractor.article import Article, Mode, Outcome
from archwatch.extractor.articles import Articles
from archwatch.web.client import Client, Limits
from local_web import Web
from samples import entry

TITLE, LEAD = "Norland refuses a second missile base", "The foreign minister said nobody had asked."
PARAGRAPHS = (
    "NORDBURG. The government of Norland has refused to let the alliance build a second missile base in the "
    "fjords, its foreign minister, Ada Berg, told parliament on Tuesday. Nobody had asked, she said.",
    "“We were not asked, and we would have said no,” she said. The alliance’s secretary general called the "
    "answer hasty and asked for talks in March.",
)
CONSENT = (
    "We and our partners store and access information on a device, such as cookies, to show you content.",
    "You can accept or manage your choices by clicking below, including your right to object to it all.",
    "These choices will be signaled to our partners and will not affect browsing data of any kind at all.",
)


def page(*paragraphs: str) -> bytes:
    body = "".join(f"<p>{one}</p>" for one in paragraphs)
    return f"<html><head><title>{TITLE}</title></head><body><article>{body}</article></body></html>".encode()


@contextmanager
def fetching(
    *,
    mode: Mode = "flagged",
    batch: float = 20.0,
    pause: float = 0.0,
    article: float = 10.0,
    stop: threading.Event | None = None,
) -> Iterator[Articles]:
    stop = stop or threading.Event()
    client = Client(
        Limits(
            connect_timeout=1, read_timeout=1, total_timeout=article, max_body_bytes=200_000, max_redirects=3
        ),
        user_agent="archwatch/0.1 (+mailto:us)",
        allow_private_hosts=["127.0.0.1"],
        stop=stop,
    )
    articles = Articles(client, mode=mode, batch=batch, pause=pause, stop=stop)
    try:
        yield articles
    finally:
        stop.set()  # for what a test left under way
        articles.close()


def story(url: str | None, id: str = "s1", **fields: str) -> Story:  # noqa: A002
    defaults: dict[str, object] = {"summary": LEAD, "feed": "http://127.0.0.1/feed", "url": url}
    return Story(
        id=id,
        entry=entry(id, TITLE, **defaults | fields),
        language="en",
        relevance=Relevance(score=0.9, threshold=0.5, flagged=True, model="m"),
    )


def fetched(url: str | None, **fields: str) -> Article:
    with fetching() as articles:
        return articles.of([story(url, **fields)])["s1"]


@pytest.fixture
def free(web: Web) -> Web:
    """A web that allows robots everything."""
    web.serve("/robots.txt", status=404)
    return web


def test_an_article_is_read(free: Web) -> None:
    got = fetched(free.serve("/a", page(*PARAGRAPHS), Content_Type="text/html; charset=utf-8"))
    assert (got.outcome, got.why) == (Outcome.READ, None)
    assert got.text.splitlines()[-2:] == [*PARAGRAPHS]
    assert got.seconds > 0
    asked = free.asked[1][1]
    assert asked["User-Agent"] == "archwatch/0.1 (+mailto:us)"
    assert "text/html" in asked["Accept"]


def test_a_redirect_to_the_article_is_followed(free: Web) -> None:
    free.serve("/2026/a", page(*PARAGRAPHS))
    assert fetched(free.serve("/a", status=301, Location="/2026/a")).outcome is Outcome.READ


def test_a_packed_article_is_unpacked(free: Web) -> None:
    url = free.serve(
        "/a", gzip.compress(page(*PARAGRAPHS)), Content_Encoding="gzip", Content_Type="text/html"
    )
    assert fetched(url).outcome is Outcome.READ


@pytest.mark.parametrize(
    ("paragraphs", "outcome"),
    [((), "no_text"), (CONSENT, "unusable"), ((LEAD, "Subscribe to read on."), "unusable"),
     (("short",), "unusable")],
)  # fmt: skip
def test_a_page_that_is_not_the_article_is_not_used(
    free: Web, paragraphs: tuple[str, ...], outcome: str
) -> None:
    got = fetched(free.serve("/a", page(*paragraphs)))
    assert (got.outcome, got.text) == (outcome, "")
    assert got.why


def test_the_front_page_is_not_the_article(free: Web) -> None:
    free.serve("/", page(*PARAGRAPHS))
    got = fetched(free.serve("/gone", status=302, Location="/"))
    assert (got.outcome, got.why) == (Outcome.UNUSABLE, "leads to the front page")


@pytest.mark.parametrize(
    ("status", "body", "headers", "outcome"),
    [
        (403, b"no", {}, "http_error"),
        (404, b"no", {}, "http_error"),
        (503, b"no", {}, "http_error"),
        (200, b" \n", {}, "no_text"),
        (200, b"%PDF-1.7", {"Content_Type": "application/pdf"}, "unwanted_type"),
        (200, b"{}", {"Content_Type": "application/json"}, "unwanted_type"),
        (200, b"text", {"Content_Type": "text/plain"}, "unwanted_type"),
        (200, b"x" * 200_001, {"Content_Type": "text/html"}, "too_large"),
        (200, gzip.compress(bytes(20_000_000)), {"Content_Encoding": "gzip"}, "too_large"),
        (200, b"not gzip", {"Content_Encoding": "gzip"}, "broken_coding"),
        (302, b"", {"Location": "/a"}, "too_many_redirects"),
        (302, b"", {"Location": "file:///etc/passwd"}, "blocked_address"),
        (302, b"", {"Location": "http://169.254.169.254/latest"}, "blocked_address"),
        (302, b"", {"Location": "http://a..b/"}, "dns_error"),
    ],
)
def test_every_bad_answer_has_its_outcome(
    free: Web, status: int, body: bytes, headers: dict[str, str], outcome: str
) -> None:
    got = fetched(free.serve("/a", body, status, **headers))
    assert (got.outcome, got.text) == (outcome, "")
    assert got.why


def test_a_redirect_to_a_private_address_is_refused(free: Web) -> None:
    free.serve("/secret", page(*PARAGRAPHS))
    got = fetched(free.serve("/a", status=302, Location=free.url("/secret", "localhost")))
    assert got.outcome is Outcome.BLOCKED_ADDRESS
    assert "/secret" not in [path for path, _ in free.asked]


def test_a_feed_from_outside_leads_nowhere_inside(free: Web) -> None:
    url = free.serve("/a", page(*PARAGRAPHS))
    assert fetched(url, feed="https://news.example.net/rss").outcome is Outcome.BLOCKED_ADDRESS
    assert free.asked == []
    assert fetched(url, feed="file:inbox.xml").outcome is Outcome.READ


@pytest.mark.parametrize(
    ("status", "rules", "outcome"),
    [(200, b"User-agent: *\nDisallow: /a", "robots_disallowed"), (200, b"User-agent: *\nAllow: /a", "read"),
     (503, b"", "robots_unreachable"), (404, b"", "read")],
)  # fmt: skip
def test_robots_txt_decides(web: Web, status: int, rules: bytes, outcome: str) -> None:
    web.serve("/robots.txt", rules, status)
    got = fetched(web.serve("/a", page(*PARAGRAPHS)))
    assert got.outcome == outcome
    assert ("/a" in [path for path, _ in web.asked]) is (outcome == "read")


@pytest.mark.parametrize("url", [None, "ftp://127.0.0.1/a", "file:///etc/passwd", "https://[a/"])
def test_without_a_link_nothing_is_asked(url: str | None) -> None:
    assert fetched(url).outcome is Outcome.NO_LINK


def test_what_cannot_be_reached_is_named() -> None:
    assert fetched("http://127.0.0.1:1/a").outcome is Outcome.CONNECTION_ERROR
    assert fetched("http://a..b/a").outcome is Outcome.DNS_ERROR


def test_a_server_without_tls_is_named(web: Web) -> None:
    assert fetched(web.url("/a").replace("http:", "https:")).outcome is Outcome.TLS_ERROR


def test_a_server_that_drips_is_left_and_holds_up_no_other(free: Web) -> None:
    free.drip("/drip", b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", b"x")
    free.serve("/a", page(*PARAGRAPHS))
    with fetching(article=0.5) as articles:
        got = articles.of([story(free.url("/drip"), "s1"), story(free.url("/a"), "s2")])
    assert [got[id_].outcome for id_ in ("s1", "s2")] == [Outcome.READ_TIMEOUT, Outcome.READ]


def test_a_batch_has_its_time_and_the_rest_is_late(free: Web) -> None:
    def silent(_: BaseHTTPRequestHandler) -> None:
        free.closing.wait(20)

    free.pages["/silent"] = silent
    urls = [free.url("/silent")] * 5
    with fetching(batch=0.5) as articles:
        got = articles.of([story(url, f"s{n}") for n, url in enumerate(urls)])
        assert [got[f"s{n}"].outcome for n in range(5)] == [Outcome.READ_TIMEOUT, *[Outcome.LATE] * 4]
        assert got["s4"].why == "not reached within the 0.5 s for a batch"


def test_a_resolver_that_does_not_answer_holds_up_no_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = threading.Event()

    def silent(*_: object, **__: object) -> list[object]:
        answers.wait(30)
        return []

    monkeypatch.setattr("socket.getaddrinfo", silent)
    with fetching(batch=0.3) as articles:
        got = articles.of([story("http://news.net/a")])
        answers.set()
    assert got["s1"].outcome is Outcome.LATE


def test_a_pause_too_long_for_the_batch_is_told(free: Web) -> None:
    free.serve("/a", page(*PARAGRAPHS))
    with fetching(pause=3_600) as articles:
        got = articles.of([story(free.url("/a"), f"s{n}") for n in range(3)])
    assert [got[f"s{n}"].outcome for n in range(3)] == [Outcome.READ, Outcome.LATE, Outcome.LATE]
    assert [path for path, _ in free.asked] == ["/robots.txt", "/a"]


def test_a_batch_taken_again_asks_nobody_again(free: Web) -> None:
    """As the stage does when a handler fails: each story by itself, with no new time for each."""
    stories = [story(free.serve(f"/{n}", page(*PARAGRAPHS)), f"s{n}") for n in range(3)]
    stories.append(story(free.serve("/bad", status=500), "bad"))
    with fetching() as articles:
        first = articles.of(stories)
        asked = len(free.asked)
        again = {id_: article for one in stories for id_, article in articles.of([one]).items()}
    assert again == first
    assert len(free.asked) == asked == 5


def test_only_what_is_wanted_is_fetched(free: Web) -> None:
    url = free.serve("/a", page(*PARAGRAPHS * 3))
    full = story(url, text="A text of the feed that is long enough to be the story itself. " * 20)
    with fetching(mode="flagged") as articles:
        assert articles.of([full]) == {}
    assert free.asked == []
    with fetching(mode="always") as articles:
        assert articles.of([full])["s1"].outcome is Outcome.UNUSABLE  # no longer than the feed's


def test_when_told_to_stop_the_batch_is_for_the_next_run(free: Web) -> None:
    stop = threading.Event()

    def page_that_stops(_: BaseHTTPRequestHandler) -> None:
        stop.set()
        free.closing.wait(20)

    free.pages["/a"] = page_that_stops
    with fetching(stop=stop) as articles, pytest.raises(TransientError, match="stopped"):
        articles.of([story(free.url("/a"))])


def test_a_fault_of_ours_is_that_of_one_story(free: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(text: str, entry: Entry) -> str | None:
        raise ZeroDivisionError(entry.id)

    stories = [story(free.serve("/a", page(*PARAGRAPHS)), "good"), story(free.url("/a"), "faulty")]
    with fetching() as articles:
        articles.of(stories[:1])
        monkeypatch.setattr("archwatch.extractor.articles.doubt", faulty)
        for _ in range(2):
            with pytest.raises(ZeroDivisionError, match="faulty"):
                articles.of(stories)
        assert articles.of(stories[:1])["good"].outcome is Outcome.READ
    assert [path for path, _ in free.asked] == ["/robots.txt", "/a", "/a"]
