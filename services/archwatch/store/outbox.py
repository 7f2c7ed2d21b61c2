"""Queries on the outbox: messages decided upon, but not yet on the event log."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select, update

from archwatch.contracts.envelope import LogMessage
from archwatch.store.tables import outbox

_DRAINING: Final = 0x64726169  # any number, so long as every archwatch locks the same


def put(connection: Connection, messages: Sequence[LogMessage]) -> None:
    """Keep `messages` until they are on the log."""
    if messages:
        connection.execute(insert(outbox), [_row(message) for message in messages])


@dataclass(frozen=True)
class Batch:
    """Messages that are published together."""

    id: str
    messages: Sequence[LogMessage]


def lock(connection: Connection) -> bool:
    """May we drain? Until the end of this transaction nobody else may. SQLite has one writer anyway."""
    if connection.dialect.name == "sqlite":
        return True
    return bool(connection.scalar(select(func.pg_try_advisory_xact_lock(_DRAINING))))


def decide(connection: Connection, limit: int) -> bool:
    """Make the oldest messages a batch, unless there is one already. Is there one now?"""
    if connection.scalar(select(outbox.c.id).where(outbox.c.batch.is_not(None)).limit(1)) is None:
        first = select(outbox.c.id).order_by(outbox.c.id).limit(limit)
        oldest = connection.scalars(first).all()
        if not oldest:
            return False
        ours = update(outbox).where(outbox.c.id.in_(oldest))
        connection.execute(ours.values(batch=uuid.uuid4().hex))
    return True


def decided(connection: Connection) -> Batch | None:
    """The batch that waits to be published, always in the same order."""
    query = select(outbox).where(outbox.c.batch.is_not(None)).order_by(outbox.c.id)
    rows = connection.execute(query).all()
    if not rows:
        return None
    messages = [
        LogMessage(
            row.topic,
            row.key,
            row.value,
            {name: text.encode("latin-1") for name, text in json.loads(row.headers).items()},
        )
        for row in rows
    ]
    return Batch(rows[0].batch, messages)


def remove(connection: Connection, batch: str) -> None:
    connection.execute(delete(outbox).where(outbox.c.batch == batch))


def size(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(outbox)) or 0


def _row(message: LogMessage) -> dict[str, object]:
    headers = {name: value.decode("latin-1") for name, value in message.headers.items()}
    return {
        "topic": message.topic,
        "key": message.key,
        "value": message.value,
        "headers": json.dumps(headers).encode(),
    }
