"""The embedded log: leases, pruning, and what it says when its file is bad."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from archwatch.contracts.topics import ENTRIES, EVENTS
from archwatch.errors import BadInput, Fenced, TransientError
from archwatch.eventlog.local import MAX_MESSAGE_BYTES, LocalLog
from log_workers import message


class Clock:
    """Seconds that pass when the test says so."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def log(tmp_path: Path, clock: Clock) -> Iterator[LocalLog]:
    log = LocalLog(tmp_path / "log.db", lease=30, clock=clock)
    yield log
    log.close()


def test_a_second_member_waits_until_the_lease_of_a_dead_one_runs_out(log: LocalLog, clock: Clock) -> None:
    log.append([message("t", "k", "1")])
    with log.consume("g", "t") as dead, log.consume("g", "t") as heir:
        assert len(dead.poll(10, 0)) == 1
        clock.now += 29
        assert heir.poll(10, 0) == []
        clock.now += 2
        assert [r.value for r in heir.poll(10, 0)] == [b"1"]
        with pytest.raises(Fenced):
            dead.commit([])
        heir.commit([])
    assert log.group_lag("g", "t") == 0


def test_a_member_that_works_keeps_its_lease(log: LocalLog, clock: Clock) -> None:
    log.append([message("t", "k", str(n)) for n in range(5)])
    with log.consume("g", "t") as worker, log.consume("g", "t") as other:
        for _ in range(5):
            assert worker.poll(1, 0)
            worker.commit([])
            clock.now += 20
            assert other.poll(1, 0) == []


def test_leaving_gives_the_lease_back_at_once(log: LocalLog) -> None:
    log.append([message("t", "k", "1")])
    with log.consume("g", "t") as first:
        first.poll(1, 0)
    with log.consume("g", "t") as second:
        assert len(second.poll(1, 0)) == 1


def test_a_message_that_is_too_large_is_refused_and_nothing_of_its_batch_stays(log: LocalLog) -> None:
    with pytest.raises(BadInput, match="larger than 10,000,000 bytes"):
        log.append([message("t", "small"), message("t", "big", b"x" * (MAX_MESSAGE_BYTES + 1))])
    assert log.read("t") == []


def test_pruning_keeps_what_a_group_has_not_read(log: LocalLog, clock: Clock) -> None:
    topic = replace(ENTRIES, name="t", retention_hours=24)
    log.append([message("t", "k", str(n)) for n in range(4)])
    with log.consume("g", "t") as consumer:
        consumer.poll(2, 0)
        consumer.commit([])
    assert log.prune([topic]) == 0
    clock.now += 25 * 3600
    assert log.prune([topic]) == 2
    assert [r.value for r in log.read("t")] == [b"2", b"3"]
    log.append([message("t", "k", "4")])
    assert log.read("t")[-1].offset == 4


def test_what_no_group_reads_is_pruned_by_age(log: LocalLog, clock: Clock) -> None:
    topic = replace(ENTRIES, name="t", retention_hours=24)
    log.append([message("t", "k", "old")])
    clock.now += 25 * 3600
    log.append([message("t", "k", "young")])
    assert log.prune([topic]) == 1
    assert [r.value for r in log.read("t")] == [b"young"]


def test_compaction_of_many_messages_takes_no_square_of_their_number(log: LocalLog) -> None:
    topic = replace(EVENTS, name="t")
    log.append([message("t", str(n % 20_000), str(n)) for n in range(40_000)])
    assert log.prune([topic]) == 20_000  # minutes where each was compared with each
    assert log.read("t")[0].value == b"20000"


def test_compaction_keeps_the_last_of_each_key(log: LocalLog) -> None:
    topic = replace(EVENTS, name="t")
    log.append([message("t", key, value) for key, value in ("a1", "b1", "a2", "c1", "a3")])
    with log.consume("g", "t") as consumer:
        consumer.poll(10, 0)
        consumer.commit([])
    log.prune([topic])
    assert [(r.key, r.value) for r in log.read("t")] == [(b"b", b"1"), (b"c", b"1"), (b"a", b"3")]


def test_a_file_that_is_no_log_is_named_with_the_mend(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    path.write_bytes(b"this is a text file, and long enough to be read as a header " * 20)
    with pytest.raises(BadInput, match=r"log\.db: is no event log.*move it away"):
        LocalLog(path)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="state folder"):
        LocalLog(tmp_path / "file" / "log.db")


def test_a_full_disk_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    """SQLite's own page limit stands for the disk: the error is the same."""
    log = LocalLog(tmp_path / "log.db")
    log.append([message("t", "k", "before")])
    with log.guarded() as db:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {pages + 1}")
    with pytest.raises(TransientError, match="full"):
        log.append([message("t", "k", b"x" * 100_000)])
    with log.guarded() as db:
        db.execute("PRAGMA max_page_count = 1000000")
    log.append([message("t", "k", "after")])
    assert [r.value for r in log.read("t")] == [b"before", b"after"]
    log.close()


def test_what_was_appended_survives_the_process(tmp_path: Path) -> None:
    first = LocalLog(tmp_path / "log.db")
    first.append([message("t", "k", "1")])
    with sqlite3.connect(tmp_path / "log.db") as other:  # no close of the first: as after kill -9
        assert other.execute("SELECT value FROM records").fetchall() == [(b"1",)]
    other.close()
    first.close()
