"""How a message travels: key, bytes and headers on a topic, and its place there once published."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class LogMessage:
    """What is to be published: a UTF-8 key, bytes, and headers (names to bytes)."""

    topic: str
    key: str
    value: bytes
    headers: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Record:
    """What was published, with its place in the log. `key` is None if a foreign writer set none."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes
    headers: Mapping[str, bytes]
    timestamp: datetime
