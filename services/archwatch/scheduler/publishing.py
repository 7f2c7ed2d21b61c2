"""From entries to the event log: remembered and queued in one transaction, then handed over."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Final

from archwatch.contracts.codec import encode_message
from archwatch.contracts.entry import Entry
from archwatch.contracts.topics import ENTRIES
from archwatch.eventlog.port import EventLog
from archwatch.scheduler.identity import content_hash
from archwatch.store import Found, Store

# one name for all schedulers: they drain the same outbox, one after the other
OUTBOX: Final = "archwatch.outbox"


def found(entry: Entry) -> Found:
    """The entry as the store remembers it, with the message to publish if it is new."""
    words = content_hash(entry.title, entry.summary, entry.text)
    return Found(entry.feed, entry.id, words, encode_message(ENTRIES, entry.id, entry))


def publish_unseen(store: Store, log: EventLog, entries: Sequence[Entry], now: datetime) -> int:
    """Put those of `entries` that were never seen on the log. Returns how many. Raises TransientError."""
    new = store.record_found([found(entry) for entry in entries], now)
    store.drain_outbox(partial(log.publish_once, OUTBOX))
    return len(new)
