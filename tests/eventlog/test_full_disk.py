"""A full disk under the embedded log and store: told clearly, nothing half done, and it goes on by itself."""

import sqlite3
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event

from archwatch.contracts.codec import decode_message, encode_message
from archwatch.contracts.entry import Entry
from archwatch.contracts.envelope import LogMessage
from archwatch.contracts.topics import ENTRIES, STORIES, TOPICS
from archwatch.errors import TransientError
from archwatch.eventlog.local import LocalLog
from archwatch.scheduler.publishing import found
from archwatch.stage import Handled, Stage, Surroundings, run_stage
from archwatch.store import open_store
from archwatch.telemetry.health import Health
from archwatch.telemetry.metrics import Metrics
from samples import entry

FULL = "database or disk is full"
NOW = datetime(2026, 3, 5, tzinfo=UTC)


def limit(db: sqlite3.Connection, more: int) -> None:
    """SQLite takes this as it takes a disk without room: so many pages more."""
    (pages,) = db.execute("PRAGMA page_count").fetchone()
    db.execute(f"PRAGMA max_page_count = {pages + more}")


def sound(path: Path) -> bool:
    with sqlite3.connect(path) as db:
        answer = db.execute("PRAGMA integrity_check").fetchone()
    db.close()
    return bool(answer == ("ok",))


def test_a_full_log_takes_all_of_a_batch_or_nothing(tmp_path: Path) -> None:
    log = LocalLog(tmp_path / "log.db")
    log.ensure_topics(TOPICS)
    log.append([LogMessage(ENTRIES.name, "first", b"x")])
    with log.guarded() as db:
        limit(db, 4)
    for _ in range(3):
        with pytest.raises(TransientError, match=f"log.db: {FULL}"):
            log.append([LogMessage(ENTRIES.name, str(n), b"x" * 1_000) for n in range(100)])
    assert [record.key for record in log.read(ENTRIES.name)] == [b"first"]
    assert sound(tmp_path / "log.db")
    with log.guarded() as db:
        limit(db, 10_000)
    log.append([LogMessage(ENTRIES.name, "next", b"x")])
    assert [(record.offset, record.key) for record in log.read(ENTRIES.name)] == [(0, b"first"), (1, b"next")]
    log.close()


def test_a_stage_waits_for_room_says_so_and_publishes_each_once(tmp_path: Path) -> None:
    log = LocalLog(tmp_path / "log.db")
    log.ensure_topics(TOPICS)
    log.append([encode_message(ENTRIES, f"e{n}", entry(f"e{n}")) for n in range(30)])
    said: list[str] = []
    waits = threading.Event()

    def handle(batch: Sequence[Entry]) -> list[Handled]:
        return [Handled("copied", (LogMessage(STORIES.name, e.id, b"x" * 5_000),)) for e in batch]

    def tell(part: str, waiting: bool) -> None:
        if waiting:
            said.append(health.readiness()[1][part])
            waits.set()

    health = Health(tell)
    around = Surroundings(log, Metrics(), health, threading.Event(), batch=10, fuse_share=0.5, fuse_window=20)
    stage = Stage("copier", ENTRIES, lambda record: decode_message(ENTRIES, Entry, record), handle)
    done = threading.Event()
    with log.guarded() as db:
        limit(db, 20)
    thread = threading.Thread(target=run_stage, args=(stage, around, done))
    thread.start()
    assert waits.wait(20)
    with log.guarded() as db:
        limit(db, 10_000)
    done.set()
    thread.join(60)
    assert not thread.is_alive()
    assert FULL in said[0]
    assert health.readiness() == (True, {})
    assert [r.key for r in log.read(STORIES.name)] == [f"e{n}".encode() for n in range(30)]
    assert around.metrics.total("archwatch_dead_letters_total") == 0
    log.close()
    assert sound(tmp_path / "log.db")


def test_a_full_store_marks_nothing_seen_that_it_cannot_keep(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path}/store.db")
    room = [5]
    event.listen(store._engine, "checkout", lambda connection, *_: limit(connection, room[0]))
    entries = [found(entry(f"e{n}", text="x" * 2_000)) for n in range(50)]
    with pytest.raises(TransientError, match=f"store.db: .*{FULL}"):
        store.record_found(entries, NOW)
    assert store.outbox_size() == 0
    room[0] = 10_000
    assert len(store.record_found(entries, NOW).new) == 50
    assert store.outbox_size() == 50
    store.close()
    assert sound(tmp_path / "store.db")
