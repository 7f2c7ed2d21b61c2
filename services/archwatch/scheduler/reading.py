"""Fetch and parse in one: what a feed gives now, with a single state for whatever happens."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from archwatch.contracts.entry import Entry
from archwatch.errors import BadInput
from archwatch.scheduler.feeds import Feed
from archwatch.scheduler.fetch import Fetched, Fetcher
from archwatch.scheduler.head import head_of
from archwatch.scheduler.hubs import Hub, hub_of
from archwatch.scheduler.manners import NO_WISHES, NOTHING_ASKED, Asked, Wishes, wishes_of
from archwatch.scheduler.parse import ParsedFeed, parse_feed
from archwatch.scheduler.states import PollState

# parse_feed, or the same in a process that can be killed
Parse = Callable[..., ParsedFeed]


@dataclass(frozen=True)
class Conditions:
    """What the last good answer of a feed said, to ask only for what changed since."""

    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None


@dataclass(frozen=True)
class Reading:
    """What a feed gave. `conditions` are those for the next time; `status` of HTTP; `moved_to` where
    permanent redirects lead; `asked` what server and feed want of us; `hub` who tells of its news."""

    state: PollState
    detail: str | None
    conditions: Conditions
    title: str | None = None
    entries: tuple[Entry, ...] = ()
    problems: tuple[BadInput, ...] = ()
    bad: int = 0
    skipped: int = 0
    status: int | None = None
    moved_to: str | None = None
    asked: Asked = NOTHING_ASKED
    hub: Hub | None = None


def read_feed(
    fetcher: Fetcher,
    feed: Feed,
    *,
    fetched_at: datetime,
    max_entries: int,
    known: Conditions = Conditions(),
    wishes: Wishes = NO_WISHES,
    location: str | None = None,
    parse: Parse = parse_feed,
) -> Reading:
    """Never raises for what network, disk or document do (Stopped only). An unchanged body is not parsed.

    `wishes`: what the feed document asked for when it was last read; `location`: where it has moved to.
    """
    fetched = fetcher.fetch(feed, etag=known.etag, last_modified=known.last_modified, location=location)
    reading = _reading(fetched, feed, fetched_at, max_entries, known, parse)
    hub = None
    if reading.state is PollState.OK:
        head = head_of(fetched.body)
        wishes, hub = wishes_of(head), hub_of(head, fetched.link_header, fetched.final_url)
    asked = Asked(fetched.retry_after, fetched.fresh_for, wishes)
    moved_to = fetched.moved_to if reading.state.good else None  # a redirect to an error page proves nothing
    return replace(reading, status=fetched.status, moved_to=moved_to, asked=asked, hub=hub)


def _reading(
    fetched: Fetched, feed: Feed, fetched_at: datetime, max_entries: int, known: Conditions, parse: Parse
) -> Reading:
    if fetched.state is PollState.NOT_MODIFIED:
        kept = Conditions(
            fetched.etag or known.etag, fetched.last_modified or known.last_modified, known.body_hash
        )
        return Reading(PollState.NOT_MODIFIED, None, kept)
    if fetched.state is not PollState.OK:
        return Reading(fetched.state, fetched.detail, known)
    body_hash = hashlib.sha256(fetched.body).hexdigest()
    fresh = Conditions(fetched.etag, fetched.last_modified, body_hash)
    if body_hash == known.body_hash:
        return Reading(PollState.NOT_MODIFIED, "sent again unchanged", fresh)
    return _of(_parsed(parse, fetched, feed, fetched_at, max_entries), fresh)


def _parsed(parse: Parse, fetched: Fetched, feed: Feed, fetched_at: datetime, max_entries: int) -> ParsedFeed:
    return parse(
        fetched.body,
        feed=feed,
        content_type=fetched.content_type,
        fetched_at=fetched_at,
        max_entries=max_entries,
        base_url=fetched.final_url,
    )


def _of(parsed: ParsedFeed, fresh: Conditions) -> Reading:
    # what could not be read must not answer "unchanged" the next time, and so look well
    conditions = fresh if parsed.state is PollState.OK else Conditions()
    return Reading(
        parsed.state,
        parsed.detail,
        conditions,
        parsed.title or None,
        parsed.entries,
        parsed.problems,
        parsed.bad,
        parsed.skipped,
    )
