"""From entries to the event log: remembered and queued in one transaction, then handed over."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from archwatch.contracts.codec import encode_message
from archwatch.contracts.entry import Entry
from archwatch.contracts.topics import ENTRIES
from archwatch.eventlog.port import EventLog
from archwatch.scheduler.identity import aliases, content_hash
from archwatch.store import Found, Store

# one name for all schedulers: they drain the same outbox, one after the other
OUTBOX: Final = "archwatch.outbox"


def found(entry: Entry, max_age: timedelta | None = None) -> Found:
    """The entry as the store remembers it, with the message to publish if it is new.

    One older than `max_age` when it was fetched is to be remembered without being published. That of a
    file is not: who lists a file means what is in it.
    """
    published, is_file = entry.published_at, entry.feed.startswith("file:")
    too_old = bool(max_age and published and not is_file and entry.fetched_at - published > max_age)
    return Found(
        entry.feed,
        entry.id,
        content_hash(entry.title, entry.summary, entry.text),
        encode_message(ENTRIES, entry.id, entry),
        aliases=tuple(
            aliases(
                entry.feed,
                guid=entry.guid,
                url=entry.url,
                title=entry.title,
                published=published.isoformat() if published else None,
            )
        ),
        published_at=published,
        too_old=too_old,
    )


def publish_unseen(store: Store, log: EventLog, entries: Sequence[Entry], now: datetime) -> int:
    """Put those of `entries` that were never seen on the log. Returns how many. Raises TransientError."""
    new = store.record_found([found(entry) for entry in entries], now).new
    store.drain_outbox(partial(log.publish_once, OUTBOX))
    return len(new)
