"""The scheduler on a real server, store and log: what is new is published once, and all is said."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from archwatch.scheduler.fetch import Fetcher
from archwatch.scheduler.publishing import publish_unseen
from archwatch.scheduler.states import PollState
from archwatch.web.client import Client, Limits
from feed_documents import item, rss
from local_web import Web
from polling_bench import START, Bench, running
from samples import entry


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
