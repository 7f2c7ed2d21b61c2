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
_CLOSE_SECONDS: Final = 1.0


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
                self._await(self._transaction.send_offsets_to_transaction(dict(offsets), membership))
        except BaseException:
            self._abort()
            raise
        self._await(self._transaction.begin_commit())

    def close(self) -> None:
        """What is not published by now will not be. Ends kafka-python's thread, also when a broker is away:
        its own `close` first waits for what cannot be sent, and then leaves the thread running."""
        self._producer._sender.force_close()
        try:
            self._producer.close(timeout=_CLOSE_SECONDS)
        except kafka_errors.KafkaTimeoutError:
            return  # the thread is told, and ends once its request has timed out

    def _abort(self) -> None:
        try:
            self._await(self._transaction.begin_abort())
        except kafka_errors.KafkaError:
            return  # fenced or away: the broker aborts it by its own time-out

    @property
    def _transaction(self) -> Any:
        return self._producer._transaction_manager

    def _await(self, result: Any) -> None:
        """As the producer's own methods do, which wait without end (3.0.12): a broker that was killed and
        came back left them waiting for ever."""
        self._producer._sender.wakeup()
        if not result.wait(timeout_ms=self._timeout * 1000):
            raise kafka_errors.KafkaTimeoutError(f"no answer to a transaction in {self._timeout:.0f} s")
