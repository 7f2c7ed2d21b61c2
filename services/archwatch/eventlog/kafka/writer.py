"""A transactional producer whose calls come back within a bounded time."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from kafka import KafkaProducer
from kafka import errors as kafka_errors
from kafka.structs import OffsetAndMetadata, TopicPartition

from archwatch.contracts.envelope import LogMessage
from archwatch.eventlog.kafka.connection import Connection
from archwatch.eventlog.topic_setup import MAX_REQUEST_BYTES

# readers wait for the end of a transaction whose writer was killed: no longer than a batch needs
_TRANSACTION_MS: Final = 20_000


class Writer:
    """Publishes in transactions under `transactional_id`; making it fences who used that id before."""

    def __init__(self, connection: Connection, transactional_id: str) -> None:
        timeout_ms = connection.timeout_ms
        self._timeout = timeout_ms / 1000
        self._producer = KafkaProducer(
            transactional_id=transactional_id,
            max_block_ms=timeout_ms,
            delivery_timeout_ms=max(timeout_ms, 5_000) * 2,
            transaction_timeout_ms=_TRANSACTION_MS,
            max_request_size=MAX_REQUEST_BYTES,
            **connection.settings,
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
        """One transaction: `messages`, and `offsets` of the group `membership` (its name, or a member's
        metadata). After an error this writer is done: close it and make a new one."""
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
