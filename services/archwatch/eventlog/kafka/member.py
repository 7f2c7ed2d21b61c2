"""One member of a consumer group. It publishes its results and commits its offsets in one transaction
that carries the group's generation (KIP-447), so that the broker fences a member that lost its partitions.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final

from kafka.structs import OffsetAndMetadata, TopicPartition

from archwatch.contracts.envelope import LogMessage, Record
from archwatch.eventlog.kafka.connection import records_of
from archwatch.eventlog.kafka.writer import Writer

_JOIN_SECONDS: Final = 2.0


class KafkaStageConsumer:
    """One member of a group; see `StageConsumer`."""

    def __init__(self, consumer: Any, new_writer: Callable[[], Writer], speaking: Callable[[], Any]) -> None:
        self._consumer, self._new_writer, self._speaking = consumer, new_writer, speaking
        self._writer: Writer | None = None
        self._pending: dict[TopicPartition, OffsetAndMetadata] = {}
        self._passed: dict[TopicPartition, int] = {}
        self._membership: Any = None

    def poll(self, max_records: int, timeout: float) -> list[Record]:
        """See StageConsumer. When there is nothing, offsets that hold no message (the marks that end
        a transaction) are committed too, so that the lag of a group that has read all is 0."""
        if not self._consumer.assignment():
            # joining a group takes some answers, and kafka-python gives up what a poll cannot end in time:
            # with short polls alone it may never get in
            timeout = max(timeout, _JOIN_SECONDS)
        with self._speaking():
            polled = self._consumer.poll(timeout_ms=int(timeout * 1000), max_records=max_records)
            # of this moment: if the group changes before the commit, the broker must refuse it
            self._membership = self._consumer.group_metadata()
            if not polled:
                self._commit_passed_marks()
        for partition, records in polled.items():
            self._pending[partition] = OffsetAndMetadata(records[-1].offset + 1, "", -1)
        return records_of(polled)

    def commit(self, messages: Sequence[LogMessage]) -> None:
        """See StageConsumer."""
        with self._speaking():
            if self._writer is None:
                self._writer = self._new_writer()
            try:
                self._writer.publish(messages, self._pending, self._membership)
            except BaseException:
                self._drop_writer()
                raise
        self._passed |= {partition: given.offset for partition, given in self._pending.items()}
        self._pending = {}

    def rollback(self) -> None:
        """See StageConsumer."""
        self._pending = {}
        with self._speaking():
            for partition in self._consumer.assignment():
                committed = self._consumer.committed(partition)
                if committed is None:
                    self._consumer.seek_to_beginning(partition)
                else:
                    self._consumer.seek(partition, committed)

    def lag(self) -> int:
        """See StageConsumer."""
        with self._speaking():
            assigned = list(self._consumer.assignment())
            ends = self._consumer.end_offsets(assigned) if assigned else {}
            return sum(max(0, end - (self._consumer.position(p) or 0)) for p, end in ends.items())

    def close(self) -> None:
        """Leave the group."""
        self._drop_writer()
        self._consumer.close(autocommit=False, timeout_ms=5_000)

    def _drop_writer(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _commit_passed_marks(self) -> None:
        marks = {}
        for partition in self._consumer.assignment():
            position = self._consumer.position(partition, timeout_ms=1_000)
            if position is not None and position > self._passed.get(partition, 0):
                marks[partition] = OffsetAndMetadata(position, "", -1)
        if marks:
            self._consumer.commit(marks)
            self._passed |= {partition: mark.offset for partition, mark in marks.items()}
