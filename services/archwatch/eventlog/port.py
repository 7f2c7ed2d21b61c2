"""What archwatch asks of an event log.

A log has named topics; a topic has partitions; a partition is an ordered list of records.
Messages of one key share a partition, so their order is kept. A consumer group reads each
record once: its position (the offset to read next) is committed together with what was
published because of it.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from archwatch.contracts.envelope import LogMessage, Record
from archwatch.contracts.topics import Topic


class StageConsumer(Protocol):
    """One member of a consumer group on one topic, with the right to publish its results."""

    def poll(self, max_records: int, timeout: float) -> list[Record]:
        """At most `max_records` records in order; empty after `timeout` seconds without any.

        Raises TransientError when the log is away.
        """
        ...

    def commit(self, messages: Sequence[LogMessage]) -> None:
        """Publish `messages` and commit the offsets of all that was polled: both or neither.

        Raises Fenced when another member owns the partition by now; TransientError when the
        log is away. In both cases nothing was published: call `rollback`.
        """
        ...

    def rollback(self) -> None:
        """Go back to the committed offsets, so that the next poll gives the batch again."""
        ...

    def lag(self) -> int:
        """Records after the committed offsets, over the partitions that this member holds."""
        ...

    def close(self) -> None: ...


class EventLog(Protocol):
    """The log itself. Safe to share between threads; a StageConsumer is not."""

    def ensure_topics(self, topics: Sequence[Topic]) -> list[str]:
        """Create what is missing. Returns a line for each topic that differs from what is wanted."""
        ...

    def append(self, messages: Sequence[LogMessage]) -> None:
        """Publish all of `messages` or none; durable on return. Raises TransientError."""
        ...

    def publish_once(self, outbox: str, batch: str, messages: Sequence[LogMessage]) -> bool:
        """Publish all of `messages` or none, unless `batch` is the one that `outbox` published last.

        So a batch whose publisher died, or was not answered, may be handed over again. Batches of an outbox
        come one after the other; who published for it before is fenced. Says whether it published.
        Raises TransientError.
        """
        ...

    def consume(self, group: str, topic: str) -> AbstractContextManager[StageConsumer]:
        """Join a consumer group on `topic`; a new group starts at the beginning."""
        ...

    def read(
        self, topic: str, *, after: Mapping[int, int] | None = None, timeout: float = 0.0
    ) -> list[Record]:
        """Committed records without a group, oldest first, at most 500 a call.

        `after` maps a partition to the last offset already seen (none: from the beginning).
        Waits up to `timeout` seconds for a first record; empty when there is none.
        """
        ...

    def end_offsets(self, topic: str) -> dict[int, int]:
        """For each partition the offset that the next record will get."""
        ...

    def group_lag(self, group: str, topic: str) -> int:
        """Records of `topic` that `group` has not yet committed, over all partitions."""
        ...

    def reset(self, group: str, topic: str, to: datetime | None) -> int:
        """Let `group` read again what was published at `to` and later (None: all); says how much that is.

        Raises BadInput while the group has members.
        """
        ...

    def close(self) -> None: ...
