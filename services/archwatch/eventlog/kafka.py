"""The event log on Apache Kafka: transactions for what is published, read_committed for what is read.

The only module that imports kafka-python (3.x). A stage's consumer publishes its results and commits
its offsets in one transaction that carries the group's generation (KIP-447), so that the broker fences
a member that lost its partitions.
"""

import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka import errors as kafka_errors
from kafka.admin import ConfigResource, ConfigResourceType, OffsetSpec
from kafka.structs import OffsetAndMetadata, TopicPartition
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from archwatch.contracts.envelope import LogMessage, Record
from archwatch.contracts.topics import Topic
from archwatch.errors import BadInput, Fenced, TransientError
from archwatch.eventlog.topic_setup import differences, wanted_configs

READ_LIMIT: Final = 500
_FENCING: Final = (
    kafka_errors.ProducerFencedError,
    kafka_errors.InvalidProducerEpochError,
    kafka_errors.FencedInstanceIdError,
    kafka_errors.IllegalGenerationError,
    kafka_errors.UnknownMemberIdError,
    kafka_errors.RebalanceInProgressError,
    kafka_errors.CommitFailedError,
    kafka_errors.TransactionAbortedError,
)


class KafkaLog:
    """An EventLog on the brokers `servers` (host:port, several separated by commas).

    `security` is handed to kafka-python: security_protocol, sasl_mechanism, ssl_cafile ...
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
        self.servers, self.client = servers, client
        self._partitions, self._replication = partitions, replication
        self._session_ms = int(session_seconds * 1000)
        self._timeout_ms = int(timeout_seconds * 1000)
        self._common: dict[str, Any] = {
            "bootstrap_servers": servers.split(","),
            "client_id": client,
            "bootstrap_timeout_ms": self._timeout_ms,
            "request_timeout_ms": max(self._timeout_ms, 5_000),
            **(security or {}),
        }
        self._lock = threading.RLock()
        self._writer: _Writer | None = None
        self._reader: Any = None
        self._admin: Any = None

    def ensure_topics(self, topics: Sequence[Topic]) -> list[str]:
        """Create what is missing; a line, with the mend, for each topic that is not as wanted."""
        with self._lock, self._speaking():
            admin = self._admin_client()
            there = set(admin.list_topics())
            missing = {
                t.name: {
                    "num_partitions": self._partitions,
                    "replication_factor": self._replication,
                    "configs": wanted_configs(t),
                }
                for t in topics
                if t.name not in there
            }
            if missing:
                try:
                    admin.create_topics(missing, wait_for_metadata=True)
                except kafka_errors.TopicAlreadyExistsError:
                    admin.wait_for_topics(list(missing))  # another instance was quicker
            described = {t["name"]: t for t in admin.describe_topics([t.name for t in topics])}
            resources = [ConfigResource(ConfigResourceType.TOPIC, t.name, None) for t in topics]
            configs = admin.describe_configs(resources).get("topic", {})
        return [line for t in topics for line in self._differences(t, described[t.name], configs)]

    def append(self, messages: Sequence[LogMessage]) -> None:
        """Publish all of `messages` or none: one transaction."""
        if not messages:
            return
        with self._lock, self._speaking():
            if self._writer is None:
                self._writer = _Writer(self._common, f"{self.client}-append-{uuid.uuid4()}", self._timeout_ms)
            try:
                self._writer.publish(messages)
            except BaseException:
                self._writer.close()
                self._writer = None
                raise

    @contextmanager
    def consume(self, group: str, topic: str) -> Iterator["KafkaStageConsumer"]:
        """Join `group` on `topic`."""
        with self._speaking():
            consumer = KafkaConsumer(
                topic,
                group_id=group,
                isolation_level="read_committed",
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                allow_auto_create_topics=False,
                session_timeout_ms=self._session_ms,
                heartbeat_interval_ms=self._session_ms // 5,
                **self._common,
            )
        member = KafkaStageConsumer(consumer, self._new_writer(group), self._speaking)
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
        with self._lock, self._speaking():
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
                    return sorted(_records(polled), key=lambda r: (r.timestamp, r.partition, r.offset))
                at_end = all(reader.position(partition) >= end for partition, end in ends.items())
                if at_end and time.monotonic() >= deadline:
                    return []

    def end_offsets(self, topic: str) -> dict[int, int]:
        """For each partition the end of what is committed."""
        with self._lock, self._speaking():
            reader = self._reading(topic)
            ends = reader.end_offsets(list(reader.assignment()))
        return {partition.partition: end for partition, end in ends.items()}

    def group_lag(self, group: str, topic: str) -> int:
        """Offsets that `group` has not committed; 0 when it has read all (see KafkaStageConsumer.poll).

        Counted to the end of what is written, not of what is committed: a broker confirms a transaction
        before its records can be read, and in that moment a stage must not take itself for done."""
        with self._lock, self._speaking():
            partitions = self._reading(topic).assignment()
            admin = self._admin_client()
            ends = admin.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.LATEST))
            # a cluster that has just come up has no coordinator for the first moments
            patient = Retrying(
                retry=retry_if_exception_type(kafka_errors.RetriableError),
                stop=stop_after_delay(self._timeout_ms / 1000),
                wait=wait_fixed(0.1),
                reraise=True,
            )
            listed = patient(admin.list_group_offsets, {group: list(ends)})
        committed = listed.get(group, {})
        return sum(found.offset - max(_offset(committed.get(p)), 0) for p, found in ends.items())

    def close(self) -> None:
        """Close all connections; what is in consumers' hands is closed by them."""
        with self._lock:
            for part in (self._writer, self._reader, self._admin):
                if part is not None:
                    part.close()
            self._writer = self._reader = self._admin = None

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        """kafka-python's errors in our terms."""
        try:
            yield
        except _FENCING as error:
            raise Fenced(f"Kafka at {self.servers}: {_said(error)}") from error
        except kafka_errors.MessageSizeTooLargeError as error:
            raise BadInput(
                f"Kafka at {self.servers}", str(error), mend="raise the topic's max.message.bytes"
            ) from error
        except (kafka_errors.KafkaError, OSError) as error:
            raise TransientError(f"Kafka at {self.servers}: {_said(error)}") from error

    def _new_writer(self, group: str) -> Callable[[], "_Writer"]:
        return lambda: _Writer(self._common, f"{self.client}-{group}-{uuid.uuid4()}", self._timeout_ms)

    def _admin_client(self) -> Any:
        if self._admin is None:
            self._admin = KafkaAdminClient(**self._common)
        return self._admin

    def _reading(self, topic: str) -> Any:
        """One group-less consumer, assigned to all partitions of `topic`."""
        if self._reader is None:
            self._reader = KafkaConsumer(
                isolation_level="read_committed",
                enable_auto_commit=False,
                auto_offset_reset="earliest",
                allow_auto_create_topics=False,
                **self._common,
            )
        known = self._reader.partitions_for_topic(topic)
        if not known:
            raise TransientError(f"Kafka at {self.servers}: topic {topic} is not there (yet)")
        wanted = {TopicPartition(topic, number) for number in known}
        if self._reader.assignment() != wanted:
            self._reader.assign(list(wanted))
        return self._reader

    def _differences(self, topic: Topic, described: Any, configs: Any) -> list[str]:
        partitions = described["partitions"]
        return differences(
            topic,
            partitions=(len(partitions), self._partitions),
            replication=(min(len(p["replica_nodes"]) for p in partitions), self._replication),
            configs={name: found["value"] for name, found in configs.get(topic.name, {}).items()},
        )


