"""How a broker is reached, its errors in our terms, its records in ours."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from kafka import errors as kafka_errors
from kafka.structs import TopicPartition

from archwatch.contracts.envelope import Record
from archwatch.errors import BadInput, Fenced, TransientError

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


@dataclass(frozen=True)
class Connection:
    """The brokers `servers`, how long to wait for them (milliseconds), and what kafka-python is told.

    `security` is not shown when this is printed: it may hold a password.
    """

    servers: str
    client: str
    timeout_ms: int
    security: Mapping[str, Any] = field(repr=False)

    @property
    def settings(self) -> dict[str, Any]:
        """What every client of kafka-python is made with."""
        return {
            "bootstrap_servers": self.servers.split(","),
            "client_id": self.client,
            "bootstrap_timeout_ms": self.timeout_ms,
            "request_timeout_ms": max(self.timeout_ms, 5_000),
            **self.security,
        }

    @property
    def reach(self) -> str:
        """How Kafka's own tools are told of the brokers; what it takes to log in lies in a file of theirs."""
        plain = self.security.get("security_protocol", "PLAINTEXT") == "PLAINTEXT"
        return f"--bootstrap-server {self.servers}{'' if plain else ' --command-config client.properties'}"

    @contextmanager
    def speaking(self) -> Iterator[None]:
        """kafka-python's errors in our terms."""
        try:
            yield
        except _FENCING as error:
            raise Fenced(f"Kafka at {self.servers}: {said(error)}") from error
        except kafka_errors.MessageSizeTooLargeError as error:
            raise BadInput(
                f"Kafka at {self.servers}", str(error), mend="raise the topic's max.message.bytes"
            ) from error
        except (kafka_errors.KafkaError, OSError) as error:
            raise TransientError(f"Kafka at {self.servers}: {said(error)}") from error


def records_of(polled: Mapping[TopicPartition, Sequence[Any]]) -> list[Record]:
    """What a consumer polled, partition by partition, in the order of each."""
    return [
        Record(
            r.topic, r.partition, r.offset, r.key, r.value or b"", dict(r.headers or ()),
            datetime.fromtimestamp(r.timestamp / 1000, UTC),
        )
        for records in polled.values()
        for r in records
    ]  # fmt: skip


def said(error: BaseException) -> str:
    """An error as one line, also when it brings no words of its own."""
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
