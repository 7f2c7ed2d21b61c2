"""Queries on entries seen before: an entry is published once, whatever name its feed gives it today."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, select, update

from archwatch.contracts.envelope import LogMessage
from archwatch.store.insert import insert
from archwatch.store.tables import seen, seen_aliases

_CHUNK: Final = 500  # values in one query: databases bound them
# a feed that was known and now has so many entries, and hardly one of them known, was relaunched
_RELAUNCH_ENTRIES: Final = 10
_RELAUNCH_SHARE: Final = 0.9
_TURNOVER: Final = timedelta(days=1)  # what is newer may be news after all


@dataclass(frozen=True)
class Found:
    """An entry of a feed, and the message to publish if it is new. `too_old`: only to be remembered."""

    feed: str
    entry_id: str
    content_hash: str
    message: LogMessage
    aliases: tuple[bytes, ...] = ()
    published_at: datetime | None = None
    too_old: bool = False


@dataclass(frozen=True)
class Remembered:
    """What became of entries found: `new` are to be published, all others were kept back.

    `updated`: known, with other words than before; `renamed`: known under another id; `relaunched`: old
    entries of a feed that changed the ids of nearly all it has.
    """

    new: tuple[Found, ...] = ()
    updated: int = 0
    renamed: int = 0
    too_old: int = 0
    relaunched: int = 0


def remember(connection: Connection, found: Sequence[Found], now: datetime) -> Remembered:
    """Remember what nobody did yet; `new` in their order, each once."""
    first: dict[tuple[str, str], Found] = {}
    for one in found:
        first.setdefault((one.feed, one.entry_id), one)
    if not first:
        return Remembered()
    named = _aliases_of_one(list(first.values()))
    hashes = _known(connection, list(first))
    unknown = [one for key, one in first.items() if key not in hashes]
    elsewhere = _named_before(connection, [name for one in unknown for name in named[one.feed, one.entry_id]])
    renamed = [one for one in unknown if any(name in elsewhere for name in named[one.feed, one.entry_id])]
    relaunched = _relaunched(connection, list(first.values()), unknown)
    fresh = _insert(connection, unknown, now)
    _insert_aliases(
        connection, [(name, one.entry_id) for one in unknown for name in named[one.feed, one.entry_id]]
    )
    changed = [one for key, one in first.items() if hashes.get(key, one.content_hash) != one.content_hash]
    for one in changed:
        where = (seen.c.feed == one.feed) & (seen.c.entry_id == one.entry_id)
        connection.execute(update(seen).where(where).values(content_hash=one.content_hash))
    candidates = [one for one in unknown if one in fresh and one not in renamed]
    kept_back = [one for one in candidates if not one.too_old and one in relaunched]
    return Remembered(
        tuple(one for one in candidates if not one.too_old and one not in relaunched),
        len(changed),
        len(renamed),
        sum(one.too_old for one in candidates),
        len(kept_back),
    )


def _aliases_of_one(found: Sequence[Found]) -> dict[tuple[str, str], list[bytes]]:
    """The aliases of each, without those that several of a document share: they name none of them."""
    counts = Counter(name for one in found for name in one.aliases)
    return {(one.feed, one.entry_id): [n for n in one.aliases if counts[n] == 1] for one in found}


def _known(connection: Connection, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    ids: dict[str, list[str]] = {}
    for feed, entry_id in keys:
        ids.setdefault(feed, []).append(entry_id)
    known: dict[tuple[str, str], str] = {}
    columns = select(seen.c.entry_id, seen.c.content_hash)
    for feed, all_ids in ids.items():
        for start in range(0, len(all_ids), _CHUNK):
            these = (seen.c.feed == feed) & seen.c.entry_id.in_(all_ids[start : start + _CHUNK])
            known |= {
                (feed, row.entry_id): row.content_hash for row in connection.execute(columns.where(these))
            }
    return known


def _named_before(connection: Connection, names: Sequence[bytes]) -> set[bytes]:
    before: set[bytes] = set()
    for start in range(0, len(names), _CHUNK):
        these = seen_aliases.c.alias.in_(names[start : start + _CHUNK])
        before |= set(connection.scalars(select(seen_aliases.c.alias).where(these)))
    return before


def _relaunched(connection: Connection, found: Sequence[Found], unknown: Sequence[Found]) -> list[Found]:
    """Of a feed all of whose ids changed: what was published a day before it last brought something new."""
    if len(found) < _RELAUNCH_ENTRIES or len(unknown) < _RELAUNCH_SHARE * len(found):
        return []
    feeds = {one.feed for one in found}
    if len(feeds) > 1:
        return []  # no poll of one feed
    latest = connection.scalar(select(func.max(seen.c.first_seen_at)).where(seen.c.feed.in_(feeds)))
    if latest is None:
        return []  # its first poll
    return [one for one in unknown if one.published_at and one.published_at < latest - _TURNOVER]


def _insert(connection: Connection, unknown: Sequence[Found], now: datetime) -> list[Found]:
    """Those that no other scheduler remembered in the meantime."""
    if not unknown:
        return []
    rows = [
        {
            "feed": one.feed,
            "entry_id": one.entry_id,
            "content_hash": one.content_hash,
            "first_seen_at": now,
        }
        for one in unknown
    ]
    adding = insert(connection, seen).on_conflict_do_nothing().returning(seen.c.feed, seen.c.entry_id)
    new = {(feed, entry_id) for feed, entry_id in connection.execute(adding, rows)}
    return [one for one in unknown if (one.feed, one.entry_id) in new]


def _insert_aliases(connection: Connection, named: Sequence[tuple[bytes, str]]) -> None:
    if named:
        rows = [{"alias": alias, "entry_id": entry_id} for alias, entry_id in named]
        connection.execute(insert(connection, seen_aliases).on_conflict_do_nothing(), rows)
