"""The state store: each method is one transaction, safe to call from several threads and processes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Engine, text
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_random

from archwatch.contracts.envelope import LogMessage
from archwatch.errors import TransientError
from archwatch.store import engine, feeds, outbox, seen
from archwatch.store.alerts import AlertBook
from archwatch.store.engine import transaction
from archwatch.store.feeds import FeedState
from archwatch.store.seen import Found
from archwatch.store.tables import metadata

_CREATING: Final = 0x61726368  # any number, so long as every archwatch locks the same


@dataclass(frozen=True)
class Store:
    """All methods raise TransientError when the database is away; then nothing was changed."""

    _engine: Engine

    def enlist_feeds(self, first_polls: Mapping[str, datetime]) -> None:
        """Poll these feeds from now on, and no others; one that is new, first at its time."""
        with transaction(self._engine) as connection:
            feeds.enlist(connection, first_polls)

    def feed_states(self) -> dict[str, FeedState]:
        """What is known of every feed ever listed, by URL."""
        with transaction(self._engine, read_only=True) as connection:
            return feeds.states(connection)

    def feed_state(self, url: str) -> FeedState | None:
        with transaction(self._engine, read_only=True) as connection:
            return feeds.states(connection, [url]).get(url)

    def claim_due(self, now: datetime, until: datetime, limit: int) -> list[str]:
        """At most `limit` feeds to poll now; nobody else gets them before `until`."""
        with transaction(self._engine) as connection:
            return feeds.claim_due(connection, now, until, limit)

    def record_poll(
        self, found: Sequence[Found], now: datetime, state: Callable[[int], FeedState]
    ) -> list[Found]:
        """Keep what a poll found, in one transaction: feed state, entries seen, messages to publish.

        `state` gives the feed's new state from the number of new entries. Returns the new ones.
        """
        with transaction(self._engine) as connection:
            new = seen.remember(connection, found, now)
            outbox.put(connection, [one.message for one in new])
            feeds.save(connection, state(len(new)))
            return new

    def record_found(self, found: Sequence[Found], now: datetime) -> list[Found]:
        """Entries that no poll brought: remember them, publish the new ones. Returns the new ones."""
        with transaction(self._engine) as connection:
            new = seen.remember(connection, found, now)
            outbox.put(connection, [one.message for one in new])
            return new

    def drain_outbox(self, publish: Callable[[Sequence[LogMessage]], None], *, batch: int = 500) -> int:
        """Hand every waiting message to `publish`, oldest first, and forget it once that returns.

        At least once: a crash between the two publishes a batch again. Returns how many were handed over.
        """
        total = 0
        while True:
            with transaction(self._engine) as connection:
                waiting = outbox.oldest(connection, batch)
                if not waiting:
                    return total
                publish(list(waiting.values()))
                outbox.remove(connection, list(waiting))
            total += len(waiting)

    def outbox_size(self) -> int:
        """Messages that wait for the event log."""
        with transaction(self._engine, read_only=True) as connection:
            return outbox.size(connection)

    @property
    def alerts(self) -> AlertBook:
        """Alerts raised, and notices that wait for their channel."""
        return AlertBook(self._engine)

    def close(self) -> None:
        self._engine.dispose()


def open_store(url: str, *, password: str | None = None) -> Store:
    """The store at `sqlite:///FILE` or `postgresql://USER@HOST/DATABASE`; its tables are made if missing.

    Raises ConfigError for a URL of another kind, TransientError when the database is away.
    """
    opened = engine.create(url, password)
    try:
        if opened.dialect.name == "sqlite":
            # the switch of a new file to WAL fails at once while another process does the same
            patience = Retrying(
                retry=retry_if_exception_type(TransientError),
                wait=wait_random(0, 0.1),
                stop=stop_after_delay(2),
                reraise=True,
            )
            patience(_create_tables, opened)
        else:
            _create_tables(opened)
    except BaseException:
        opened.dispose()
        raise
    return Store(opened)


def _create_tables(opened: Engine) -> None:
    with transaction(opened) as connection:
        if opened.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _CREATING})
        metadata.create_all(connection)
