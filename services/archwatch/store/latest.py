"""The latest stories for people's screens: flat rows that Grafana reads, and may read alone.

What is true of a story is on the event log; this is what a table shows of it, and it is forgotten in a month.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import DDL, Column, Connection, Float, Integer, String, Table, Text, delete, event

from archwatch.store.insert import insert
from archwatch.store.tables import Instant, metadata

KEPT: Final = timedelta(days=31)
# the role of Grafana's source, where there is one: it sees this table and no other
GRANT: Final = (
    "DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'archwatch_reader') THEN "
    "GRANT SELECT ON latest_stories TO archwatch_reader; END IF; END $$"
)

latest_stories: Final = Table(
    "latest_stories",
    metadata,
    Column("story_id", String(200), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("told_at", Instant, nullable=False, index=True, comment="when this revision was published"),
    Column("title", Text, nullable=False),
    Column("what", Text, nullable=False, comment="its first event in words, else its title"),
    Column("url", Text),
    Column("source", Text, nullable=False),
    Column("source_count", Integer, nullable=False),
    Column("language", String(20)),
    Column("topics", Text, nullable=False, comment="ids with spaces between"),
    Column("actors", Text, nullable=False, comment="codes of all parties with spaces between"),
    Column("score", Float, nullable=False),
)
event.listen(latest_stories, "after_create", DDL(GRANT).execute_if(dialect="postgresql"))  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class StoryRow:
    """A row of the table."""

    story_id: str
    revision: int
    told_at: datetime
    title: str
    what: str
    url: str | None
    source: str
    source_count: int
    language: str | None
    topics: str
    actors: str
    score: float


def keep(connection: Connection, rows: Sequence[StoryRow], now: datetime) -> None:
    """A later revision takes the place of an earlier; an earlier that comes again changes nothing."""
    newest = {row.story_id: row for row in sorted(rows, key=lambda row: row.revision)}
    if newest:
        adding = insert(connection, latest_stories)
        newer = latest_stories.c.revision < adding.excluded.revision
        values = {column.name: column for column in adding.excluded if column.name != "story_id"}
        adding = adding.on_conflict_do_update(index_elements=["story_id"], set_=values, where=newer)
        connection.execute(adding, [asdict(row) for row in newest.values()])
    connection.execute(delete(latest_stories).where(latest_stories.c.told_at < now - KEPT))
