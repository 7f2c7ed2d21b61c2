"""The scheduler on a real server, store and log: what is new is published once, and all is said."""

import random
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archwatch.contracts import Entry
from archwatch.contracts.codec import decode_message
from archwatch.contracts.envelope import LogMessage
from archwatch.contracts.topics import ENTRIES
from archwatch.errors import BadInput, TransientError
from archwatch.eventlog.local import LocalLog
from archwatch.scheduler.feedlist import FeedList
from archwatch.scheduler.fetch import Fetcher
from archwatch.scheduler.publishing import publish_unseen
from archwatch.scheduler.service import PollReport, Scheduler, Watchers
from archwatch.scheduler.states import PollState
from archwatch.store import Store, open_store
from archwatch.web.client import Client, Limits
from feed_documents import item, rss
from local_web import Web
from samples import entry

START = datetime(2026, 3, 5, tzinfo=UTC)


class Clock:
    now = START

    def __call__(self) -> datetime:
        return self.now


class AwayLog(LocalLog):
    """A log whose broker can be taken away."""

    away = False

    def publish_once(self, outbox: str, batch: str, messages: Sequence[LogMessage]) -> bool:
        if self.away:
            raise TransientError("no broker")
        return super().publish_once(outbox, batch, messages)


class Bench:
    """A scheduler with all that it needs, and what it told."""

    def __init__(self, folder: Path, fetcher: Fetcher) -> None:
        self.opml, self.clock = folder / "feeds.opml", Clock()
        self.store: Store = open_store(f"sqlite:///{folder}/store.db")
        self.log = AwayLog(folder / "log.db")
        self.log.ensure_topics([ENTRIES])
        self.reports: list[PollReport] = []
        self.list_problems: list[BadInput] = []
        self.troubles: list[TransientError] = []
        self.polled, self.troubled = threading.Semaphore(0), threading.Semaphore(0)
        self.scheduler = Scheduler(
            self.store,
            self.log,
            fetcher,
            FeedList(self.opml),
            interval=timedelta(minutes=15),
            workers=4,
            max_entries=10,
            max_age=timedelta(days=14),
            clock=self.clock,
            rng=random.Random(1),
            watchers=Watchers(self._on_poll, self.list_problems.extend, self._on_trouble),
        )

    def _on_poll(self, report: PollReport) -> None:
        self.reports.append(report)
        self.polled.release()

    def _on_trouble(self, trouble: TransientError) -> None:
        self.troubles.append(trouble)
        self.troubled.release()

    def listing(self, *urls: str) -> None:
        outlines = "\n".join(f'<outline text="Feed {n}" xmlUrl="{url}"/>' for n, url in enumerate(urls))
        self.opml.write_text(f"<opml><body>\n{outlines}\n</body></opml>")

    def entries(self) -> list[Entry]:
        return [decode_message(ENTRIES, Entry, record) for record in self.log.read(ENTRIES.name)]

    def close(self) -> None:
        self.store.close()
        self.log.close()


@pytest.fixture
def bench(tmp_path: Path, fetcher: Fetcher) -> Iterator[Bench]:
    made = Bench(tmp_path, fetcher)
    yield made
    made.close()


def running(bench: Bench, stop: threading.Event) -> threading.Thread:
    thread = threading.Thread(target=bench.scheduler.run, args=(stop,))
    thread.start()
    return thread


def test_one_round_over_good_and_bad_feeds(bench: Bench, web: Web, tmp_path: Path) -> None:
    (tmp_path / "seeds.xml").write_bytes(rss(item(9)))
    bench.listing(
        web.serve("/good", rss(item(1), item(2), "<item/>")),
        web.serve("/page", b"<html>Sign in</html>"),
        web.serve("/down", status=500),
        "https://no-such-host.invalid/f",
        "file:seeds.xml",
        "file:missing.xml",
        "nonsense",
    )
    reports = bench.scheduler.poll_all()
    states = {report.feed.title: report.state for report in reports}
    assert states == {
        "Feed 0": PollState.OK,
        "Feed 1": PollState.NOT_A_FEED,
        "Feed 2": PollState.HTTP_ERROR,
        "Feed 3": PollState.DNS_ERROR,
        "Feed 4": PollState.OK,
        "Feed 5": PollState.FILE_ERROR,
    }
    good = next(report for report in reports if report.feed.title == "Feed 0")
    assert (good.entries_new, good.entries_seen, good.entries_bad) == (2, 0, 1)
    assert "item 3" in str(good.problems[0])
    assert [bad.place for bad in bench.list_problems] == ["8"]
    assert {entry.guid for entry in bench.entries()} == {"item-1", "item-2", "item-9"}
    assert {entry.id for entry in bench.entries()} == {one for report in reports for one in report.new_ids}
    kept = bench.store.feed_states()
    assert kept[web.url("/down")].detail == "HTTP 500"
    assert kept[web.url("/good")].title == "Example Wire"
    assert kept[web.url("/good")].last_success_at == START
    assert kept[web.url("/page")].last_success_at is None


def test_an_entry_is_published_once(bench: Bench, web: Web) -> None:
    url = web.serve("/f", rss(item(1)), ETag='"1"')
    bench.listing(url)
    (first,) = bench.scheduler.poll_all()
    web.serve("/f", rss(item(2), item(1, title="edited")), ETag='"2"')
    (second,) = bench.scheduler.poll_all()
    web.serve("/f", status=304)
    (third,) = bench.scheduler.poll_all()
    assert [(r.state, r.entries_new, r.entries_seen) for r in (first, second, third)] == [
        (PollState.OK, 1, 0),
        (PollState.OK, 1, 1),
        (PollState.NOT_MODIFIED, 0, 0),
    ]
    assert [headers.get("If-None-Match") for _, headers in web.asked] == [None, '"1"', '"2"']
    assert [entry.guid for entry in bench.entries()] == ["item-1", "item-2"]


