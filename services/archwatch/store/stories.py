"""Stories: which entry is of which, how each stands, what was told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    insert,
    select,
    text,
    update,
)

from archwatch.store.insert import insert as upsert
from archwatch.store.tables import Instant, metadata

_JOINING: Final = 0x73746F72  # any number, so long as every archwatch locks the same

story_entries: Final = Table(
    "story_entries",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("entry_id", String(200), nullable=False, unique=True),
    Column("story_id", String(200), nullable=False, index=True),
    Column("voice", Text, nullable=False),
    Column("facts", Text, nullable=False, comment="JSON: what is compared"),
    Column("vector", LargeBinary, nullable=False, comment="16-bit floats"),
    Column("prints", LargeBinary, nullable=False, comment="32-bit integers"),
    sqlite_autoincrement=True,
)

stories: Final = Table(
    "stories",
    metadata,
    Column("story_id", String(200), primary_key=True),
    Column("state", Text, nullable=False, comment="JSON"),
    Column("last_at", Instant, nullable=False, comment="when its last entry came", index=True),
    Column("due_at", Instant, comment="from when on what waits is to be told", index=True),
    Column("merged_into", String(200), comment="the story that it turned out to be part of"),
    Index("stories_merged", "merged_into"),
)

story_revisions: Final = Table(
    "story_revisions",
    metadata,
    Column("story_id", String(200), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("entry_id", String(200), nullable=False, comment="that led to it"),
    Column("at", Instant, nullable=False),
    Column("data", Text, nullable=False, comment="JSON, as published"),
    Column("on_log", Boolean, nullable=False, comment="known to be on the event log"),
    Index("story_revisions_entry", "entry_id"),
)


@dataclass(frozen=True)
class StoryEntry:
    """An entry of a story; `number` is its place in the order of joining."""

    number: int
    entry_id: str
    story_id: str
    voice: str
    facts: str
    vector: bytes
    prints: bytes


@dataclass(frozen=True)
class Revision:
    """What was told of a story; `data` is JSON."""

    story_id: str
    revision: int
    entry_id: str
    at: datetime
    data: str
    on_log: bool


@dataclass(frozen=True)
class StoryBook:
    """The stories inside one transaction; see `Store.story_book`."""

    _connection: Connection

    def lock(self) -> None:
        """Nobody else joins entries until this transaction ends. SQLite has one writer at a time anyway."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _JOINING})

    def known(self, entry_ids: Sequence[str]) -> set[str]:
        """Those of `entry_ids` that are of a story."""
        query = select(story_entries.c.entry_id).where(story_entries.c.entry_id.in_(entry_ids))
        return set(self._connection.scalars(query))

    def entries(self, after: int, limit: int) -> list[StoryEntry]:
        """The last `limit` entries that were joined after the number `after`, in their order."""
        query = select(story_entries).where(story_entries.c.number > after)
        newest = query.order_by(story_entries.c.number.desc()).limit(limit)
        return [StoryEntry(**row) for row in self._connection.execute(newest).mappings()][::-1]

    def carried(self, story_id: str) -> list[tuple[bytes, str]]:
        """Prints and voice of each entry of a story, in their order."""
        query = select(story_entries.c.prints, story_entries.c.voice)
        of_story = query.where(story_entries.c.story_id == story_id).order_by(story_entries.c.number)
        return [(row.prints, row.voice) for row in self._connection.execute(of_story)]

    def state(self, story_id: str) -> str | None:
        return self._connection.scalar(select(stories.c.state).where(stories.c.story_id == story_id))

    def join(self, entry_id: str, story_id: str, voice: str, facts: str, vector: bytes, prints: bytes) -> int:
        """Note an entry of a story; returns its number."""
        row = {"entry_id": entry_id, "story_id": story_id, "voice": voice}
        row |= {"facts": facts, "vector": vector, "prints": prints}  # type: ignore[dict-item]
        made = insert(story_entries).values(row).returning(story_entries.c.number)
        return int(self._connection.execute(made).scalar_one())

    def save(self, story_id: str, state: str, last_at: datetime, due_at: datetime | None) -> None:
        new = {"state": state, "last_at": last_at, "due_at": due_at}
        adding = upsert(self._connection, stories).values(new | {"story_id": story_id})
        self._connection.execute(adding.on_conflict_do_update(index_elements=[stories.c.story_id], set_=new))

    def overdue(self, now: datetime) -> list[str]:
        """States of stories with something to tell whose time has come, in the order of that time."""
        waiting = select(stories.c.state).where(stories.c.due_at <= now)
        return list(self._connection.scalars(waiting.order_by(stories.c.due_at, stories.c.story_id)))

    def merge(self, story_id: str, into: str) -> None:
        """The entries of a story are of another from now on."""
        ended = update(stories).where(stories.c.story_id == story_id)
        self._connection.execute(ended.values(merged_into=into, due_at=None))
        of_story = update(story_entries).where(story_entries.c.story_id == story_id)
        self._connection.execute(of_story.values(story_id=into))

    def merges(self, since: datetime) -> list[tuple[str, str]]:
        """Stories that are part of others, with those, as far as their last entry is not older."""
        query = select(stories.c.story_id, stories.c.merged_into).where(stories.c.merged_into.is_not(None))
        found = self._connection.execute(query.where(stories.c.last_at >= since))
        return [(row.story_id, row.merged_into) for row in found]

    def tell(self, revision: Revision) -> None:
        self._connection.execute(insert(story_revisions).values(revision.__dict__))

    def untold(self, entry_id: str) -> list[Revision]:
        """What an entry led to and may not be on the log; after it the last revision of each story of these:
        a topic that keeps the last message of each story must not end with an older one."""
        table = story_revisions.c
        query = select(story_revisions).where(table.entry_id == entry_id, ~table.on_log)
        ordered = query.order_by(table.story_id, table.revision)
        late = [Revision(**row) for row in self._connection.execute(ordered).mappings()]
        newest = {one.story_id: self.revisions(one.story_id)[-1] for one in late}
        return late + [one for one in newest.values() if one not in late]

    def revisions(self, story_id: str) -> list[Revision]:
        query = select(story_revisions).where(story_revisions.c.story_id == story_id)
        ordered = query.order_by(story_revisions.c.revision)
        return [Revision(**row) for row in self._connection.execute(ordered).mappings()]

    def on_log(self, story_id: str, revision: int) -> None:
        of_story = update(story_revisions).where(story_revisions.c.story_id == story_id)
        one = of_story.where(story_revisions.c.revision == revision)
        self._connection.execute(one.values(on_log=True))

    def latest(self, limit: int) -> list[str]:
        """The states of the stories whose last entry is newest, newest first."""
        query = select(stories.c.state).where(stories.c.merged_into.is_(None))
        newest = query.order_by(stories.c.last_at.desc(), stories.c.story_id).limit(limit)
        return list(self._connection.scalars(newest))
