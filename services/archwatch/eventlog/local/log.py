"""The embedded event log: one SQLite file in WAL mode, one partition a topic, several processes at once.

A group's member holds a lease on the topic; when it dies, the lease runs out and another goes on from
the committed offset. Publishing and committing are one SQL transaction that also checks the lease and
the offset, so a member that was away too long publishes nothing (it is fenced).
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from archwatch.contracts.envelope import LogMessage, Record
from archwatch.contracts.topics import Topic
from archwatch.errors import BadInput, TransientError
from archwatch.eventlog.local.file import MAX_MESSAGE_BYTES, not_a_log, open_file, pack, unpack
from archwatch.eventlog.local.member import LocalConsumer

READ_LIMIT: Final = 500
# another process cannot wake us: look again this often (seconds)
_LOOK_EVERY: Final = 0.1
# a datetime is rounded to it, the stored seconds are not
_MICROSECOND: Final = 1e-6


class LocalLog:
    """An EventLog in the file `path`. `lease` is in seconds; `clock` gives seconds since the epoch."""

    def __init__(self, path: Path, *, lease: float = 30.0, clock: Callable[[], float] = time.time) -> None:
        self.path, self.lease, self.clock = path, lease, clock
        self._lock = threading.RLock()
        self._appended = threading.Condition(self._lock)
        self._db = open_file(path)

    def ensure_topics(self, topics: Sequence[Topic]) -> list[str]:
        """Create what is missing; a local topic has nothing that could differ."""
        with self.transaction() as db:
            db.executemany("INSERT OR IGNORE INTO topics VALUES (?, 0)", [(t.name,) for t in topics])
        return []

    def append(self, messages: Sequence[LogMessage]) -> None:
        """Publish all of `messages` or none; on disk on return."""
        with self.transaction() as db:
            self.insert(db, messages)

    def publish_once(self, outbox: str, batch: str, messages: Sequence[LogMessage]) -> bool:
        """See EventLog."""
        with self.transaction() as db:
            row = db.execute("SELECT batch FROM outboxes WHERE name = ?", (outbox,)).fetchone()
            if row == (batch,):
                return False
            self.insert(db, messages)
            db.execute("INSERT OR REPLACE INTO outboxes VALUES (?, ?)", (outbox, batch))
        return True

    @contextmanager
    def consume(self, group: str, topic: str) -> Iterator[LocalConsumer]:
        """Join `group` on `topic`; leaving gives the lease back."""
        consumer = LocalConsumer(self, group, topic)
        try:
            yield consumer
        finally:
            consumer.close()

    def read(
        self, topic: str, *, after: Mapping[int, int] | None = None, timeout: float = 0.0
    ) -> list[Record]:
        """Records after the offset `after[0]`, oldest first, at most 500."""
        first = (after or {}).get(0, -1) + 1
        return self.wait_for(lambda: self.fetch(topic, first, READ_LIMIT), timeout)

    def end_offsets(self, topic: str) -> dict[int, int]:
        """The one partition's next offset."""
        return {0: self.end(topic)}

    def group_lag(self, group: str, topic: str) -> int:
        """Records that `group` has not committed."""
        with self.guarded() as db:
            sql = "SELECT next FROM positions WHERE grp = ? AND topic = ?"
            row = db.execute(sql, (group, topic)).fetchone()
            return self.end(topic) - (row[0] if row else 0)

    def reset(self, group: str, topic: str, to: datetime | None) -> int:
        """See EventLog."""
        with self.transaction() as db:
            sql = "SELECT owner, expires FROM positions WHERE grp = ? AND topic = ?"
            row = db.execute(sql, (group, topic)).fetchone() or (None, 0.0)
            if row[0] is not None and row[1] > self.clock():
                raise BadInput(
                    group, "is at work", mend="stop the service first; killed, it counts for a while"
                )
            sql = "SELECT min(offset) FROM records WHERE topic = ? AND timestamp >= ?"
            first = db.execute(sql, (topic, to.timestamp() - _MICROSECOND if to else 0.0)).fetchone()[0]
            end = self.end(topic)
            first = end if first is None else first
            sql = "INSERT OR REPLACE INTO positions VALUES (?, ?, ?, NULL, 0)"
            db.execute(sql, (group, topic, first))
        return end - first

    def prune(self, topics: Sequence[Topic]) -> int:
        """Delete what retention and compaction allow and every group has passed; returns how many."""
        deleted = 0
        with self.transaction() as db:
            for topic in topics:
                sql = "SELECT min(next) FROM positions WHERE topic = ?"
                passed = db.execute(sql, (topic.name,)).fetchone()[0]
                if passed is None:
                    continue
                if topic.retention_hours is None:
                    sql = (
                        "DELETE FROM records WHERE topic = ?1 AND offset < ?2 AND EXISTS (SELECT 1 FROM "
                        "records newer WHERE newer.topic = ?1 AND newer.key = records.key "
                        "AND newer.offset > records.offset)"
                    )
                    deleted += db.execute(sql, (topic.name, passed)).rowcount
                else:
                    oldest = self.clock() - timedelta(hours=topic.retention_hours).total_seconds()
                    sql = "DELETE FROM records WHERE topic = ? AND offset < ? AND timestamp < ?"
                    deleted += db.execute(sql, (topic.name, passed, oldest)).rowcount
        return deleted

    def close(self) -> None:
        """Close the file; the log cannot be used afterwards."""
        with self._lock:
            self._db.close()

    # what LocalConsumer builds on

    @contextmanager
    def guarded(self) -> Iterator[sqlite3.Connection]:
        """The connection, for this thread alone, with SQLite's errors in our terms."""
        with self._lock:
            try:
                yield self._db
            except sqlite3.OperationalError as error:  # locked, disk full, I/O error: may pass
                raise TransientError(f"{self.path}: {error}") from error
            except sqlite3.DatabaseError as error:
                raise not_a_log(self.path, error) from error

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing, with the write lock taken at once; wakes the readers of this process."""
        with self.guarded() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise
            self._appended.notify_all()

    def insert(self, db: sqlite3.Connection, messages: Sequence[LogMessage]) -> None:
        """Give each message the next offset of its topic, inside a transaction of the caller."""
        now = self.clock()
        next_offsets = dict(db.execute("SELECT name, next FROM topics").fetchall())
        rows: list[tuple[Any, ...]] = []
        for m in messages:
            if len(m.value) > MAX_MESSAGE_BYTES:
                limit = f"{MAX_MESSAGE_BYTES:,} bytes"
                raise BadInput(m.topic, f"message {m.key!r} is larger than {limit}", mend="cut its text")
            offset = next_offsets.get(m.topic, 0)
            next_offsets[m.topic] = offset + 1
            rows.append((m.topic, offset, m.key.encode(), m.value, pack(m.headers), now))
        db.executemany("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?)", rows)
        db.executemany("INSERT OR REPLACE INTO topics VALUES (?, ?)", next_offsets.items())

    def fetch(self, topic: str, first: int, limit: int) -> list[Record]:
        """At most `limit` records of `topic` from the offset `first` on."""
        sql = (
            "SELECT offset, key, value, headers, timestamp FROM records "
            "WHERE topic = ? AND offset >= ? ORDER BY offset LIMIT ?"
        )
        with self.guarded() as db:
            rows = db.execute(sql, (topic, first, limit)).fetchall()
        return [
            Record(topic, 0, offset, key, value, unpack(headers), datetime.fromtimestamp(timestamp, UTC))
            for offset, key, value, headers, timestamp in rows
        ]

    def end(self, topic: str) -> int:
        """The offset that the next record of `topic` will get."""
        with self.guarded() as db:
            row = db.execute("SELECT next FROM topics WHERE name = ?", (topic,)).fetchone()
        return row[0] if row else 0

    def wait_for(self, attempt: Callable[[], list[Record]], timeout: float) -> list[Record]:
        """What `attempt` gives first, tried again after every append, for at most `timeout` seconds."""
        deadline = time.monotonic() + timeout
        with self._appended:
            while not (found := attempt()):
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    break
                self._appended.wait(min(remaining, _LOOK_EVERY))
        return found
