"""Queries on feeds: what is known of each, and which are due."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from archwatch.store.insert import insert
from archwatch.store.tables import feeds


@dataclass(frozen=True)
class FeedState:
    """What is known of a feed after its last poll. `failures` counts polls in a row without success."""

    url: str
    next_poll_at: datetime
    state: str = "not_polled"
    detail: str | None = None
    title: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    last_polled_at: datetime | None = None
    last_success_at: datetime | None = None
    last_entry_at: datetime | None = None
    failures: int = 0
    strain: float | None = None
    status: int | None = None
    why_then: str | None = None
    wishes: str | None = None
    arrivals: str | None = None
    location: str | None = None
    moving_to: str | None = None
    moving_since: datetime | None = None
    moving_seen: int | None = None
    active: bool = True


def enlist(connection: Connection, first_polls: Mapping[str, datetime]) -> None:
    """These feeds are polled from now on, and no others; a new one first at its time."""
    active = update(feeds)
    connection.execute(active.where(feeds.c.active).values(active=False))
    if first_polls:
        rows = [asdict(FeedState(url, when)) for url, when in first_polls.items()]
        adding = insert(connection, feeds)
        connection.execute(
            adding.on_conflict_do_update(index_elements=[feeds.c.url], set_={"active": True}), rows
        )


def states(connection: Connection, urls: Sequence[str] | None = None) -> dict[str, FeedState]:
    """By URL; of all feeds ever listed when `urls` is None."""
    query = select(feeds)
    if urls is not None:
        query = query.where(feeds.c.url.in_(urls))
    return {row["url"]: FeedState(**row) for row in connection.execute(query).mappings()}


def claim_due(connection: Connection, now: datetime, until: datetime, limit: int) -> list[str]:
    """Feeds to poll now, longest due first. Nobody else gets them before `until`."""
    due = (
        select(feeds.c.url)
        .where(feeds.c.active, feeds.c.next_poll_at <= now)
        .order_by(feeds.c.next_poll_at)
        .limit(limit)
        .with_for_update(skip_locked=True)  # SQLite has one writer at a time anyway, and leaves this out
    )
    urls = list(connection.scalars(due))
    connection.execute(update(feeds).where(feeds.c.url.in_(urls)).values(next_poll_at=until))
    return urls


def extend(connection: Connection, urls: Sequence[str], held_until: datetime, until: datetime) -> None:
    held = feeds.c.url.in_(urls) & (feeds.c.next_poll_at == held_until)
    connection.execute(update(feeds).where(held).values(next_poll_at=until))


def save(connection: Connection, state: FeedState) -> None:
    """What the poll found. Whether the feed is active is decided by the feed list alone."""
    row = asdict(state)
    new = {name: value for name, value in row.items() if name not in ("url", "active")}
    adding = insert(connection, feeds).values(row)
    connection.execute(adding.on_conflict_do_update(index_elements=[feeds.c.url], set_=new))
