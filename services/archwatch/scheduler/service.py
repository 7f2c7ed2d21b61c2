"""The scheduler: asks every feed when it is due, and publishes what is new."""

import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from apscheduler.executors.pool import ThreadPoolExecutor as TickExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from archwatch.errors import BadInput, TransientError
from archwatch.eventlog.port import EventLog
from archwatch.scheduler.feedlist import FeedList
from archwatch.scheduler.feeds import Feed
from archwatch.scheduler.fetch import Fetcher
from archwatch.scheduler.publishing import OUTBOX, found
from archwatch.scheduler.reading import Conditions, Reading, read_feed
from archwatch.scheduler.rhythm import first_polls, next_poll
from archwatch.scheduler.states import PollState
from archwatch.store import FeedState, Store
from archwatch.web.failure import Stopped

TICK_SECONDS: Final = 1.0
# a feed claimed by a scheduler that died comes due again after this long
LEASE: Final = timedelta(minutes=5)


@dataclass(frozen=True)
class PollReport:
    """What one poll came to. `problems` names the first of what was bad; `seconds` it took.

    `kept_back` counts entries remembered but not published, as store.Remembered says; those `updated` and
    `renamed` are among `entries_seen`.
    """

    feed: Feed
    state: PollState
    detail: str | None
    new_ids: tuple[str, ...]
    entries_seen: int
    entries_bad: int
    entries_skipped: int
    problems: tuple[BadInput, ...]
    seconds: float
    kept_back: Mapping[str, int] = field(default_factory=dict)

    @property
    def entries_new(self) -> int:
        return len(self.new_ids)


@dataclass(frozen=True)
class Watchers:
    """Who is told what happens: each poll, faults of the feed list, and a store or log that is away."""

    on_poll: Callable[[PollReport], None] = lambda _: None
    on_list_problems: Callable[[Sequence[BadInput]], None] = lambda _: None
    on_trouble: Callable[[TransientError], None] = lambda _: None


