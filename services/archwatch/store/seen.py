"""Queries on entries seen before: an entry is published once, whatever name its feed gives it today."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, select, update

from archwatch.contracts.envelope import LogMessage
from archwatch.store.insert import insert
from archwatch.store.tables import seen, seen_aliases

_Key = tuple[str, str]  # feed, entry id
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
    first: dict[_Key, Found] = {}
    for one in found:
        first.setdefault((one.feed, one.entry_id), one)
    if not first:
        return Remembered()
    named = _aliases_of_one(list(first.values()))
    hashes = _known(connection, list(first))
    unknown = {key: one for key, one in first.items() if key not in hashes}
    elsewhere = _named_before(connection, [name for key in unknown for name in named[key]])
    renamed = {key for key in unknown if not elsewhere.isdisjoint(named[key])}
    relaunched = _relaunched(connection, list(first.values()), unknown)
    fresh = _insert(connection, list(unknown.values()), now)
    _insert_aliases(connection, [(name, one.entry_id) for key, one in unknown.items() for name in named[key]])
    changed = [one for key, one in first.items() if hashes.get(key, one.content_hash) != one.content_hash]
    for one in changed:
        where = (seen.c.feed == one.feed) & (seen.c.entry_id == one.entry_id)
        connection.execute(update(seen).where(where).values(content_hash=one.content_hash))
    candidates = {key: one for key, one in unknown.items() if key in fresh and key not in renamed}
    in_time = {key: one for key, one in candidates.items() if not one.too_old}
    new = tuple(one for key, one in in_time.items() if key not in relaunched)
    return Remembered(
        new,
        updated=len(changed),
        renamed=len(renamed),
        too_old=len(candidates) - len(in_time),
        relaunched=len(in_time) - len(new),
    )


def _aliases_of_one(found: Sequence[Found]) -> dict[_Key, list[bytes]]:
    """The aliases of each, without those that several of a document share: they name none of them."""
    counts = Counter(name for one in found for name in one.aliases)
    return {(one.feed, one.entry_id): [n for n in one.aliases if counts[n] == 1] for one in found}


def _known(connection: Connection, keys: Sequence[_Key]) -> dict[_Key, str]:
    ids: dict[str, list[str]] = {}
    for feed, entry_id in keys:
        ids.setdefault(feed, []).append(entry_id)
    known: dict[_Key, str] = {}
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


def _relaunched(connection: Connection, found: Sequence[Found], unknown: Mapping[_Key, Found]) -> set[_Key]:
    """Of a feed all of whose ids changed: what was published a day before it last brought something new."""
    if len(found) < _RELAUNCH_ENTRIES or len(unknown) < _RELAUNCH_SHARE * len(found):
        return set()
    feeds = {one.feed for one in found}
    if len(feeds) > 1:
        return set()  # no poll of one feed
    latest = connection.scalar(select(func.max(seen.c.first_seen_at)).where(seen.c.feed.in_(feeds)))
    if latest is None:
        return set()  # its first poll
    before = latest - _TURNOVER
    return {key for key, one in unknown.items() if one.published_at and one.published_at < before}


def _insert(connection: Connection, unknown: Sequence[Found], now: datetime) -> set[_Key]:
    """Those that no other scheduler remembered in the meantime."""
    if not unknown:
        return set()
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
    return {(feed, entry_id) for feed, entry_id in connection.execute(adding, rows)}


def _insert_aliases(connection: Connection, named: Sequence[tuple[bytes, str]]) -> None:
    if named:
        rows = [{"alias": alias, "entry_id": entry_id} for alias, entry_id in named]
        connection.execute(insert(connection, seen_aliases).on_conflict_do_nothing(), rows)
