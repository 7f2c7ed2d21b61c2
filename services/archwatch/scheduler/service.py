"""The scheduler: asks every feed when it is due, and publishes what is new."""

import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from apscheduler.executors.pool import ThreadPoolExecutor as TickExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from archwatch.errors import BadInput, TransientError
from archwatch.eventlog.port import EventLog
from archwatch.scheduler.after import notice, pace_read, state_after
from archwatch.scheduler.feedlist import FeedList
from archwatch.scheduler.feeds import Feed
from archwatch.scheduler.fetch import Fetcher
from archwatch.scheduler.hosts import over_hosts
from archwatch.scheduler.publishing import found
from archwatch.scheduler.reading import Conditions, read_feed
from archwatch.scheduler.rhythm import first_polls
from archwatch.scheduler.states import PollState, label
from archwatch.store import FeedState, Store
from archwatch.web.failure import Stopped

TICK_SECONDS: Final = 1.0
# a feed claimed by a scheduler that died comes due again after this long
LEASE: Final = timedelta(minutes=5)


@dataclass(frozen=True)
class PollReport:
    """What one poll came to. `problems` names the first of what was bad; `seconds` it took;
    `status` of HTTP; `notice` what a person should hear of, such as a feed that retired."""

    feed: Feed
    state: PollState
    detail: str | None
    new_ids: tuple[str, ...]
    entries_seen: int
    entries_bad: int
    entries_skipped: int
    problems: tuple[BadInput, ...]
    seconds: float
    status: int | None = None
    notice: str | None = None

    @property
    def label(self) -> str:
        return label(self.state, self.status)

    @property
    def entries_new(self) -> int:
        return len(self.new_ids)


@dataclass(frozen=True)
class Watchers:
    """Who is told what happens: each poll, faults of the feed list, the URLs it then holds, and a store
    or log that is away."""

    on_poll: Callable[[PollReport], None] = lambda _: None
    on_list_problems: Callable[[Sequence[BadInput]], None] = lambda _: None
    on_list: Callable[[Sequence[str]], None] = lambda _: None
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
        clock: Callable[[], datetime],
        rng: random.Random,
        watchers: Watchers,
    ) -> None:
        self._store, self._log, self._fetcher, self._feeds = store, log, fetcher, feeds
        self._interval, self._workers, self._max_entries = interval, workers, max_entries
        self._clock, self._rng, self._watchers = clock, rng, watchers
        self._publishing = threading.Lock()
        self._under_way = threading.Semaphore(2 * workers)
        self._enlisted = False
        self._crash: Exception | None = None

    def poll(self, feed: Feed) -> PollReport:
        """Ask one feed now. Raises TransientError when the store is away, Stopped when told to stop."""
        started = time.monotonic()
        known = self._store.feed_state(feed.url) or FeedState(feed.url, self._clock())
        reading = read_feed(
            self._fetcher,
            feed,
            fetched_at=self._clock(),
            max_entries=self._max_entries,
            known=Conditions(known.etag, known.last_modified, known.body_hash),
            pace=pace_read(known),
            location=known.location,
        )
        now = self._clock()
        after = known

        def state(new: int) -> FeedState:
            nonlocal after
            after = state_after(known, reading, new, now, self._interval, self._rng)
            return after

        new = self._store.record_poll([found(entry) for entry in reading.entries], now, state)
        self._publish()
        report = PollReport(
            feed,
            PollState(after.state),
            after.detail,
            tuple(one.entry_id for one in new),
            len(reading.entries) - len(new),
            reading.bad,
            reading.skipped,
            reading.problems,
            time.monotonic() - started,
            reading.status,
            notice(known, after),
        )
        self._watchers.on_poll(report)
        return report

    def poll_all(self, feeds: Sequence[Feed] | None = None) -> list[PollReport]:
        """Ask these feeds (or all of the list) once, due or not, and publish.

        A report for each, but for those given up when told to stop. Raises TransientError when store or
        log are away; what was found before is not lost.
        """
        self._refresh()
        chosen = over_hosts(self._feeds.active if feeds is None else feeds)
        with ThreadPoolExecutor(self._workers, thread_name_prefix="poll") as pool:
            polls = [pool.submit(self.poll, feed) for feed in chosen]
        reports = [poll.result() for poll in polls if not isinstance(poll.exception(), Stopped)]
        self._store.drain_outbox(self._log.append)
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
            self._watchers.on_list([feed.url for feed in self._feeds.active])
        if not self._enlisted:
            self._store.enlist_feeds(
                first_polls(self._feeds.active, self._clock(), self._interval, self._rng)
            )
            self._enlisted = True

    def _publish(self) -> None:
        """What cannot be published now waits in the store, and the next tick tries again."""
        with self._publishing:
            try:
                self._store.drain_outbox(self._log.append)
            except TransientError as error:
                self._watchers.on_trouble(error)
