"""The tables of the state store. Created when missing; the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)


class Instant(TypeDecorator[datetime]):
    """An aware datetime in, the same instant in UTC out: SQLite itself knows no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a datetime without zone for the store: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata: Final = MetaData()

feeds: Final = Table(
    "feeds",
    metadata,
    Column("url", Text, primary_key=True, comment="as listed, without credentials"),
    Column("active", Boolean, nullable=False, comment="listed and not paused"),
    Column("state", String(32), nullable=False),
    Column("detail", Text),
    Column("title", Text, comment="as the feed itself says"),
    Column("etag", Text, comment="exactly as sent"),
    Column("last_modified", Text, comment="exactly as sent"),
    Column("body_hash", String(64)),
    Column("last_polled_at", Instant),
    Column("last_success_at", Instant),
    Column("last_entry_at", Instant, comment="when a poll last brought something new"),
    Column("next_poll_at", Instant, nullable=False),
    Column("failures", Integer, nullable=False, comment="in a row"),
    Column("strain", Float, comment="the weight of the failures in a row"),
    Column("status", Integer, comment="of HTTP, at the last poll"),
    Column("why_then", Text, comment="what decided next_poll_at"),
    Column("wishes", Text, comment="what the document asks for, as JSON"),
    Column("arrivals", Text, comment="when something came: seconds since 1970, as JSON"),
    Column("location", Text, comment="where it has moved to"),
    Column("moving_to", Text, comment="where permanent redirects lead, not yet believed"),
    Column("moving_since", Instant),
    Column("moving_seen", Integer, comment="polls in a row that said so"),
    Index("feeds_due", "active", "next_poll_at"),
)

seen: Final = Table(
    "seen",
    metadata,
    Column("feed", Text, primary_key=True),
    Column("entry_id", String(200), primary_key=True),
    Column("content_hash", String(64), nullable=False),
    Column("first_seen_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

seen_aliases: Final = Table(
    "seen_aliases",
    metadata,
    Column(
        "alias", LargeBinary, primary_key=True, comment="feed and name, hashed: those of a feed lie together"
    ),
    Column("entry_id", String(200), nullable=False, comment="the entry first seen under that name"),
    sqlite_with_rowid=False,
)

outbox: Final = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("topic", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("value", LargeBinary, nullable=False),
    Column("headers", LargeBinary, nullable=False, comment="JSON: name to Latin-1 text, a character a byte"),
    Column("batch", String(32), comment="what it is published with; null: not yet decided"),
    sqlite_autoincrement=True,
)
