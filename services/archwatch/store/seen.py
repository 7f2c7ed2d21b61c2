"""Queries on entries seen before: an entry is published once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from archwatch.contracts.envelope import LogMessage
from archwatch.store.insert import insert
from archwatch.store.tables import seen


@dataclass(frozen=True)
class Found:
    """An entry of a feed, and the message to publish if it is new."""

    feed: str
    entry_id: str
    content_hash: str
    message: LogMessage


def remember(connection: Connection, found: Sequence[Found], now: datetime) -> list[Found]:
    """Those of `found` that nobody remembered yet, in their order, each once."""
    first: dict[tuple[str, str], Found] = {}
    for one in found:
        first.setdefault((one.feed, one.entry_id), one)
    if not first:
        return []
    rows = [
        {
            "feed": one.feed,
            "entry_id": one.entry_id,
            "content_hash": one.content_hash,
            "first_seen_at": now,
        }
        for one in first.values()
    ]
    adding = insert(connection, seen).on_conflict_do_nothing().returning(seen.c.feed, seen.c.entry_id)
    new = {(feed, entry_id) for feed, entry_id in connection.execute(adding, rows)}
    return [one for key, one in first.items() if key in new]
