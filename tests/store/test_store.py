"""The store keeps what it is told, on both databases, also when several write at once."""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from archwatch.contracts.envelope import LogMessage
from archwatch.errors import ConfigError, TransientError
from archwatch.store import FeedState, Found, Store, open_store

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
URL = "https://example.org/feed"


def found(number: int, feed: str = URL) -> Found:
    message = LogMessage("t", f"e{number}", f"body {number}".encode(), {"h": bytes(range(256))})
    return Found(feed, f"e{number}", "hash", message)


def polled(new: int) -> FeedState:
    return FeedState(URL, NOW + HOUR, state="ok", failures=0, detail=f"{new} new")


def drained(store: Store) -> list[LogMessage]:
    messages: list[LogMessage] = []
    store.drain_outbox(lambda _, batch: messages.extend(batch))
    return messages


def test_a_poll_keeps_state_seen_and_messages(store: Store) -> None:
    new = store.record_poll([found(1), found(2), found(1)], NOW, polled).new
    assert [one.entry_id for one in new] == ["e1", "e2"]
    state = store.feed_state(URL)
    assert state is not None
    assert (state.state, state.detail, state.next_poll_at) == ("ok", "2 new", NOW + HOUR)
    assert drained(store) == [found(1).message, found(2).message]
    assert store.outbox_size() == 0


def test_an_entry_is_new_once(store: Store) -> None:
    store.record_poll([found(1)], NOW, polled)
    again = store.record_poll([found(1), found(2)], NOW, polled).new
    assert [one.entry_id for one in again] == ["e2"]
    assert store.record_found([found(2)], NOW).new == ()
    assert [one.feed for one in store.record_found([found(2, "other")], NOW).new] == ["other"]


def test_a_failing_poll_leaves_nothing_half_done(store: Store) -> None:
    def fails(new: int) -> FeedState:
        raise RuntimeError("crash before the commit")

    with pytest.raises(RuntimeError):
        store.record_poll([found(1)], NOW, fails)
    assert store.outbox_size() == 0
    assert store.feed_state(URL) is None
    assert len(store.record_poll([found(1)], NOW, polled).new) == 1


def test_messages_stay_while_the_log_is_away(store: Store) -> None:
    store.record_poll([found(n) for n in range(5)], NOW, polled)

    def away(batch: str, messages: Sequence[LogMessage]) -> None:
        raise TransientError("no broker")

    with pytest.raises(TransientError, match="no broker"):
        store.drain_outbox(away)
    assert store.outbox_size() == 5
    batches: list[Sequence[LogMessage]] = []
    assert store.drain_outbox(lambda _, messages: batches.append(messages), batch=2) == 5
    assert [message.key for batch in batches for message in batch] == ["e0", "e1", "e2", "e3", "e4"]


def test_many_entries_at_once(store: Store) -> None:
    store.record_poll([found(n) for n in range(0, 6_000, 2)], NOW, polled)
    new = store.record_poll([found(n) for n in range(6_000)], NOW, polled).new
    assert [one.entry_id for one in new] == [f"e{n}" for n in range(1, 6_000, 2)]


def test_instants_come_back_in_utc_whatever_the_zone(store: Store) -> None:
    eastern = datetime(2026, 3, 4, 7, 0, 0, 123456, tzinfo=timezone(timedelta(hours=-5)))
    store.enlist_feeds({URL: eastern})
    state = store.feed_state(URL)
    assert state is not None
    assert state.next_poll_at == eastern
    assert state.next_poll_at.tzinfo is UTC
    with pytest.raises(Exception, match="without zone"):
        store.claim_due(NOW.replace(tzinfo=None), NOW, 1)


def test_due_feeds_are_claimed_once_and_longest_due_first(store: Store) -> None:
    store.enlist_feeds({"a": NOW, "b": NOW - HOUR, "later": NOW + HOUR})
    assert store.claim_due(NOW, NOW + HOUR, limit=1) == ["b"]
    assert store.claim_due(NOW, NOW + HOUR, limit=5) == ["a"]
    assert store.claim_due(NOW, NOW + HOUR, limit=5) == []
    assert sorted(store.claim_due(NOW + HOUR, NOW + 2 * HOUR, limit=5)) == ["a", "b", "later"]


def test_the_feed_list_decides_what_is_polled(store: Store) -> None:
    store.enlist_feeds({"a": NOW, "b": NOW})
    store.record_poll([], NOW, lambda _: FeedState("a", NOW + HOUR, state="ok", etag='W/"1"'))
    store.enlist_feeds({"a": NOW, "c": NOW})
    assert store.claim_due(NOW + HOUR, NOW + 2 * HOUR, limit=5) == ["c", "a"]
    states = store.feed_states()
    assert (states["a"].etag, states["a"].next_poll_at) == ('W/"1"', NOW + 2 * HOUR)
    assert not states["b"].active
    store.record_poll([], NOW, lambda _: FeedState("b", NOW, state="ok"))
    assert not store.feed_states()["b"].active, "a poll that ends late must not bring back a removed feed"


def test_threads_share_a_store(store: Store) -> None:
    start = threading.Barrier(4)

    def poll(_: int) -> int:
        start.wait()
        return sum(len(store.record_poll([found(n)], NOW, polled).new) for n in range(20))

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(poll, range(4))) == 20
    assert sorted(message.key for message in drained(store)) == sorted(f"e{n}" for n in range(20))


def test_processes_may_open_a_new_store_at_once(store_url: str) -> None:
    program = Path(__file__).with_name("open_and_record.py")
    workers = [
        subprocess.Popen([sys.executable, program, store_url, str(n)], stdout=subprocess.PIPE, text=True)
        for n in range(4)
    ]
    assert sum(int(worker.communicate()[0]) for worker in workers) == 1 + 4
    store = open_store(store_url)
    assert sorted(message.key for message in drained(store)) == ["own0", "own1", "own2", "own3", "shared"]
    store.close()


def test_a_store_that_is_away_is_worth_waiting_for(tmp_path: Path) -> None:
    with pytest.raises(TransientError) as away:
        open_store(f"postgresql://watcher:hush@/db?host={tmp_path}")
    assert "hush" not in str(away.value)


def test_a_database_lost_while_running_is_worth_waiting_for(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    store.close()
    for file in tmp_path.iterdir():
        file.unlink()
    tmp_path.joinpath("store.db").mkdir()
    with pytest.raises(TransientError, match=r"store\.db"):
        store.feed_states()


def test_a_fault_of_ours_is_not_taken_for_an_outage(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    with sqlite3.connect(tmp_path / "store.db") as connection:
        connection.execute("DROP TABLE feeds")
    connection.close()
    with pytest.raises(Exception, match="no such table") as fault:
        store.feed_states()
    assert not isinstance(fault.value, TransientError)
    store.close()


@pytest.mark.parametrize("url", ["mysql://u:hush@h/d", "no url with hush", "sqlite"])
def test_another_url_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(ConfigError, match=r"store\.url") as wrong:
        open_store(url)
    assert "hush" not in str(wrong.value)


def test_a_password_may_come_apart(postgres_database: str) -> None:
    store = open_store(postgres_database, password="p:@/ß")
    assert store.feed_states() == {}
    store.close()
