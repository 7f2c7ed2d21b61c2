"""Kill, stop and cut what runs, at seeded moments, and then count by id what came of it.

Feeds (files) -> two each of scheduler, classifier, extractor, alerter, as processes of their own, on a
real Apache Kafka and PostgreSQL.
"""

import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from sqlalchemy import create_engine, make_url

from archwatch import bootstrap
from archwatch.contracts.codec import decode_event, decode_message
from archwatch.contracts.entry import Entry
from archwatch.contracts.envelope import LogMessage, Record
from archwatch.contracts.topics import ALERTS, DEAD_LETTERS, ENTRIES, EVENTS, STORIES, TOPICS
from archwatch.errors import BadMessage, TransientError
from archwatch.eventlog.kafka import KafkaLog
from archwatch.settings import load_settings
from archwatch.store import open_store
from commands import ROOT, Running, write_config
from kafka_broker import Broker

SERVICES: Final = ("scheduler", "classifier", "extractor", "alerter")
GROUPS: Final = {"classifier": ENTRIES, "extractor": STORIES, "alerter": EVENTS}
FEED_SIZE: Final = 100


@dataclass(frozen=True)
class Plan:
    """What is to happen: so many faults, so far apart; a stopped process stands still for `pause` seconds."""

    seed: int
    faults: int
    gap: float
    pause: float
    away: float
    patience: float


@dataclass
class Account:
    """What was counted at the end, by id."""

    entries: int
    expected_entries: int
    flagged: int
    events: int
    dead: int
    not_flagged: int
    alerts: int
    lost: set[str]
    doubled: set[str]
    largest_mb: dict[str, float]
    faults: Counter[str] = field(default_factory=Counter)

    def table(self) -> str:
        rows = {
            **vars(self),
            "faults": dict(self.faults),
            "lost": len(self.lost),
            "doubled": len(self.doubled),
        }
        return "\n".join(f"{name:>18}  {value}" for name, value in rows.items())


