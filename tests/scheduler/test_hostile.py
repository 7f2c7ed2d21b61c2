"""What hostile servers and documents come to: a state of their feed, and no more."""

import gzip
import random
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from archwatch.contracts.topics import ENTRIES
from archwatch.eventlog.local import LocalLog
from archwatch.scheduler.feedlist import FeedList
from archwatch.scheduler.feeds import Feed, feed_at, read_opml
from archwatch.scheduler.fetch import Fetcher
from archwatch.scheduler.parsers import Parsers
from archwatch.scheduler.reading import Reading, read_feed
from archwatch.scheduler.rhythm import Rhythm
from archwatch.scheduler.service import Scheduler
from archwatch.scheduler.states import PollState
from archwatch.scheduler.telling import told_to
from archwatch.store import open_store
from archwatch.telemetry.health import Health
from archwatch.telemetry.metrics import Metrics
from archwatch.web.client import Client, Limits
from feed_documents import item, rss
from local_web import Web

NOW = datetime(2026, 3, 5, tzinfo=UTC)
PATHS = ("good", "bad", "odd")


@pytest.fixture(scope="module")
def parsers() -> Iterator[Parsers]:
    ours = Parsers(1)
    yield ours
    ours.close()


def read(fetcher: Fetcher, parsers: Parsers, url: str) -> Reading:
    return read_feed(fetcher, feed_at(url), fetched_at=NOW, max_entries=100, parse=parsers.parse)