class Scheduler:
    """Polls `feeds`, `workers` at once. Several may share a store: none polls what another does."""

    def __init__(
        self,
        store: Store,
        log: EventLog,
        fetcher: Fetcher,
        feeds: FeedList,
        *,
        interval: timedelta,
        workers: int,
        max_entries: int,
        max_age: timedelta | None = None,
        clock: Callable[[], datetime],
        rng: random.Random,
        watchers: Watchers,
    ) -> None:
        self._store, self._log, self._fetcher, self._feeds = store, log, fetcher, feeds
        self._interval, self._workers, self._max_entries = interval, workers, max_entries
        self._max_age = max_age
        self._clock, self._rng, self._watchers = clock, rng, watchers
        self._publishing = threading.Lock()
        self._under_way = threading.Semaphore(2 * workers)
        self._enlisted = False
        self._crash: Exception | None = None

    def poll(self, feed: Feed) -> PollReport:
        """Ask one feed now. Raises TransientError when the store is away, Stopped when told to stop."""
        started = time.monotonic()
        known = self._store.feed_state(feed.url)
        conditions = Conditions(known.etag, known.last_modified, known.body_hash) if known else Conditions()
        reading = read_feed(
            self._fetcher, feed, fetched_at=self._clock(), max_entries=self._max_entries, known=conditions
        )
        now = self._clock()
        # what a feed holds when first met is not republished, however old: it was never seen
        max_age = self._max_age if known and known.last_success_at else None
        became = self._store.record_poll(
            [found(entry, max_age) for entry in reading.entries],
            now,
            partial(self._state, feed, known, reading, now),
        )
        self._publish()
        report = PollReport(
            feed,
            reading.state,
            reading.detail,
            tuple(one.entry_id for one in became.new),
            len(reading.entries) - len(became.new) - became.too_old - became.relaunched,
            reading.bad,
            reading.skipped,
            reading.problems,
            time.monotonic() - started,
            {name: getattr(became, name) for name in ("updated", "renamed", "too_old", "relaunched")},
        )
        self._watchers.on_poll(report)
        return report

    def poll_all(self, feeds: Sequence[Feed] | None = None) -> list[PollReport]:
        """Ask these feeds (or all of the list) once, due or not, and publish.

        A report for each, but for those given up when told to stop. Raises TransientError when store or
        log are away; what was found before is not lost.
        """
        self._refresh()
        chosen = self._feeds.active if feeds is None else feeds
        with ThreadPoolExecutor(self._workers, thread_name_prefix="poll") as pool:
            polls = [pool.submit(self.poll, feed) for feed in chosen]
        reports = [poll.result() for poll in polls if not isinstance(poll.exception(), Stopped)]
        self._store.drain_outbox(partial(self._log.publish_once, OUTBOX))
        return reports

    def run(self, stop: threading.Event) -> None:
        """Ask each feed when it is due, until `stop`. A store or log that is away is waited for."""
        ticks = BackgroundScheduler(timezone=UTC, executors={"default": TickExecutor(1)})
        with ThreadPoolExecutor(self._workers, thread_name_prefix="poll") as pool:
            ticks.add_job(
                self._tick,
                "interval",
                (pool,),
                seconds=TICK_SECONDS,
                next_run_time=datetime.now(UTC),
                coalesce=True,
                misfire_grace_time=None,
                max_instances=1,
            )
            ticks.start()
            while not stop.wait(0.1) and self._crash is None:
                pass
            ticks.shutdown()
            pool.shutdown(cancel_futures=True)
        if self._crash is not None:
            raise self._crash

    def _tick(self, pool: ThreadPoolExecutor) -> None:
        try:
            self._refresh()
            self._publish()
            self._hand_out(pool)
        except TransientError as error:
            self._watchers.on_trouble(error)
        except Exception as error:  # noqa: BLE001 - raised again by `run`
            self._crash = error

    def _hand_out(self, pool: ThreadPoolExecutor) -> None:
        """Start what is due, no more than can begin soon: the rest may go to another scheduler."""
        free = 0
        while free < self._workers and self._under_way.acquire(blocking=False):
            free += 1
        try:
            now = self._clock()
            due = (
                [self._feeds.get(url) for url in self._store.claim_due(now, now + LEASE, free)]
                if free
                else []
            )
            for feed in filter(None, due):
                pool.submit(self.poll, feed).add_done_callback(self._done)
                free -= 1
        finally:
            for _ in range(free):
                self._under_way.release()

    def _done(self, poll: Future[PollReport]) -> None:
        self._under_way.release()
        error = None if poll.cancelled() else poll.exception()
        if isinstance(error, TransientError):
            self._watchers.on_trouble(error)
        elif isinstance(error, Exception) and not isinstance(error, Stopped):
            self._crash = error

    def _refresh(self) -> None:
        try:
            problems = self._feeds.refresh()
        except BadInput as bad:
            problems = [bad]
        if problems is not None:
            self._enlisted = False
            self._watchers.on_list_problems(problems)
        if not self._enlisted:
            self._store.enlist_feeds(
                first_polls(self._feeds.active, self._clock(), self._interval, self._rng)
            )
            self._enlisted = True

    def _publish(self) -> None:
        """What cannot be published now waits in the store, and the next tick tries again."""
        with self._publishing:
            try:
                self._store.drain_outbox(partial(self._log.publish_once, OUTBOX))
            except TransientError as error:
                self._watchers.on_trouble(error)

    def _state(
        self, feed: Feed, known: FeedState | None, reading: Reading, now: datetime, new: int
    ) -> FeedState:
        before = known or FeedState(feed.url, now)
        failures = 0 if reading.state.good else before.failures + 1
        return FeedState(
            feed.url,
            next_poll(now, reading.state, failures, self._interval, self._rng),
            state=reading.state,
            detail=reading.detail,
            title=reading.title or before.title,
            etag=reading.conditions.etag,
            last_modified=reading.conditions.last_modified,
            body_hash=reading.conditions.body_hash,
            last_polled_at=now,
            last_success_at=now if reading.state.good else before.last_success_at,
            last_entry_at=now if new else before.last_entry_at,
            failures=failures,
        )
