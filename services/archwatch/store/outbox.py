"""Queries on the outbox: messages decided upon, but not yet on the event log."""

import json
from collections.abc import Sequence

from sqlalchemy import Connection, delete, func, insert, select

from archwatch.contracts.envelope import LogMessage
from archwatch.store.tables import outbox


def put(connection: Connection, messages: Sequence[LogMessage]) -> None:
    """Keep `messages` until they are on the log."""
    if messages:
        connection.execute(insert(outbox), [_row(message) for message in messages])


def oldest(connection: Connection, limit: int) -> dict[int, LogMessage]:
    """The first messages by id; another process's drain does not get the same ones meanwhile."""
    query = select(outbox).order_by(outbox.c.id).limit(limit).with_for_update(skip_locked=True)
    return {
        row.id: LogMessage(
            row.topic,
            row.key,
            row.value,
            {name: text.encode("latin-1") for name, text in json.loads(row.headers).items()},
        )
        for row in connection.execute(query)
    }


def remove(connection: Connection, ids: Sequence[int]) -> None:
    connection.execute(delete(outbox).where(outbox.c.id.in_(ids)))


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
