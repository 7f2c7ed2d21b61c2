"""What the tests of the event log run in processes of their own, and what both sides use."""

from multiprocessing.connection import Connection
from pathlib import Path

from archwatch.contracts.envelope import LogMessage, Record
from archwatch.errors import Fenced
from archwatch.eventlog.kafka import KafkaLog
from archwatch.eventlog.local import LocalLog
from archwatch.eventlog.port import EventLog, StageConsumer


def open_log(kind: str, place: str) -> EventLog:
    if kind == "local":
        return LocalLog(Path(place), lease=2.0)
    return KafkaLog(place, client="test", session_seconds=6.0)


def message(topic: str, key: str, value: bytes | str = b"x") -> LogMessage:
    return LogMessage(topic, key, value.encode() if isinstance(value, str) else value)


def take(consumer: StageConsumer, count: int) -> list[Record]:
    """Poll until `count` records have come; fails loudly if they do not."""
    records: list[Record] = []
    for _ in range(30):
        records += consumer.poll(count - len(records), 1.0)
        if len(records) >= count:
            return records
    raise AssertionError(f"{len(records)} of {count} records came")


def sleep(kind: str, place: str, topic: str, out: str, parent: Connection) -> None:
    log = open_log(kind, place)
    with log.consume("g", topic) as consumer:
        records = take(consumer, 5)
        parent.send("taken")
        parent.recv()
        try:
            consumer.commit([message(out, "k", b"sleeper " + r.value) for r in records])
            parent.send("published")
        except Fenced:
            parent.send("fenced")
    log.close()


def work(kind: str, place: str, topic: str, out: str) -> None:
    log = open_log(kind, place)
    while log.group_lag("g", topic):
        with log.consume("g", topic) as consumer:
            while log.group_lag("g", topic):
                records = consumer.poll(50, 0.5)
                if not records:
                    continue
                try:
                    consumer.commit([message(out, r.value.decode(), r.value) for r in records])
                except Fenced:
                    consumer.rollback()
    log.close()
