"""Publishes the batches of an outbox, each once, whoever dies in between.

All who drain an outbox share its name: as transactional id, so that the broker fences whoever held it
before, and as the name of a group, whose one committed "offset" is not a position but the mark: its
metadata is the id of the batch that was published last, written in the batch's own transaction.
"""

from collections.abc import Callable, Sequence
from typing import Any

from kafka import KafkaConsumer
from kafka.structs import OffsetAndMetadata, TopicPartition

from archwatch.contracts.envelope import LogMessage
from archwatch.eventlog.kafka.connection import Connection
from archwatch.eventlog.kafka.writer import Writer


class OutboxWriter:
    """Of the outbox `name`. Not for several threads at once."""

    def __init__(self, connection: Connection, name: str) -> None:
        self._connection, self._name = connection, name
        self._writer: Writer | None = None
        self._marks: Any = None

    def publish(self, batch: str, messages: Sequence[LogMessage]) -> bool:
        """Publish `messages` in one transaction, but for a batch that is published; was it not?"""
        place = TopicPartition(messages[0].topic, 0)
        try:
            if self._writer is None:
                # first the fence, then the look: what another began is then published or gone
                self._writer = Writer(self._connection, self._name)
            if self._mark(place) == batch:
                return False
            self._writer.publish(messages, {place: OffsetAndMetadata(0, batch, -1)}, self._name)
        except BaseException:
            self.close()
            raise
        return True

    def _mark(self, place: TopicPartition) -> str | None:
        if self._marks is None:
            self._marks = KafkaConsumer(
                group_id=self._name,
                isolation_level="read_committed",  # waits for the end of a transaction under way
                enable_auto_commit=False,
                **self._connection.settings,
            )
        found = self._marks.committed(place, metadata=True, timeout_ms=self._connection.timeout_ms)
        return found.metadata if found else None

    def close(self) -> None:
        close_all(self._writer, self._marks)
        self._writer = self._marks = None


def close_all(*parts: Any) -> None:
    """Close what was opened."""
    closing: list[Callable[[], None]] = [part.close for part in parts if part is not None]
    for close in closing:
        close()
