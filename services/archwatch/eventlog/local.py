"""The embedded event log: one SQLite file in WAL mode, one partition a topic, several processes at once.

A group's member holds a lease on the topic; when it dies, the lease runs out and another goes on from
the committed offset. Publishing and committing are one SQL transaction that also checks the lease and
the offset, so a member that was away too long publishes nothing (it is fenced).
"""

import json
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from archwatch.contracts.envelope import LogMessage, Record
from archwatch.contracts.topics import Topic
from archwatch.errors import BadInput, Fenced, TransientError

MAX_MESSAGE_BYTES: Final = 10_000_000
READ_LIMIT: Final = 500
# another process cannot wake us: look again this often (seconds)
_LOOK_EVERY: Final = 0.1

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS topics (name TEXT PRIMARY KEY, next INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS records (
  topic TEXT NOT NULL, offset INTEGER NOT NULL, key BLOB, value BLOB NOT NULL,
  headers TEXT NOT NULL, timestamp REAL NOT NULL,
  PRIMARY KEY (topic, offset)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS positions (
  grp TEXT NOT NULL, topic TEXT NOT NULL, next INTEGER NOT NULL, owner TEXT, expires REAL NOT NULL,
  PRIMARY KEY (grp, topic)
) WITHOUT ROWID;
"""


class LocalLog:
    """An EventLog in the file `path`. `lease` is in seconds; `clock` gives seconds since the epoch."""

    def __init__(self, path: Path, *, lease: float = 30.0, clock: Callable[[], float] = time.time) -> None:
        self.path, self.lease, self.clock = path, lease, clock
        self._lock = threading.RLock()
        self._appended = threading.Condition(self._lock)
        self._db = _open(path)

    def ensure_topics(self, topics: Sequence[Topic]) -> list[str]:
        """Create what is missing; a local topic has nothing that could differ."""
        with self.transaction() as db:
            db.executemany("INSERT OR IGNORE INTO topics VALUES (?, 0)", [(t.name,) for t in topics])
        return []

    def append(self, messages: Sequence[LogMessage]) -> None:
        """Publish all of `messages` or none; on disk on return."""
        with self.transaction() as db:
            self.insert(db, messages)

    @contextmanager
    def consume(self, group: str, topic: str) -> Iterator["LocalConsumer"]:
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
                raise _not_a_log(self.path, error) from error

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
            rows.append((m.topic, offset, m.key.encode(), m.value, _pack(m.headers), now))
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
            Record(topic, 0, offset, key, value, _unpack(headers), datetime.fromtimestamp(timestamp, UTC))
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


class LocalConsumer:
    """One member of a group; see `StageConsumer`."""

    def __init__(self, log: LocalLog, group: str, topic: str) -> None:
        self._log, self._group, self._topic = log, group, topic
        self._member = uuid.uuid4().hex
        self._expires = 0.0  # of our lease; 0: we hold none
        self._committed = 0
        self._next = 0

    def poll(self, max_records: int, timeout: float) -> list[Record]:
        """See StageConsumer; empty also while another member holds the topic."""

        def attempt() -> list[Record]:
            if not self._hold_lease():
                return []
            return self._log.fetch(self._topic, self._next, max_records)

        records = self._log.wait_for(attempt, timeout)
        if records:
            self._next = records[-1].offset + 1
        return records

    def commit(self, messages: Sequence[LogMessage]) -> None:
        """See StageConsumer."""
        with self._log.transaction() as db:
            sql = "SELECT next, owner FROM positions WHERE grp = ? AND topic = ?"
            row = db.execute(sql, (self._group, self._topic)).fetchone()
            if row != (self._committed, self._member):
                self._expires = 0.0
                raise Fenced(f"{self._group}: another member took over {self._topic}")
            self._log.insert(db, messages)
            expires = self._log.clock() + self._log.lease
            sql = "UPDATE positions SET next = ?, expires = ? WHERE grp = ? AND topic = ?"
            db.execute(sql, (self._next, expires, self._group, self._topic))
        self._committed, self._expires = self._next, expires

    def rollback(self) -> None:
        """See StageConsumer."""
        self._next = self._committed

    def lag(self) -> int:
        """See StageConsumer."""
        return self._log.end(self._topic) - self._committed if self._expires else 0

    def close(self) -> None:
        """Give the lease back."""
        if not self._expires:
            return
        with self._log.transaction() as db:
            sql = "UPDATE positions SET owner = NULL WHERE grp = ? AND topic = ? AND owner = ?"
            db.execute(sql, (self._group, self._topic, self._member))
        self._expires = 0.0

    def _hold_lease(self) -> bool:
        now = self._log.clock()
        if now < self._expires - self._log.lease / 2:
            return True
        with self._log.guarded() as db:  # a look first: a member that waits should not write
            sql = "SELECT owner, expires FROM positions WHERE grp = ? AND topic = ?"
            row = db.execute(sql, (self._group, self._topic)).fetchone()
            if row and _held_by_another(row, self._member, now):
                self._expires = 0.0
                return False
        with self._log.transaction() as db:
            sql = "SELECT owner, expires, next FROM positions WHERE grp = ? AND topic = ?"
            row = db.execute(sql, (self._group, self._topic)).fetchone() or (None, 0.0, 0)
            if _held_by_another(row, self._member, now):
                self._expires = 0.0
                return False
            taken_over = row[0] != self._member
            expires = now + self._log.lease
            sql = "INSERT OR REPLACE INTO positions VALUES (?, ?, ?, ?, ?)"
            db.execute(sql, (self._group, self._topic, row[2], self._member, expires))
        if taken_over:
            self._committed = self._next = row[2]
        self._expires = expires
        return True


def _held_by_another(row: tuple[Any, ...], member: str, now: float) -> bool:
    owner, expires = row[:2]
    return owner not in (None, member) and expires > now


def _open(path: Path) -> sqlite3.Connection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    except (OSError, sqlite3.OperationalError) as error:
        raise BadInput(
            str(path), f"cannot be opened: {error}", mend="is the state folder writable?"
        ) from error
    try:
        db.execute("PRAGMA journal_mode = WAL")
        # a published message survives a power cut: FULL costs one fsync a batch
        db.execute("PRAGMA synchronous = FULL")
        db.executescript(_TABLES)
    except sqlite3.OperationalError as error:
        db.close()
        raise TransientError(f"{path}: {error}") from error
    except sqlite3.DatabaseError as error:
        db.close()
        raise _not_a_log(path, error) from error
    return db


def _not_a_log(path: Path, error: sqlite3.DatabaseError) -> BadInput:
    return BadInput(str(path), f"is no event log: {error}", mend="restore it, or move it away to begin anew")


def _pack(headers: Mapping[str, bytes]) -> str:
    return json.dumps({name: value.decode("latin-1") for name, value in headers.items()})


def _unpack(packed: str) -> dict[str, bytes]:
    return {name: value.encode("latin-1") for name, value in json.loads(packed).items()}
