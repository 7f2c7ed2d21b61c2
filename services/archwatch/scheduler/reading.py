"""Fetch and parse in one: what a feed gives now, with a single state for whatever happens."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from archwatch.contracts.entry import Entry
from archwatch.errors import BadInput
from archwatch.scheduler.feeds import Feed
from archwatch.scheduler.fetch import Fetched, Fetcher
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
    """What a feed gave. `conditions` are those for the next time."""

    state: PollState
    detail: str | None
    conditions: Conditions
    title: str | None = None
    entries: tuple[Entry, ...] = ()
    problems: tuple[BadInput, ...] = ()
    bad: int = 0
    skipped: int = 0


def read_feed(
    fetcher: Fetcher,
    feed: Feed,
    *,
    fetched_at: datetime,
    max_entries: int,
    known: Conditions = Conditions(),
    parse: Parse = parse_feed,
) -> Reading:
    """Never raises for what network, disk or document do (Stopped only). An unchanged body is not parsed."""
    fetched = fetcher.fetch(feed, etag=known.etag, last_modified=known.last_modified)
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
