"""Two schedulers on one PostgreSQL: none polls what the other holds, and a dead one's feeds move over."""

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archwatch.contracts.topics import ENTRIES
from archwatch.eventlog.local import LocalLog
from archwatch.scheduler import service
from archwatch.scheduler.feedlist import FeedList
from archwatch.scheduler.fetch import Fetcher
from archwatch.scheduler.leases import LEASE
from archwatch.scheduler.report import PollReport, Watchers
from archwatch.scheduler.rhythm import Rhythm
from archwatch.scheduler.service import Scheduler
from archwatch.store import Store, open_store
from archwatch.web.client import Client, Limits
from feed_documents import item, rss
from local_web import Web
from postgres_server import postgres_database, postgres_url

__all__ = ["postgres_database", "postgres_url"]

NOW = datetime(2026, 3, 5, tzinfo=UTC)
URLS = ("/1", "/2")


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def store(postgres_database: str) -> Iterator[Store]:
    opened = open_store(postgres_database)
    yield opened
    opened.close()


@pytest.fixture
def log(tmp_path: Path) -> Iterator[LocalLog]:
    opened = LocalLog(tmp_path / "log.db")
    opened.ensure_topics([ENTRIES])
    yield opened
    opened.close()


@pytest.fixture
def opml(tmp_path: Path, web: Web) -> Path:
    path = tmp_path / "feeds.opml"
    outlines = "".join(f'<outline text="{one}" xmlUrl="{web.url(one)}"/>' for one in URLS)
    path.write_text(f"<opml><body>{outlines}</body></opml>")
    return path


def scheduler(
    store: Store,
    log: LocalLog,
    opml: Path,
    clock: Clock,
    stop: threading.Event,
    told: Callable[[PollReport], None],
) -> Scheduler:
    limits = Limits(read_timeout=60, total_timeout=60)
    return Scheduler(
        store,
        log,
        Fetcher(Client(limits, user_agent="t", allow_private_hosts=["127.0.0.1"], stop=stop)),
        FeedList(opml),
        rhythm=Rhythm(store, timedelta(minutes=15), timedelta(minutes=2), timedelta(days=1)),
        workers=2,
        max_entries=10,
        clock=clock,
        rng=random.Random(1),
        watchers=Watchers(told),
    )


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    pause = threading.Event()
    while not true():
        assert time.monotonic() < deadline
        pause.wait(0.02)


def test_the_feeds_of_a_killed_scheduler_move_over_within_a_minute(
    store: Store, log: LocalLog, postgres_database: str, opml: Path, web: Web, tmp_path: Path
) -> None:
    for one in URLS:
        web.drip(one, b"HTTP/1.1 200 OK\r\n\r\n", b" ")
    store.enlist_feeds({web.url(one): NOW for one in URLS})
    (tmp_path / "other").mkdir()
    arguments = [postgres_database, str(opml), str(tmp_path / "other"), NOW.isoformat()]
    program = Path(__file__).with_name("poll_until_killed.py")
    first = subprocess.Popen([sys.executable, str(program), *arguments], env=os.environ)
    until(lambda: len(web.asked) == len(URLS) or first.poll() is not None)
    first.kill()
    first.wait(20)
    for number, one in enumerate(URLS):
        web.serve(one, rss(item(number)))
    clock, stop, reports = Clock(), threading.Event(), list[PollReport]()
    second = scheduler(store, log, opml, clock, stop, reports.append)
    assert store.claim_due(NOW + LEASE - timedelta(seconds=1), NOW, 9) == []
    clock.now = NOW + timedelta(minutes=1)
    thread = threading.Thread(target=second.run, args=(stop,))
    thread.start()
    try:
        until(lambda: len(reports) == len(URLS))
    finally:
        stop.set()
        thread.join(20)
    assert {report.feed.url for report in reports} == {web.url(one) for one in URLS}
    assert all(report.entries_new == 1 for report in reports)


def test_a_poll_longer_than_a_lease_is_not_taken_over(
    store: Store, log: LocalLog, opml: Path, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "RENEW_SECONDS", 0.05)
    for one in URLS:
        web.drip(one, b"HTTP/1.1 200 OK\r\n\r\n", b" ")
    store.enlist_feeds({web.url(one): NOW for one in URLS})
    clock, stop = Clock(), threading.Event()
    thread = threading.Thread(
        target=scheduler(store, log, opml, clock, stop, lambda _: None).run, args=(stop,)
    )
    thread.start()

    def held() -> bool:
        return {one.next_poll_at for one in store.feed_states().values()} == {clock.now + LEASE}

    try:
        until(lambda: len(web.asked) == len(URLS))
        for _ in range(5):
            clock.now += LEASE * 0.75
            until(held)
            assert store.claim_due(clock.now + LEASE * 0.9, NOW, 9) == []
    finally:
        stop.set()
        thread.join(20)
    assert not thread.is_alive()
    assert len(web.asked) == len(URLS)
