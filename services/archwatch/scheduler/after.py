"""What is known of a feed after a poll, from what was known before. Pure but for the dice."""

import json
import random
from datetime import UTC, datetime, timedelta

from archwatch.scheduler.arrivals import remembered, silent_after
from archwatch.scheduler.backoff import strained
from archwatch.scheduler.manners import Wishes
from archwatch.scheduler.moving import Moving, moved
from archwatch.scheduler.next_poll import next_poll
from archwatch.scheduler.reading import Reading
from archwatch.scheduler.states import PollState
from archwatch.store import FeedState


def state_after(
    before: FeedState, reading: Reading, new: int, now: datetime, interval: timedelta, rng: random.Random
) -> FeedState:
    """`new`: how many of the entries were. A feed that answers but is silent gets that state, and is once
    asked for all: some servers answer "not modified" whatever has changed."""
    good = reading.state.good
    failures = 0 if good else before.failures + 1
    strain = strained(before.strain or 0.0, reading.state, reading.status)
    arrivals = arrivals_of(before)
    if new:
        dates = (entry.published_at for entry in reading.entries)
        arrivals = remembered(arrivals, filter(None, dates), now)
    state, detail = reading.state, reading.detail
    if good and (since := _silent_since(arrivals, now, interval)):
        state, detail = PollState.SILENT, f"answers, but nothing new since {since:%Y-%m-%d %H:%M}"
    turned = state is PollState.SILENT and before.state != PollState.SILENT
    when, why = next_poll(
        now, interval, rng, strain=strain, retired=state is PollState.RETIRED, asked=reading.asked
    )
    where = moved(moving_of(before), reading.moved_to, failures, now)
    return FeedState(
        before.url,
        when,
        state=state,
        detail=detail,
        title=reading.title or before.title,
        etag=None if turned else reading.conditions.etag,
        last_modified=None if turned else reading.conditions.last_modified,
        body_hash=reading.conditions.body_hash,
        last_polled_at=now,
        last_success_at=now if good else before.last_success_at,
        last_entry_at=now if new else before.last_entry_at,
        failures=failures,
        strain=strain,
        status=reading.status,
        why_then=why,
        wishes=_written(reading.asked.wishes),
        arrivals=json.dumps(arrivals),
        location=where.location,
        moving_to=where.to,
        moving_since=where.since,
        moving_seen=where.seen,
    )


def notice(before: FeedState, after: FeedState) -> str | None:
    """What a person should hear of, once: a move, a retirement, a silence, and the end of one."""
    if after.location != before.location:
        where = after.location or "the listed address again"
        return f"moved for good: asked at {where} from now on"
    if after.state == before.state:
        return None
    if after.state == PollState.RETIRED:
        return "retired by its publisher: asked once a day from now on, in case it comes back"
    if after.state == PollState.SILENT:
        return after.detail
    if before.state in (PollState.RETIRED, PollState.SILENT) and PollState(after.state).good:
        return f"is back, after it was {before.state}"
    return None


def arrivals_of(state: FeedState) -> tuple[int, ...]:
    """See `arrivals`: when something came, in seconds since 1970."""
    return tuple(json.loads(state.arrivals or "[]"))


def moving_of(state: FeedState) -> Moving:
    return Moving(state.location, state.moving_to, state.moving_since, state.moving_seen or 0)


def wishes_read(state: FeedState) -> Wishes:
    if not state.wishes:
        return Wishes()
    seconds, hours, days = json.loads(state.wishes)
    return Wishes(seconds, frozenset(hours), frozenset(days))


def _written(wishes: Wishes) -> str | None:
    if wishes == Wishes():
        return None
    return json.dumps([wishes.seconds, sorted(wishes.skip_hours), sorted(wishes.skip_days)])


def _silent_since(arrivals: tuple[int, ...], now: datetime, interval: timedelta) -> datetime | None:
    limit = silent_after(arrivals, interval)
    last = datetime.fromtimestamp(arrivals[-1], UTC) if arrivals else now
    return last if limit is not None and now - last > limit else None
