"""While log or store are away the scheduler waits, loses nothing, and goes on by itself."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from archwatch.errors import TransientError
from archwatch.scheduler.feeds import feed_at
from archwatch.store import Store
from feed_documents import item, rss
from local_web import Web
from polling_bench import START, Bench, running


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