class KafkaStageConsumer:
    """One member of a group; see `StageConsumer`."""

    def __init__(
        self, consumer: Any, new_writer: Callable[[], "_Writer"], speaking: Callable[[], Any]
    ) -> None:
        self._consumer, self._new_writer, self._speaking = consumer, new_writer, speaking
        self._writer: _Writer | None = None
        self._pending: dict[TopicPartition, OffsetAndMetadata] = {}
        self._passed: dict[TopicPartition, int] = {}
        self._membership: Any = None

    def poll(self, max_records: int, timeout: float) -> list[Record]:
        """See StageConsumer. When there is nothing, offsets that hold no message (the marks that end
        a transaction) are committed too, so that the lag of a group that has read all is 0."""
        with self._speaking():
            polled = self._consumer.poll(timeout_ms=int(timeout * 1000), max_records=max_records)
            # of this moment: if the group changes before the commit, the broker must refuse it
            self._membership = self._consumer.group_metadata()
            if not polled:
                self._commit_passed_marks()
        for partition, records in polled.items():
            self._pending[partition] = OffsetAndMetadata(records[-1].offset + 1, "", -1)
        return _records(polled)

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


class _Writer:
    """A transactional producer whose calls come back within a bounded time."""

    def __init__(self, common: Mapping[str, Any], transactional_id: str, timeout_ms: int) -> None:
        self._timeout = timeout_ms / 1000
        self._producer = KafkaProducer(
            transactional_id=transactional_id,
            max_block_ms=timeout_ms,
            delivery_timeout_ms=max(timeout_ms, 5_000) * 2,
            transaction_timeout_ms=60_000,
            **common,
        )
        try:
            self._producer.init_transactions()
        except BaseException:
            self.close()
            raise

    def publish(
        self,
        messages: Sequence[LogMessage],
        offsets: Mapping[TopicPartition, OffsetAndMetadata] | None = None,
        membership: Any = None,
    ) -> None:
        """One transaction. After an error this writer is done: close it and make a new one."""
        producer = self._producer
        producer.begin_transaction()
        try:
            futures = [
                producer.send(m.topic, m.value, key=m.key.encode(), headers=list(m.headers.items()))
                for m in messages
            ]
            producer.flush(timeout=self._timeout)
            for future in futures:
                future.get(timeout=self._timeout)
            if offsets:
                producer.send_offsets_to_transaction(dict(offsets), membership)
        except BaseException:
            self._abort()
            raise
        producer.commit_transaction()

    def close(self) -> None:
        self._producer.close(timeout=1)

    def _abort(self) -> None:
        try:
            self._producer.abort_transaction()
        except kafka_errors.KafkaError:
            return  # fenced or away: the broker aborts it by its own time-out


def _records(polled: Mapping[TopicPartition, Sequence[Any]]) -> list[Record]:
    return [
        Record(
            r.topic, r.partition, r.offset, r.key, r.value or b"", dict(r.headers or ()),
            datetime.fromtimestamp(r.timestamp / 1000, UTC),
        )
        for records in polled.values()
        for r in records
    ]  # fmt: skip


def _offset(found: Any) -> int:
    return getattr(found, "offset", found) if found is not None else 0


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
