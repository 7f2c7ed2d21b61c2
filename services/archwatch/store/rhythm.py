"""Queries on the rhythm of feeds: how much each published, and when, in a row of fixed size a feed."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Column, Connection, Float, Table, Text, select

from archwatch.store.insert import insert
from archwatch.store.tables import Instant, feeds, metadata

rhythms: Final = Table(
    "feed_rhythms",
    metadata,
    Column("feed", Text, primary_key=True),
    Column("at", Instant, nullable=False, comment="the last good poll"),
    Column("items", Float, nullable=False, comment="entries found, fading with age"),
    Column("days", Float, nullable=False, comment="days watched, fading with age"),
    Column("recent", Float, nullable=False, comment="entries of the last hours"),
    Column("hours", Text, nullable=False, comment="JSON: entries by hour of the day (UTC), fading with age"),
)


@dataclass(frozen=True)
class History:
    """What good polls until `at` found, by counts that fade: see scheduler.pace."""

    at: datetime
    items: float = 0.0
    days: float = 0.0
    recent: float = 0.0
    hours: tuple[float, ...] = (0.0,) * 24


def get(connection: Connection, feed: str) -> History | None:
    row = connection.execute(select(rhythms).where(rhythms.c.feed == feed)).one_or_none()
    return History(row.at, row.items, row.days, row.recent, tuple(json.loads(row.hours))) if row else None


def counts(connection: Connection) -> dict[str, tuple[float, float]]:
    """Items and days of each active feed; zeros for one that was never polled well."""
    joined = feeds.outerjoin(rhythms, feeds.c.url == rhythms.c.feed)
    columns = select(feeds.c.url, rhythms.c["items"], rhythms.c.days).select_from(joined)
    rows = connection.execute(columns.where(feeds.c.active))
    return {url: (items or 0.0, days or 0.0) for url, items, days in rows}


def save(connection: Connection, feed: str, history: History) -> None:
    new = {
        "at": history.at,
        "items": history.items,
        "days": history.days,
        "recent": history.recent,
        "hours": json.dumps([round(count, 3) for count in history.hours]),
    }
    adding = insert(connection, rhythms).values(feed=feed, **new)
    connection.execute(adding.on_conflict_do_update(index_elements=[rhythms.c.feed], set_=new))
