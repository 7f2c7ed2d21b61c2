"""One member of a consumer group on the embedded log."""

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from archwatch.contracts.envelope import LogMessage, Record
from archwatch.errors import Fenced

if TYPE_CHECKING:
    from archwatch.eventlog.local.log import LocalLog


class LocalConsumer:
    """One member of a group; see `StageConsumer`."""

    def __init__(self, log: "LocalLog", group: str, topic: str) -> None:
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