class Chaos:
    """`titles` are served as feeds, hundred by hundred, while the faults come."""

    def __init__(
        self, folder: Path, broker: Broker, database: str, titles: Sequence[str], plan: Plan
    ) -> None:
        self.folder, self.broker, self.database, self.plan = folder, broker, database, plan
        self.random = random.Random(plan.seed)
        self.feeds = [titles[n : n + FEED_SIZE] for n in range(0, len(titles), FEED_SIZE)]
        paths = [folder / f"feed{n}.xml" for n in range(len(self.feeds))]
        self.config = write_config(
            folder,
            [f"file:{path}" for path in paths],
            polling={"interval": 2, "workers": 4, "max_entries": FEED_SIZE},
            log={"kind": "kafka", "bootstrap_servers": broker.address, "partitions": 2},
            store={"url": database},
            extractor={"full_text": "never"},
        )
        self.paths = iter(zip(paths, self.feeds, strict=True))
        self.running: dict[str, Running] = {}
        self.faults: Counter[str] = Counter()
        self.largest: dict[str, float] = {}
        self.waking: list[threading.Timer] = []
        self.started = time.monotonic()

    def run(self) -> Account:
        self.say(f"seed {self.plan.seed}")
        try:
            self.rubbish()
            for service in SERVICES:
                for number in (1, 2):
                    self.start(f"{service}-{number}")
            per_fault = -(-len(self.feeds) // (self.plan.faults + 1))
            for _ in range(self.plan.faults):
                self.serve(per_fault)
                self.fault()
                self.wait(self.random.uniform(0.5, 1.5) * self.plan.gap)
            self.serve(len(self.feeds))
            self.drain()
            return self.account()
        finally:
            self.end()

    def start(self, name: str) -> None:
        state = self.folder / name
        self.running[name] = Running(service_of(name), "--config", self.config, "--state", state)

    def end(self) -> None:
        for waking in self.waking:
            waking.cancel()
        for running in self.running.values():
            running.process.kill()
            running.stop()

    def serve(self, count: int) -> None:
        """The next so many feeds have something to tell from now on."""
        for path, titles in [pair for _, pair in zip(range(count), self.paths, strict=False)]:
            items = "".join(
                f"<item><guid>{escape(t)}</guid><title>{escape(t)}</title></item>" for t in titles
            )
            beside = path.with_suffix(".new")
            beside.write_text(f'<rss version="2.0"><channel><title>F</title>{items}</channel></rss>')
            beside.replace(path)

    def rubbish(self) -> None:
        log = self.log()
        log.ensure_topics(TOPICS)
        log.append([LogMessage(ENTRIES.name, f"bad-{n}", b"?") for n in range(3)])
        log.close()

    def fault(self) -> None:
        kinds = {"stop": self.stop, "kill": self.kill, "database": self.cut, "broker": self.restart_broker}
        # each kind at least once, then as chance has it
        kind = next((k for k in kinds if not self.faults[k]), None) or self.random.choice([*kinds, "kill"])
        self.faults[kind] += 1
        kinds[kind]()

    def kill(self) -> None:
        name = self.random.choice(sorted(self.running))
        self.say(f"kill -9 {name}")
        self.running[name].process.kill()
        self.running[name].stop()
        self.start(name)

    def stop(self) -> None:
        name = self.random.choice([name for name in sorted(self.running) if service_of(name) != "alerter"])
        self.say(f"stop {name} for {self.plan.pause} s")
        self.running[name].process.send_signal(signal.SIGSTOP)
        waking = threading.Timer(self.plan.pause, self.wake, [self.running[name]])
        waking.start()  # other faults come meanwhile
        self.waking.append(waking)

    def wake(self, running: Running) -> None:
        if running.process.poll() is None:  # not killed meanwhile
            running.process.send_signal(signal.SIGCONT)

    def restart_broker(self) -> None:
        hard = self.random.random() < 0.5
        self.say(f"broker {'kill -9' if hard else 'stop'}, away for {self.plan.away} s")
        (self.broker.kill if hard else self.broker.stop)()
        self.wait(self.plan.away)
        self.broker.start()

    def cut(self) -> None:
        self.say(f"database cut for {self.plan.away} s")
        url = make_url(self.database)
        admin = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.exec_driver_sql(f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS false")
            connection.exec_driver_sql(
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{url.database}'"
            )
            self.wait(self.plan.away)
            connection.exec_driver_sql(f"ALTER DATABASE {url.database} ALLOW_CONNECTIONS true")
        admin.dispose()

    def drain(self) -> None:
        """Wait until all entries are on the log and every group has read all."""
        log = self.log()
        wanted = sum(map(len, self.feeds))
        self.say("draining")
        for waking in self.waking:
            waking.join()
        found: set[bytes | None] = set()
        after: dict[int, int] = {}

        def polled() -> bool:
            while records := log.read(ENTRIES.name, after=after):
                found.update(r.key for r in records)
                after.update({r.partition: r.offset for r in records})
            return len(found) >= wanted

        self.until(polled)
        self.until(lambda: all(log.group_lag(f"archwatch.{s}", t.name) == 0 for s, t in GROUPS.items()))
        self.measure()
        log.close()

    def account(self) -> Account:
        log, store = self.log(), open_store(self.database)
        assert store.outbox_size() == 0
        store.close()
        entries, dead_at_source = [], set()
        for record in read_all(log, ENTRIES.name):
            try:
                entries.append(decode_message(ENTRIES, Entry, record))
            except BadMessage:
                dead_at_source.add(key_of(record))
        judge = bootstrap.judge(load_settings(self.config), ROOT / "models")
        judged = [one for n in range(0, len(entries), 256) for one in judge(entries[n : n + 256])]
        flagged = {e.id for e, one in zip(entries, judged, strict=True) if one.relevance.flagged}
        events = [decode_event(record) for record in read_all(log, EVENTS.name)]
        dead = [key_of(r) for r in read_all(log, DEAD_LETTERS.name)]
        alerts = [r.value for r in read_all(log, ALERTS.name)]
        stories = [key_of(r) for r in read_all(log, STORIES.name)]
        log.close()
        titles = {title for feed in self.feeds for title in feed}
        told = [event.story.id for event in events]
        return Account(
            entries=len(entries),
            expected_entries=len(titles),
            flagged=len(flagged),
            events=len(events),
            dead=len(dead),
            not_flagged=len(entries) - len(flagged),
            alerts=len(alerts),
            lost=(titles - {e.title for e in entries}) | (flagged - set(told)) | (dead_at_source - set(dead)),
            doubled=doubles([e.id for e in entries]) | doubles(told) | doubles(stories) | doubles(dead)
            | {str(value) for value, count in Counter(alerts).items() if count > 1},
            largest_mb=self.largest,
            faults=self.faults,
        )  # fmt: skip

    def measure(self) -> None:
        for name, running in self.running.items():
            status = Path(f"/proc/{running.process.pid}/status").read_text()
            peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
            self.largest[name] = round(int(peak.split()[1]) / 1024)

    def log(self) -> KafkaLog:
        return KafkaLog(self.broker.address, partitions=2)

    def wait(self, seconds: float) -> None:
        time.sleep(seconds)  # the time between faults is what is asked for: nothing is awaited

    def until(self, done: Callable[[], object]) -> None:
        deadline = time.monotonic() + self.plan.patience
        while True:
            try:
                if done():
                    return
            except TransientError as error:
                self.say(str(error))
            assert time.monotonic() < deadline, f"not done in {self.plan.patience} s; faults {self.faults}"
            time.sleep(0.2)

    def say(self, words: str) -> None:
        print(f"{time.monotonic() - self.started:6.1f} s  {words}", flush=True)  # noqa: T201 - the protocol


def service_of(name: str) -> str:
    return name.split("-")[0]


def key_of(record: Record) -> str:
    return (record.key or b"").decode()


def doubles(ids: Sequence[str]) -> set[str]:
    return {one for one, count in Counter(ids).items() if count > 1}


def read_all(log: KafkaLog, topic: str) -> Iterator[Record]:
    after: dict[int, int] = {}
    while batch := log.read(topic, after=after):
        yield from batch
        after |= {record.partition: record.offset for record in batch}


def own_titles(count: int) -> list[str]:
    """Titles in our own words; about half of them are to be flagged."""
    kinds = ("Russia rejects NATO's offer on missile bases in Poland", "Rover wins the cup after penalties")
    return [f"{kinds[n % 2]} ({n})" for n in range(count)]
