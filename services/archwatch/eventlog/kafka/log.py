"""The log: topics, publishing, reading, groups."""

import threading
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from kafka import KafkaAdminClient, KafkaConsumer
from kafka.structs import TopicPartition

from archwatch.contracts.envelope import LogMessage, Record
from archwatch.contracts.topics import Topic
from archwatch.errors import TransientError
from archwatch.eventlog.kafka import groups
from archwatch.eventlog.kafka.connection import Connection, records_of
from archwatch.eventlog.kafka.member import KafkaStageConsumer
from archwatch.eventlog.kafka.outbox_writer import OutboxWriter, close_all
from archwatch.eventlog.kafka.security import client_settings
from archwatch.eventlog.kafka.topics import ensure
from archwatch.eventlog.kafka.writer import Writer

READ_LIMIT: Final = 500


class KafkaLog:
    """An EventLog on the brokers `servers` (host:port, several separated by commas).

    `security`: see `archwatch.eventlog.kafka.security`.
    `session_seconds`: how long a member may be silent before its partitions move to another.
    """

    def __init__(
        self,
        servers: str,
        *,
        client: str = "archwatch",
        partitions: int = 3,
        replication: int = 1,
        security: Mapping[str, str] | None = None,
        session_seconds: float = 15.0,
        timeout_seconds: float = 10.0,
    ) -> None:
        self._connection = Connection(
            servers, client, int(timeout_seconds * 1000), client_settings(security or {})
        )
        self._partitions, self._replication = partitions, replication
        self._session_ms = int(session_seconds * 1000)
        self._lock = threading.RLock()
        self._publishing = threading.Lock()
        self._writer: Writer | None = None
        self._outboxes: dict[str, OutboxWriter] = {}
        self._reader: Any = None
        self._admin: Any = None

    def ensure_topics(self, topics: Sequence[Topic]) -> list[str]:
        """Create what is missing; a line, with the mend, for each topic that is not as wanted."""
        with self._lock, self._connection.speaking():
            return ensure(
                self._admin_client(),
                topics,
                partitions=self._partitions,
                replication=self._replication,
                reach=self._connection.reach,
            )

    def append(self, messages: Sequence[LogMessage]) -> None:
        """Publish all of `messages` or none: one transaction."""
        if not messages:
            return
        with self._publishing, self._connection.speaking():
            if self._writer is None:
                name = f"{self._connection.client}-append-{uuid.uuid4()}"
                self._writer = Writer(self._connection, name)
            try:
                self._writer.publish(messages)
            except BaseException:
                self._writer.close()
                self._writer = None
                raise

    def publish_once(self, outbox: str, batch: str, messages: Sequence[LogMessage]) -> bool:
        """See EventLog."""
        with self._publishing, self._connection.speaking():
            writer = self._outboxes.setdefault(outbox, OutboxWriter(self._connection, outbox))
            return writer.publish(batch, messages)

    @contextmanager
    def consume(self, group: str, topic: str) -> Iterator[KafkaStageConsumer]:
        """Join `group` on `topic`."""
        with self._connection.speaking():
            consumer = KafkaConsumer(
                topic,
                group_id=group,
                isolation_level="read_committed",
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                allow_auto_create_topics=False,
                session_timeout_ms=self._session_ms,
                heartbeat_interval_ms=self._session_ms // 5,
                **self._connection.settings,
            )
        member = KafkaStageConsumer(
            consumer,
            lambda: Writer(self._connection, f"{self._connection.client}-{group}-{uuid.uuid4()}"),
            self._connection.speaking,
        )
        try:
            yield member
        finally:
            member.close()

    def read(
        self, topic: str, *, after: Mapping[int, int] | None = None, timeout: float = 0.0
    ) -> list[Record]:
        """Committed records after the given offsets; see EventLog."""
        seen = after or {}
        deadline = time.monotonic() + timeout
        with self._lock, self._connection.speaking():
            reader = self._reading(topic)
            for partition in reader.assignment():
                if partition.partition in seen:
                    reader.seek(partition, seen[partition.partition] + 1)
                else:
                    reader.seek_to_beginning(partition)
            while True:
                ends = reader.end_offsets(list(reader.assignment()))
                polled = reader.poll(timeout_ms=100, max_records=READ_LIMIT)
                if polled:
                    return sorted(records_of(polled), key=lambda r: (r.timestamp, r.partition, r.offset))
                at_end = all(reader.position(partition) >= end for partition, end in ends.items())
                if at_end and time.monotonic() >= deadline:
                    return []

    def end_offsets(self, topic: str) -> dict[int, int]:
        """For each partition the end of what is committed."""
        with self._lock, self._connection.speaking():
            reader = self._reading(topic)
            ends = reader.end_offsets(list(reader.assignment()))
        return {partition.partition: end for partition, end in ends.items()}

    def group_lag(self, group: str, topic: str) -> int:
        """Offsets that `group` has not committed; 0 when it has read all (see KafkaStageConsumer.poll)."""
        with self._lock, self._connection.speaking():
            partitions = self._reading(topic).assignment()
            patience = self._connection.timeout_ms / 1000
            return groups.lag(self._admin_client(), group, partitions, patience)

    def reset(self, group: str, topic: str, to: datetime | None) -> int:
        """See EventLog."""
        with self._lock, self._connection.speaking():
            partitions = self._reading(topic).assignment()
            return groups.reset(self._admin_client(), group, partitions, to)

    def close(self) -> None:
        """Close all connections; what is in consumers' hands is closed by them."""
        with self._lock, self._publishing:
            close_all(self._writer, *self._outboxes.values(), self._reader, self._admin)
            self._writer = self._reader = self._admin = None
            self._outboxes = {}

    def _admin_client(self) -> Any:
        if self._admin is None:
            self._admin = KafkaAdminClient(**self._connection.settings)
        return self._admin

    def _reading(self, topic: str) -> Any:
        """One group-less consumer, assigned to all partitions of `topic`."""
        if self._reader is None:
            self._reader = KafkaConsumer(
                isolation_level="read_committed",
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                allow_auto_create_topics=False,
                **self._connection.settings,
            )
        known = self._reader.partitions_for_topic(topic)
        if not known:
            raise TransientError(f"Kafka at {self._connection.servers}: topic {topic} is not there (yet)")
        wanted = {TopicPartition(topic, number) for number in known}
        if self._reader.assignment() != wanted:
            self._reader.assign(list(wanted))
        return self._reader