BOMB = '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {after} "{f"&{before};" * 10}">' for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("body", "state", "why"),
    [
        (rss(item(title="&i;"), head=BOMB + "]>"), "parse_error", "entities"),
        (rss(head='<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), "parse_error", "entities"),
        (rss("<a>" * 10_000 + "</a>" * 10_000), "parse_error", "deep"),
        (rss("<a " + "b='c' " * 5_000 + "/>"), "parse_error", "attributes"),
        (b"[" * 90_000, "parse_error", "no JSON"),
        (rss(item(description="<b>" * 5_000)), "ok", ""),
        (b"/etc/passwd", "not_a_feed", "begins with"),
        (b"http://127.0.0.1/feed", "not_a_feed", "begins with"),
    ],
)
def test_a_hostile_document_ends_in_its_state(
    web: Web, fetcher: Fetcher, parsers: Parsers, body: bytes, state: str, why: str
) -> None:
    got = read(fetcher, parsers, web.serve("/f", body))
    assert (got.state, why in (got.detail or "")) == (state, True)


def test_a_bomb_is_not_unpacked(web: Web, fetcher: Fetcher, parsers: Parsers) -> None:
    bomb = gzip.compress(gzip.compress(rss() + bytes(50_000_000))), gzip.compress(rss() + bytes(50_000_000))
    states = [read(fetcher, parsers, web.serve("/f", body, Content_Encoding="gzip")).state for body in bomb]
    assert states == [PollState.NOT_A_FEED, PollState.TOO_LARGE], "unpacked once, however often it is packed"


def test_a_server_that_drips_is_left(web: Web, parsers: Parsers) -> None:
    limits = Limits(read_timeout=0.3, total_timeout=0.6)
    fetcher = Fetcher(Client(limits, user_agent="t", allow_private_hosts=["127.0.0.1"]))
    url = web.drip("/f", b"HTTP/1.1 200 OK\r\n\r\n<rss version='2.0'><channel>", b"<item/>")
    assert read(fetcher, parsers, url).state is PollState.READ_TIMEOUT


def test_a_body_that_is_unchanged_is_not_parsed(web: Web, fetcher: Fetcher, parsers: Parsers) -> None:
    url = web.serve("/f", rss(item()))
    known = read(fetcher, parsers, url).conditions

    def parse(*_: object, **__: object) -> Any:
        raise AssertionError("parsed")

    again = read_feed(fetcher, feed_at(url), fetched_at=NOW, max_entries=9, known=known, parse=parse)
    assert again.state is PollState.NOT_MODIFIED


@pytest.mark.parametrize("location", ["file:///etc/passwd", "FILE:/etc/passwd", "feed:file:///etc/passwd"])
def test_no_answer_leads_to_a_file(web: Web, fetcher: Fetcher, parsers: Parsers, location: str) -> None:
    got = read(fetcher, parsers, web.serve("/f", status=301, Location=location))
    assert (got.state, got.entries) == (PollState.BLOCKED_ADDRESS, ())
    link = rss(item(guid="", link=location, title="t"))
    (entry,) = read(fetcher, parsers, web.serve("/l", link)).entries
    assert entry.url is None


def test_a_file_is_polled_where_the_list_names_it_and_by_its_scheme_alone(tmp_path: Path) -> None:
    opml = tmp_path / "feeds.opml"
    outlines = '<outline text="a" xmlUrl="file:a.xml"/><outline text="b" xmlUrl="b.xml"/>'
    opml.write_text(f"<opml><body>{outlines}</body></opml>")
    feeds, problems = read_opml(opml)
    assert [feed.path for feed in feeds] == [tmp_path / "a.xml"]
    assert "is no URL" in str(problems[0])


def test_a_name_that_resolves_otherwise_the_second_time_gains_nothing(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.serve("/f", b"secret")
    real, asked = socket.getaddrinfo, list[str]()
    answers = iter(["198.51.100.7", "127.0.0.1", "127.0.0.1"])  # the first is public by leave of the test

    def resolve(host: str, *args: Any, **options: Any) -> Any:
        if host != "rebind.example":
            return real(host, *args, **options)
        asked.append(host)
        return real(next(answers), *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr("archwatch.web.address.blocked", lambda address: address.is_loopback)
    fetcher = Fetcher(Client(Limits(connect_timeout=0.3, total_timeout=1), user_agent="t"))
    got = fetcher.fetch(Feed(web.url("/f", "rebind.example"), "x"))
    assert got.state in (PollState.CONNECT_TIMEOUT, PollState.CONNECTION_ERROR)
    assert (len(asked), web.asked) == (1, [])
    assert fetcher.fetch(Feed(web.url("/f", "rebind.example"), "x")).state is PollState.BLOCKED_ADDRESS


def test_a_password_is_in_no_log_metric_message_or_store(web: Web, fetcher: Fetcher, tmp_path: Path) -> None:
    web.serve("/good", rss(item(link="http://reader:hunter2@n.example/1")))
    web.serve("/bad", status=401)
    web.serve("/odd", status=302, Location="http://me:hunter2@[broken/")
    (tmp_path / "feeds.opml").write_text(
        "<opml><body>"
        + "".join(f'<outline text="x" xmlUrl="http://me:hunter2@127.0.0.1:{web.port}/{p}"/>' for p in PATHS)
        + '<outline text="x" xmlUrl="http://me:hun#ter2@n.example/f"/>'
        + '<outline text="x" xmlUrl="http://me:hunter2@n.example:port/f"/></body></opml>'
    )
    metrics, log = Metrics(), LocalLog(tmp_path / "log.db")
    log.ensure_topics([ENTRIES])
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    with capture_logs() as logged:
        reports = Scheduler(
            store,
            log,
            fetcher,
            FeedList(tmp_path / "feeds.opml"),
            rhythm=Rhythm(store, timedelta(minutes=15), timedelta(minutes=2), timedelta(days=1)),
            workers=1,
            max_entries=10,
            clock=lambda: NOW,
            rng=random.Random(1),
            watchers=told_to(metrics, Health()),
        ).poll_all()
    assert [report.entries_new for report in reports] == [1, 0, 0]
    assert len([line for line in logged if line["event"] == "feed_list"]) == 2
    told = [logged, reports, metrics.exposition(), store.feed_states(), list(log.read(ENTRIES.name))]
    store.close()
    log.close()
    told += [path.read_bytes() for path in tmp_path.glob("*.db*")]
    for one in map(repr, told):
        assert "hunter2" not in one
        assert "ter2" not in one
        assert "me:h" not in one
