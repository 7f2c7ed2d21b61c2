"""A scheduler on a real store and log with all that it needs, a clock to turn, and what it told."""

import random
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archwatch.contracts import Entry
from archwatch.contracts.codec import decode_message
from archwatch.contracts.envelope import LogMessage
from archwatch.contracts.topics import ENTRIES
from archwatch.errors import BadInput, TransientError
from archwatch.eventlog.local import LocalLog
from archwatch.scheduler.feedlist import FeedList
from archwatch.scheduler.fetch import Fetcher
from archwatch.scheduler.report import OutboxState, PollReport, Watchers
from archwatch.scheduler.rhythm import Rhythm
from archwatch.scheduler.service import Scheduler
from archwatch.store import Store, open_store

START = datetime(2026, 3, 5, tzinfo=UTC)


class Clock:
    now = START

    def __call__(self) -> datetime:
        return self.now


class AwayLog(LocalLog):
    """A log whose broker can be taken away."""

    away = False
    attempts = 0

    def publish_once(self, outbox: str, batch: str, messages: Sequence[LogMessage]) -> bool:
        self.attempts += 1
        if self.away:
            raise TransientError("no broker")
        return super().publish_once(outbox, batch, messages)


class Bench:
    """A scheduler with all that it needs, and what it told."""

    def __init__(self, folder: Path, fetcher: Fetcher) -> None:
        self.opml, self.clock = folder / "feeds.opml", Clock()
        self.store: Store = open_store(f"sqlite:///{folder}/store.db")
        self.log = AwayLog(folder / "log.db")
        self.log.ensure_topics([ENTRIES])
        self.reports: list[PollReport] = []
        self.list_problems: list[BadInput] = []
        self.troubles: list[TransientError] = []
        self.outbox = threading.Condition()
        self.outbox_states: list[OutboxState] = []
        self.polled, self.troubled = threading.Semaphore(0), threading.Semaphore(0)
        self.scheduler = Scheduler(
            self.store,
            self.log,
            fetcher,
            FeedList(self.opml),
            rhythm=Rhythm(self.store, timedelta(minutes=15), timedelta(minutes=2), timedelta(days=1)),
            workers=4,
            max_entries=10,
            max_age=timedelta(days=14),
            max_outbox=3,
            clock=self.clock,
            rng=random.Random(1),
            watchers=Watchers(
                self._on_poll,
                self.list_problems.extend,
                on_trouble=self._on_trouble,
                on_outbox=self._on_outbox,
            ),
        )

    def _on_poll(self, report: PollReport) -> None:
        self.reports.append(report)
        self.polled.release()

    def _on_trouble(self, trouble: TransientError) -> None:
        self.troubles.append(trouble)
        self.troubled.release()

    def _on_outbox(self, state: OutboxState) -> None:
        with self.outbox:
            self.outbox_states.append(state)
            self.outbox.notify_all()

    def awaited(self, wanted: Callable[[OutboxState], bool]) -> None:
        """Wait for a look at the outbox after now that is as wanted."""
        with self.outbox:
            first = len(self.outbox_states)
            assert self.outbox.wait_for(lambda: any(map(wanted, self.outbox_states[first:])), 20)

    def listing(self, *urls: str) -> None:
        outlines = "\n".join(f'<outline text="Feed {n}" xmlUrl="{url}"/>' for n, url in enumerate(urls))
        self.opml.write_text(f"<opml><body>\n{outlines}\n</body></opml>")

    def entries(self) -> list[Entry]:
        return [decode_message(ENTRIES, Entry, record) for record in self.log.read(ENTRIES.name)]

    def close(self) -> None:
        self.store.close()
        self.log.close()


def running(bench: Bench, stop: threading.Event) -> threading.Thread:
    thread = threading.Thread(target=bench.scheduler.run, args=(stop,))
    thread.start()
    return thread
