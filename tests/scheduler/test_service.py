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
from archwatch.scheduler.feeds import feed_at
from archwatch.scheduler.fetch import Fetcher
from archwatch.scheduler.publishing import publish_unseen
from archwatch.scheduler.report import OutboxState, PollReport, Watchers
from archwatch.scheduler.rhythm import Rhythm
from archwatch.scheduler.service import Scheduler
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
    attempts = 0

    def publish_once(self, outbox: str, batch: str, messages: Sequence[LogMessage]) -> bool:
        self.attempts += 1
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
        self.outbox = threading.Condition()
        self.outbox_states: list[OutboxState] = []
        self.polled, self.troubled = threading.Semaphore(0), threading.Semaphore(0)
        self.scheduler = Scheduler(
            self.store,
            self.log,
            fetcher,
            FeedList(self.opml),
            rhythm=Rhythm(self.store, timedelta(minutes=15), timedelta(minutes=2), timedelta(days=1)),
            workers=4,
            max_entries=10,
            max_age=timedelta(days=14),
            max_outbox=3,
            clock=self.clock,
            rng=random.Random(1),
            watchers=Watchers(
                self._on_poll,
                self.list_problems.extend,
                on_trouble=self._on_trouble,
                on_outbox=self._on_outbox,
            ),
        )

    def _on_poll(self, report: PollReport) -> None:
        self.reports.append(report)
        self.polled.release()

    def _on_trouble(self, trouble: TransientError) -> None:
        self.troubles.append(trouble)
        self.troubled.release()

    def _on_outbox(self, state: OutboxState) -> None:
        with self.outbox:
            self.outbox_states.append(state)
            self.outbox.notify_all()

    def awaited(self, wanted: Callable[[OutboxState], bool]) -> None:
        """Wait for a look at the outbox after now that is as wanted."""
        with self.outbox:
            first = len(self.outbox_states)
            assert self.outbox.wait_for(lambda: any(map(wanted, self.outbox_states[first:])), 20)

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


def test_while_the_log_is_away_polling_pauses_at_the_bound_and_then_goes_on_by_itself(
    bench: Bench, web: Web
) -> None:
    url = web.serve("/f", rss(item(1), item(2)))
    bench.listing(url)
    bench.store.enlist_feeds({url: START})
    bench.log.away = True
    stop = threading.Event()
    thread = running(bench, stop)
    try:
        bench.awaited(lambda state: state.waiting == 2 and state.trouble is not None and not state.full)
        web.serve("/f", rss(*map(item, range(1, 6))))
        bench.clock.now += timedelta(hours=3)
        bench.awaited(lambda state: state.waiting == 5 and state.full)
        web.serve("/f", rss(*map(item, range(1, 9))))
        polls = len(bench.reports)
        for _ in range(3):  # the feed is long due, and stays so
            bench.clock.now += timedelta(hours=1)
            bench.awaited(lambda state: state.full)
        assert len(bench.reports) == polls
        bench.log.away = False
        bench.clock.now += timedelta(minutes=1)
        bench.awaited(lambda state: state.waiting == 0 and state.trouble is None)
        while len(bench.reports) == polls:
            assert bench.polled.acquire(timeout=20)
    finally:
        stop.set()
        thread.join(20)
    assert [entry.guid for entry in bench.entries()] == [f"item-{n}" for n in range(1, 9)]


def test_a_log_that_is_away_is_asked_less_and_less_often(bench: Bench, web: Web) -> None:
    bench.listing(web.serve("/f", rss(item(1))))
    bench.log.away = True
    with pytest.raises(TransientError):
        bench.scheduler.poll_all()
    asked = bench.log.attempts
    seconds: list[int] = []
    for second in range(120):
        bench.clock.now = START + timedelta(seconds=second)
        bench.scheduler.poll(feed_at(web.url("/f")))
        if bench.log.attempts > asked:
            asked, seconds = bench.log.attempts, [*seconds, second]
    assert seconds == [1, 3, 7, 15, 31, 61, 91]


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
    bench.clock.now += timedelta(minutes=1)
    monkeypatch.setattr(Store, "claim_due", fails(ZeroDivisionError("ours")))
    with pytest.raises(ZeroDivisionError):
        bench.scheduler.run(threading.Event())


def test_stored_entries_are_published_once(bench: Bench) -> None:
    assert publish_unseen(bench.store, bench.log, [entry("a"), entry("b")], START) == 2
    assert publish_unseen(bench.store, bench.log, [entry("b"), entry("c")], START) == 1
    assert [one.id for one in bench.entries()] == ["a", "b", "c"]


