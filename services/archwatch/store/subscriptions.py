"""Queries on subscriptions: hubs that tell us when a feed has something new."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Boolean, Column, Connection, Index, String, Table, Text, select, update

from archwatch.store.insert import insert
from archwatch.store.tables import Instant, feeds, metadata

subscriptions: Final = Table(
    "subscriptions",
    metadata,
    Column("feed", Text, primary_key=True),
    Column("hub", Text, nullable=False),
    Column("topic", Text, nullable=False, comment="what the hub calls the feed"),
    Column("token", String(64), nullable=False, comment="the end of our callback's URL"),
    Column("secret", String(64), nullable=False, comment="the hub signs with it"),
    Column("ask_at", Instant, nullable=False, comment="when the hub is asked next"),
    Column("until", Instant, comment="when the lease ends; null: not confirmed"),
    Column("pinged", Boolean, nullable=False, comment="told of something new, and not yet due for it"),
    Index("subscriptions_token", "token", unique=True),
)


@dataclass(frozen=True)
class Subscription:
    """Asked of a hub; `until` is None before the hub confirmed it."""

    feed: str
    hub: str
    topic: str
    token: str
    secret: str
    ask_at: datetime
    until: datetime | None = None
    pinged: bool = False


def offer(connection: Connection, wanted: Subscription) -> None:
    """Keep what there is, unless the feed names another hub or topic by now."""
    kept = connection.execute(select(subscriptions).where(subscriptions.c.feed == wanted.feed)).one_or_none()
    if kept is None or (kept.hub, kept.topic) != (wanted.hub, wanted.topic):
        row = asdict(wanted)
        adding = insert(connection, subscriptions).values(row)
        connection.execute(
            adding.on_conflict_do_update(index_elements=[subscriptions.c.feed], set_=row | {"pinged": False})
        )


def of_token(connection: Connection, token: str) -> Subscription | None:
    """Of a feed that is still listed and not paused."""
    joined = subscriptions.join(feeds, feeds.c.url == subscriptions.c.feed)
    query = select(subscriptions).select_from(joined).where(subscriptions.c.token == token, feeds.c.active)
    row = connection.execute(query).mappings().one_or_none()
    return Subscription(**row) if row else None


def claim_asks(connection: Connection, now: datetime, again: datetime, limit: int) -> Sequence[Subscription]:
    """Those whose hub is to be asked now; nobody else asks it before `again`."""
    joined = subscriptions.join(feeds, feeds.c.url == subscriptions.c.feed)
    query = (
        select(subscriptions)
        .select_from(joined)
        .where(feeds.c.active, subscriptions.c.ask_at <= now)
        .order_by(subscriptions.c.ask_at)
        .limit(limit)
        .with_for_update(skip_locked=True, of=subscriptions)
    )
    found = [Subscription(**row) for row in connection.execute(query).mappings()]
    of_these = subscriptions.c.feed.in_([one.feed for one in found])
    connection.execute(update(subscriptions).where(of_these).values(ask_at=again))
    return found


def agree(connection: Connection, token: str, until: datetime | None, ask_at: datetime) -> None:
    """The hub has confirmed it until then, or (None) denied it."""
    of_it = subscriptions.c.token == token
    connection.execute(update(subscriptions).where(of_it).values(until=until, ask_at=ask_at))


def ping(connection: Connection, token: str) -> None:
    connection.execute(update(subscriptions).where(subscriptions.c.token == token).values(pinged=True))


def make_due(connection: Connection, now: datetime, polled_before: datetime, held_until: datetime) -> int:
    """Feeds that were pinged come due; gives how many. Not yet what was polled a moment ago, or may be polled
    right now (a lease ends by `held_until`), and never what fails: it is put off for a reason."""
    pinged = select(subscriptions.c.feed).where(subscriptions.c.pinged)
    ready = (
        feeds.c.url.in_(pinged)
        & (feeds.c.last_polled_at <= polled_before)
        & (feeds.c.next_poll_at > held_until)
        & (feeds.c.failures == 0)
    )
    urls = list(connection.scalars(select(feeds.c.url).where(ready).with_for_update(skip_locked=True)))
    connection.execute(update(feeds).where(feeds.c.url.in_(urls)).values(next_poll_at=now))
    connection.execute(update(subscriptions).where(subscriptions.c.feed.in_(urls)).values(pinged=False))
    return len(urls)