def test_what_a_known_feed_brings_up_from_long_ago_is_counted_not_published(bench: Bench, web: Web) -> None:
    def old(number: int) -> str:
        return item(number, pubDate="Thu, 10 Feb 2022 12:00:00 GMT")

    bench.listing(web.serve("/f", rss(old(1))))
    (first,) = bench.scheduler.poll_all()
    web.serve("/f", rss(old(1), old(2), item(3)))
    (second,) = bench.scheduler.poll_all()
    assert [(r.entries_new, r.kept_back["too_old"]) for r in (first, second)] == [(1, 0), (1, 1)]
    assert [entry.guid for entry in bench.entries()] == ["item-1", "item-3"]


def test_a_body_sent_again_is_not_parsed_again(bench: Bench, web: Web) -> None:
    bench.listing(web.serve("/f", rss(item(1))))
    bench.scheduler.poll_all()
    (again,) = bench.scheduler.poll_all()
    assert (again.state, again.detail) == (PollState.NOT_MODIFIED, "sent again unchanged")


def test_a_page_in_place_of_a_feed_does_not_look_well_the_second_time(bench: Bench, web: Web) -> None:
    bench.listing(web.serve("/f", b"<html>Sign in</html>", ETag='"page"'))
    states = [bench.scheduler.poll_all()[0].state for _ in range(2)]
    assert states == [PollState.NOT_A_FEED, PollState.NOT_A_FEED]
    assert "If-None-Match" not in web.asked[1][1]
    assert bench.store.feed_states()[web.url("/f")].failures == 2


def test_a_failing_feed_keeps_what_it_knew(bench: Bench, web: Web) -> None:
    bench.listing(web.serve("/f", rss(item(1)), ETag='"1"'))
    bench.scheduler.poll_all()
    web.serve("/f", status=503)
    bench.scheduler.poll_all()
    state = bench.store.feed_states()[web.url("/f")]
    assert (state.etag, state.failures, state.title) == ('"1"', 1, "Example Wire")


def test_running_polls_what_is_due_and_follows_the_list(bench: Bench, web: Web) -> None:
    first, second = web.serve("/1", rss(item(1))), web.serve("/2", rss(item(2)))
    bench.listing(first)
    stop = threading.Event()
    thread = running(bench, stop)
    try:
        for url in (first, second):
            bench.listing(url)
            while not any(report.feed.url == url for report in bench.reports):
                bench.clock.now += timedelta(minutes=1)
                assert thread.is_alive()
                bench.polled.acquire(timeout=0.2)
    finally:
        stop.set()
        thread.join(20)
    assert not thread.is_alive()
    assert {entry.guid for entry in bench.entries()} == {"item-1", "item-2"}


def test_stopping_does_not_wait_for_a_slow_feed(bench: Bench, web: Web, tmp_path: Path) -> None:
    stop = threading.Event()
    slow = Bench(
        tmp_path / "slow",
        Fetcher(Client(Limits(), user_agent="t", allow_private_hosts=["127.0.0.1"], stop=stop)),
    )
    slow.listing(web.drip("/f", b"HTTP/1.1 200 OK\r\n\r\n", b" "))
    asked = threading.Thread(target=slow.scheduler.poll_all)
    asked.start()
    while not web.asked:
        assert asked.is_alive()
    stop.set()
    asked.join(20)
    assert not asked.is_alive()
    assert slow.reports == [], "a poll that was given up says nothing of the feed"
    assert slow.store.feed_states()[web.url("/f")].state == "not_polled"
    slow.close()


def test_entries_wait_in_the_store_while_the_log_is_away(bench: Bench, web: Web) -> None:
    bench.listing(web.serve("/f", rss(item(1))))
    bench.log.away = True
    with pytest.raises(TransientError, match="no broker"):
        bench.scheduler.poll_all()
    assert bench.reports[0].entries_new == 1
    assert bench.store.outbox_size() == 1
    bench.log.away = False
    bench.scheduler.poll_all()
    assert [entry.guid for entry in bench.entries()] == ["item-1"]


def test_a_store_that_is_away_is_waited_for_and_a_fault_of_ours_is_heard(
    bench: Bench, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(error: Exception) -> Callable[..., object]:
        def call(*_: object) -> object:
            raise error

        return call

    bench.listing(web.serve("/f", rss(item(1))))
    stop = threading.Event()
    monkeypatch.setattr(Store, "claim_due", fails(TransientError("database away")))
    thread = running(bench, stop)
    assert bench.troubled.acquire(timeout=20)
    assert thread.is_alive()
    stop.set()
    thread.join(20)
    monkeypatch.setattr(Store, "claim_due", fails(ZeroDivisionError("ours")))
    with pytest.raises(ZeroDivisionError):
        bench.scheduler.run(threading.Event())


def test_stored_entries_are_published_once(bench: Bench) -> None:
    assert publish_unseen(bench.store, bench.log, [entry("a"), entry("b")], START) == 2
    assert publish_unseen(bench.store, bench.log, [entry("b"), entry("c")], START) == 1
    assert [one.id for one in bench.entries()] == ["a", "b", "c"]
