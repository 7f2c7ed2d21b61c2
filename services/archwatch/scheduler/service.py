"""The scheduler: asks every feed when it is due, and publishes what is new."""

import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from apscheduler.executors.pool import ThreadPoolExecutor as TickExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from archwatch.errors import BadInput, TransientError
from archwatch.eventlog.port import EventLog
from archwatch.scheduler.after import notice, state_after, wishes_read
from archwatch.scheduler.feedlist import FeedList
from archwatch.scheduler.feeds import Feed
from archwatch.scheduler.fetch import Fetcher
from archwatch.scheduler.hosts import over_hosts
from archwatch.scheduler.leases import Leases
from archwatch.scheduler.next_poll import first_polls
from archwatch.scheduler.outgoing import Outgoing
from archwatch.scheduler.parse import parse_feed
from archwatch.scheduler.patience import Patience
from archwatch.scheduler.publishing import found
from archwatch.scheduler.reading import Conditions, Parse, read_feed
from archwatch.scheduler.report import PollReport, Watchers
from archwatch.scheduler.rhythm import Rhythm
from archwatch.scheduler.states import PollState
from archwatch.scheduler.websub import Subscriber
from archwatch.store import FeedState, Store
from archwatch.web.failure import Stopped

TICK_SECONDS: Final = 1.0
RENEW_SECONDS: Final = 5.0
HUB_SECONDS: Final = 2.0


class Scheduler:
    """Polls `feeds`, `workers` at once. Several may share a store: none polls what another does.

    While `max_outbox` messages or more wait for a log that is away, no feed is polled: what is due stays due.
    """

    def __init__(
        self,
        store: Store,
        log: EventLog,
        fetcher: Fetcher,
        feeds: FeedList,
        *,
        rhythm: Rhythm,
        workers: int,
        max_entries: int,
        max_age: timedelta | None = None,
        max_outbox: int = 10_000,
        clock: Callable[[], datetime],
        rng: random.Random,
        watchers: Watchers,
        subscriber: Subscriber | None = None,
        parse: Parse = parse_feed,
    ) -> None:
        self._store, self._log, self._fetcher, self._feeds = store, log, fetcher, feeds
        self._rhythm, self._workers, self._max_entries = rhythm, workers, max_entries
        self._max_age = max_age
        self._clock, self._rng, self._watchers = clock, rng, watchers
        self._leases, self._subscriber = Leases(store, clock), subscriber
        self._parse = parse
        self._outgoing, self._for_store = Outgoing(store, log, max_outbox, clock), Patience()
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
            wishes=wishes_read(known),
            location=known.location,
            parse=self._parse,
        )
        now = self._clock()
        beats = self._rhythm.beats(feed, now, [entry.published_at for entry in reading.entries])
        after = known

        def state(new: int) -> FeedState:
            nonlocal after
            after = state_after(known, reading, new, now, beats.interval(new), self._rng)
            return after

        # what a feed holds when first met is not republished, however old: it was never seen
        max_age = self._max_age if known.last_success_at else None
        became = self._store.record_poll(
            [found(entry, max_age) for entry in reading.entries],
            now,
            state,
            beats.history if reading.state.good else None,
        )
        if self._subscriber and reading.hub:
            self._subscriber.note(feed.url, reading.hub)
        report = PollReport(
            feed,
            PollState(after.state),
            after.detail,
            tuple(one.entry_id for one in became.new),
            len(reading.entries) - len(became.new) - became.too_old - became.relaunched,
            reading.bad,
            reading.skipped,
            reading.problems,
            time.monotonic() - started,
            reading.status,
            notice(known, after),
            {name: getattr(became, name) for name in ("updated", "renamed", "too_old", "relaunched")},
        )
        self._watchers.on_poll(report)
        self._publish()
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
        self._outgoing.drain()
        return reports

    def run(self, stop: threading.Event) -> None:
        """Ask each feed when it is due, until `stop`. A store or log that is away is waited for."""
        ticks = BackgroundScheduler(
            timezone=UTC,
            executors={"default": TickExecutor(3)},
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )
        with ThreadPoolExecutor(self._workers, thread_name_prefix="poll") as pool:
            ticks.add_job(
                self._guarded,
                "interval",
                (partial(self._tick, pool),),
                seconds=TICK_SECONDS,
                next_run_time=datetime.now(UTC),
            )
            ticks.add_job(self._guarded, "interval", (self._leases.renew,), seconds=RENEW_SECONDS)
            if self._subscriber:
                ticks.add_job(self._guarded, "interval", (self._subscriber.tick,), seconds=HUB_SECONDS)
            ticks.start()
            while not stop.wait(0.1) and self._crash is None:
                pass
            ticks.shutdown()
            pool.shutdown(cancel_futures=True)
        if self._crash is not None:
            raise self._crash

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except TransientError as error:
            self._watchers.on_trouble(error)
        except Exception as error:  # noqa: BLE001 - raised again by `run`
            self._crash = error

    def _tick(self, pool: ThreadPoolExecutor) -> None:
        if not self._for_store.over(self._clock()):
            return
        try:
            self._refresh()
            self._publish()
            if not self._outgoing.full:
                self._hand_out(pool)
            self._for_store.worked()
        except TransientError:
            self._for_store.failed(self._clock())
            raise

    def _hand_out(self, pool: ThreadPoolExecutor) -> None:
        """Start what is due, no more than can begin soon: the rest may go to another scheduler."""
        free = 0
        while free < self._workers and self._under_way.acquire(blocking=False):
            free += 1
        try:
            for url in self._leases.claim(free):
                if feed := self._feeds.get(url):
                    pool.submit(self.poll, feed).add_done_callback(partial(self._done, url))
                    free -= 1
                else:
                    self._leases.release(url)
        finally:
            for _ in range(free):
                self._under_way.release()

    def _done(self, url: str, poll: Future[PollReport]) -> None:
        self._leases.release(url)
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
                first_polls(self._feeds.active, self._clock(), self._rhythm.usual, self._rng)
            )
            self._enlisted = True

    def _publish(self) -> None:
        if outbox := self._outgoing.publish():
            self._watchers.on_outbox(outbox)
