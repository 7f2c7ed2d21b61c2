"""The state store: each method is one transaction, safe to call from several threads and processes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Engine, text
from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_random

from archwatch.contracts.envelope import LogMessage
from archwatch.errors import TransientError
from archwatch.store import engine, feeds, latest, outbox, rhythm, seen, subscriptions
from archwatch.store.alerts import AlertBook
from archwatch.store.engine import transaction
from archwatch.store.feeds import FeedState
from archwatch.store.latest import StoryRow
from archwatch.store.rhythm import History
from archwatch.store.seen import Found, Remembered
from archwatch.store.stories import StoryBook
from archwatch.store.subscriptions import Subscription
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

    def extend_leases(self, urls: Sequence[str], held_until: datetime, until: datetime) -> None:
        """Keep feeds claimed until `held_until`; one polled or claimed by another since stays as it is."""
        with transaction(self._engine) as connection:
            feeds.extend(connection, urls, held_until, until)

    def history(self, url: str) -> History | None:
        with transaction(self._engine, read_only=True) as connection:
            return rhythm.get(connection, url)

    def arrival_counts(self) -> dict[str, tuple[float, float]]:
        """Entries and days watched of each active feed, by URL, as their History has them."""
        with transaction(self._engine, read_only=True) as connection:
            return rhythm.counts(connection)

    def offer_subscription(self, wanted: Subscription) -> None:
        """Keep what there is for the feed, unless it names another hub or topic by now."""
        with transaction(self._engine) as connection:
            subscriptions.offer(connection, wanted)

    def subscription(self, token: str) -> Subscription | None:
        """By the end of its callback's URL; None also for a feed no longer listed."""
        with transaction(self._engine, read_only=True) as connection:
            return subscriptions.of_token(connection, token)

    def claim_subscriptions(self, now: datetime, again: datetime, limit: int) -> Sequence[Subscription]:
        """Those whose hub is to be asked now; nobody else asks it before `again`."""
        with transaction(self._engine) as connection:
            return subscriptions.claim_asks(connection, now, again, limit)

    def agree_subscription(self, token: str, until: datetime | None, ask_at: datetime) -> None:
        """The hub has confirmed it until then, or (None) denied it."""
        with transaction(self._engine) as connection:
            subscriptions.agree(connection, token, until, ask_at)

    def ping_feed(self, token: str) -> None:
        """The hub told that the feed has something new."""
        with transaction(self._engine) as connection:
            subscriptions.ping(connection, token)

    def make_pinged_due(self, now: datetime, polled_before: datetime, held_until: datetime) -> int:
        """Feeds pinged come due `now`: see subscriptions.make_due. Returns how many."""
        with transaction(self._engine) as connection:
            return subscriptions.make_due(connection, now, polled_before, held_until)

    def record_poll(
        self,
        found: Sequence[Found],
        now: datetime,
        state: Callable[[int], FeedState],
        history: Callable[[int], History] | None = None,
    ) -> Remembered:
        """Keep what a poll found, in one transaction: feed state, entries seen, messages to publish.

        `state` and `history` give those of the feed from the number of new entries.
        """
        with transaction(self._engine) as connection:
            became = seen.remember(connection, found, now)
            outbox.put(connection, [one.message for one in became.new])
            after = state(len(became.new))
            feeds.save(connection, after)
            if history is not None:
                rhythm.save(connection, after.url, history(len(became.new)))
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

    def keep_latest(self, rows: Sequence[StoryRow], now: datetime) -> None:
        """What screens show of stories; see `store.latest`."""
        with transaction(self._engine) as connection:
            latest.keep(connection, rows, now)

    @contextmanager
    def story_book(self, *, read_only: bool = False) -> Iterator[StoryBook]:
        """The stories, in one transaction; unless `read_only` nobody else joins entries meanwhile."""
        with transaction(self._engine, read_only=read_only) as connection:
            book = StoryBook(connection)
            if not read_only:
                book.lock()
            yield book

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
