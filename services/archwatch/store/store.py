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
from archwatch.store.seen import Found, Remembered
from archwatch.store.upgrading import bring_up_to_date

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
    ) -> Remembered:
        """Keep what a poll found, in one transaction: feed state, entries seen, messages to publish.

        `state` gives the feed's new state from the number of new entries.
        """
        with transaction(self._engine) as connection:
            became = seen.remember(connection, found, now)
            outbox.put(connection, [one.message for one in became.new])
            feeds.save(connection, state(len(became.new)))
            return became

    def record_found(self, found: Sequence[Found], now: datetime) -> Remembered:
        """Entries that no poll brought: remember them, publish the new ones."""
        with transaction(self._engine) as connection:
            became = seen.remember(connection, found, now)
            outbox.put(connection, [one.message for one in became.new])
            return became

    def drain_outbox(
        self, publish: Callable[[str, Sequence[LogMessage]], object], *, batch: int = 500
    ) -> int:
        """Hand every waiting message to `publish`, oldest first, and forget it once that returns.

        What belongs to a batch is decided, and known by its id, before it is handed over: a batch whose
        publisher died is handed over again under the same id, and `EventLog.publish_once` leaves out what
        is published. One process at a time: another that drains has this one return. Returns how many.
        """
        total = 0
        while True:
            with transaction(self._engine) as connection:
                if not outbox.lock(connection) or not outbox.decide(connection, batch):
                    return total
            with transaction(self._engine) as connection:
                if not outbox.lock(connection):
                    return total
                waiting = outbox.decided(connection)
                if waiting is None:
                    continue
                publish(waiting.id, waiting.messages)
                outbox.remove(connection, waiting.id)
            total += len(waiting.messages)

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
    """The store at `sqlite:///FILE` or `postgresql://USER@HOST/DATABASE`; tables made or upgraded.

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
        bring_up_to_date(connection)
