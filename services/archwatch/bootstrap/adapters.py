"""Log, store, network and clock, as the settings say."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    sleep_using_event,
    stop_when_event_set,
    wait_exponential_jitter,
)

from archwatch.contracts.codec import encode_message
from archwatch.contracts.entry import Entry
from archwatch.contracts.topics import ENTRIES, Topic
from archwatch.errors import TransientError
from archwatch.eventlog.kafka import KafkaLog
from archwatch.eventlog.local import LocalLog
from archwatch.eventlog.port import EventLog
from archwatch.scheduler.feeds import Feed
from archwatch.scheduler.fetch import Fetcher
from archwatch.scheduler.parsers import Parsers
from archwatch.scheduler.publishing import publish_unseen
from archwatch.scheduler.reading import Reading, read_feed
from archwatch.settings import Settings, database_password, topics_of
from archwatch.store import Store, open_store
from archwatch.telemetry.health import Health
from archwatch.telemetry.logs import get_logger
from archwatch.web.client import Client, Limits
from archwatch.web.turns import Turns

Attempt = Callable[[Callable[[], Any]], Any]


def utc_now() -> datetime:
    """The clock of a running process."""
    return datetime.now(UTC)


def once(work: Callable[[], Any]) -> Any:
    """A command that a person waits for tells at once what is away."""
    return work()


def waiting(health: Health, stop: threading.Event) -> Attempt:
    """A service that starts in an outage waits with growing pauses and says so; told to stop, it gives up."""

    def tell(state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        health.waits("start", str(error))
        get_logger("start").warning("waiting", error=str(error))

    def attempt(work: Callable[[], Any]) -> Any:
        patient = Retrying(
            retry=retry_if_exception_type(TransientError),
            wait=wait_exponential_jitter(multiplier=0.2, max=30),
            sleep=sleep_using_event(stop),
            stop=stop_when_event_set(stop),
            before_sleep=tell,
            reraise=True,
        )
        result = patient(work)
        health.ready("start")
        return result

    return attempt


@contextmanager
def opened_log(settings: Settings, state: Path, attempt: Attempt = once) -> Iterator[EventLog]:
    """The event log of the settings, its topics in place. `attempt` may wait for a broker that is away."""
    log: EventLog
    if settings.log.kind == "kafka":
        log = KafkaLog(
            settings.log.bootstrap_servers,
            client=settings.instance,
            partitions=settings.log.partitions,
            replication=settings.log.replication,
            security=settings.log.security,
        )
    else:
        log = LocalLog(state / "log.db")
    try:
        for difference in attempt(lambda: log.ensure_topics(topics_of(settings))):
            get_logger("log").warning("topic_differs", difference=difference)
        yield log
    finally:
        log.close()


@contextmanager
def opened_store(settings: Settings, state: Path, attempt: Attempt = once) -> Iterator[Store]:
    """The state store of the settings. `attempt` may wait for a database that is away."""
    state.mkdir(parents=True, exist_ok=True)
    password = database_password(settings)
    url = settings.store.url or f"sqlite:///{state / 'store.db'}"
    secret = password.get_secret_value() if password else None
    store = attempt(lambda: open_store(url, password=secret))
    try:
        yield store
    finally:
        store.close()


def client_of(settings: Settings, limits: Limits, stop: threading.Event | None) -> Client:
    """What asks the web, for feeds and for articles alike."""
    polling = settings.polling
    return Client(
        limits, user_agent=polling.user_agent, allow_private_hosts=polling.allow_private_hosts, stop=stop
    )


def limits_of(settings: Settings, *, total_timeout: float, max_body_bytes: int) -> Limits:
    """The bounds of one request, those of polling but for the two given (seconds, bytes)."""
    polling = settings.polling
    return Limits(
        connect_timeout=polling.connect_timeout,
        read_timeout=polling.read_timeout,
        total_timeout=total_timeout,
        max_body_bytes=max_body_bytes,
        max_redirects=polling.max_redirects,
    )


def fetcher_of(settings: Settings, stop: threading.Event | None = None) -> Fetcher:
    """What fetches feeds."""
    polling = settings.polling
    limits = limits_of(settings, total_timeout=polling.total_timeout, max_body_bytes=polling.max_body_bytes)
    turns = Turns(polling.host_connections, polling.host_pause)
    return Fetcher(client_of(settings, limits, stop), turns)


@contextmanager
def opened_parsers(settings: Settings, stop: threading.Event | None = None) -> Iterator[Parsers]:
    """What parses feeds; it starts nothing before the first is wanted."""
    polling = settings.polling
    parsers = Parsers(
        polling.parsers or os.cpu_count() or 1,
        seconds=polling.parse_timeout,
        memory=polling.parse_memory,
        stop=stop,
    )
    try:
        yield parsers
    finally:
        parsers.close()


@contextmanager
def feed_reader(
    settings: Settings, stop: threading.Event | None = None
) -> Iterator[Callable[[Feed], Reading]]:
    """Fetch and parse one feed now, and change nothing. Safe to share between threads."""
    ours = fetcher_of(settings, stop)
    with opened_parsers(settings, stop) as parsers:
        yield lambda feed: read_feed(
            ours,
            feed,
            fetched_at=utc_now(),
            max_entries=settings.polling.max_entries,
            parse=parsers.parse,
        )


@contextmanager
def entry_sink(
    settings: Settings, state: Path, *, remember: bool
) -> Iterator[Callable[[Sequence[Entry]], int]]:
    """Puts entries on the log and says how many; with `remember` only those never seen before."""
    with opened_log(settings, state) as log:
        if not remember:

            def append(entries: Sequence[Entry]) -> int:
                log.append([encode_message(ENTRIES, entry.id, entry) for entry in entries])
                return len(entries)

            yield append
            return
        with opened_store(settings, state) as store:
            yield lambda entries: publish_unseen(store, log, entries, utc_now())


def newest(log: EventLog, topic: Topic) -> dict[int, int]:
    """Where a reader begins who wants only what comes from now on: `after` of `EventLog.read`."""
    return {partition: end - 1 for partition, end in log.end_offsets(topic.name).items()}