def test_retry_after_is_obeyed_and_the_document_s_ttl_kept_through_304(bench: Bench, web: Web) -> None:
    url = web.serve("/f", rss("<ttl>60</ttl>", item(1)), ETag='"1"')
    bench.listing(url)

    def wait() -> timedelta:
        bench.scheduler.poll_all()
        return bench.store.feed_states()[url].next_poll_at - START

    assert timedelta(hours=1) <= wait() <= timedelta(hours=1.1)
    web.serve("/f", status=304)
    assert wait() >= timedelta(hours=1)
    web.serve("/f", status=429, Retry_After="7200")
    assert timedelta(hours=2) <= wait() <= timedelta(hours=2.2)
    state = bench.store.feed_states()[url]
    assert (state.status, state.strain, state.why_then) == (429, 0.25, "Retry-After")
    assert bench.reports[-1].label == "http_429"


def test_the_rhythm_asks_sooner_and_manners_and_failures_put_off(bench: Bench, web: Web) -> None:
    dates = [f"Wed, 04 Mar 2026 23:{minute:02}:00 GMT" for minute in range(0, 60, 2)]
    busy = rss(*(item(n, pubDate=date) for n, date in enumerate(dates)))
    urls = [web.serve("/busy", busy)] + [web.serve(f"/quiet{n}", rss(item(1))) for n in range(4)]
    bench.listing(*urls)

    def polled() -> tuple[timedelta, str | None]:
        bench.clock.now += timedelta(minutes=2)  # what all publish is known from the second poll on
        bench.scheduler.poll_all()
        state = bench.store.feed_states()[urls[0]]
        return state.next_poll_at - bench.clock.now, state.why_then

    polled()
    wait, why = polled()
    assert (wait < timedelta(minutes=10), why) == (True, "its rhythm")
    quiet = bench.store.feed_states()[urls[1]].next_poll_at - bench.clock.now
    assert quiet > wait
    web.serve("/busy", busy, Cache_Control="max-age=1800")
    wait, why = polled()
    assert (wait >= timedelta(minutes=30), why) == (True, "Cache-Control or Expires")
    web.serve("/busy", status=404)
    waits = [polled() for _ in range(8)]
    assert [wait for wait, _ in waits[:5]] == sorted(wait for wait, _ in waits[:5])
    assert waits[-1][0] > timedelta(hours=1)
    assert waits[-1][1] == "backs off after failures"
    web.serve("/busy", busy)
    assert polled()[0] < timedelta(minutes=10)


@pytest.mark.parametrize(("status", "moves"), [(301, True), (308, True), (302, False), (307, False)])
def test_a_feed_moves_after_proof_and_its_entries_stay_the_same(
    bench: Bench, web: Web, status: int, moves: bool
) -> None:
    new = web.serve("/new", rss(item(1)))
    bench.listing(web.serve("/old", status=status, Location=new))
    for _ in range(21):
        bench.clock.now += timedelta(hours=8)
        bench.scheduler.poll_all()
    state = bench.store.feed_states()[web.url("/old")]
    assert state.location == (new if moves else None)
    assert web.asked[-2][0] == ("/new" if moves else "/old")
    assert len(bench.entries()) == 1
    assert [report.notice for report in bench.reports if report.notice] == (
        [f"moved for good: asked at {new} from now on"] if moves else []
    )


def test_a_retired_feed_is_said_to_be_and_comes_back(bench: Bench, web: Web) -> None:
    url = web.serve("/f", status=410)
    bench.listing(url)
    (report,) = bench.scheduler.poll_all()
    assert report.state is PollState.RETIRED
    assert "retired by its publisher" in (report.notice or "")
    assert bench.store.feed_states()[url].next_poll_at - START > timedelta(hours=21)
    web.serve("/f", rss(item(1)))
    (back,) = bench.scheduler.poll_all()
    assert (back.state, back.notice) == (PollState.OK, "is back, after it was retired")


def test_a_feed_with_nothing_new_for_long_is_silent_and_asked_for_all_once(bench: Bench, web: Web) -> None:
    dates = [f"Wed, 04 Mar 2026 {hour:02}:00:00 GMT" for hour in range(12, 20)]
    bench.listing(web.serve("/f", rss(*(item(n, pubDate=date) for n, date in enumerate(dates))), ETag='"1"'))
    bench.scheduler.poll_all()
    web.serve("/f", status=304)
    bench.clock.now = START + timedelta(hours=2)
    (report,) = bench.scheduler.poll_all()
    assert (report.state, report.notice) == (
        PollState.SILENT,
        "answers, but nothing new since 2026-03-04 19:00",
    )
    web.serve("/f", rss(item(99, pubDate="")))
    (report,) = bench.scheduler.poll_all()
    assert "If-None-Match" not in web.asked[-1][1]
    assert (report.state, report.notice) == (PollState.OK, "is back, after it was silent")


def test_a_paused_feed_is_not_asked_until_it_is_let_go_on(bench: Bench, web: Web) -> None:
    bench.listing(web.serve("/f", rss(item(1))))
    listed = bench.opml.read_text()
    bench.opml.write_text(listed.replace("xmlUrl", 'xmlns:a="urn:archwatch:opml" a:paused="true" xmlUrl'))
    assert bench.scheduler.poll_all() == []
    bench.opml.write_text(listed)
    assert len(bench.scheduler.poll_all()) == 1
