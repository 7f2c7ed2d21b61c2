"""What archwatch asks of an event log, asked of both: the local one and Apache Kafka."""

import contextlib
import multiprocessing
import os
import signal
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archwatch.contracts.envelope import LogMessage, Record
from archwatch.contracts.topics import ENTRIES, EVENTS, Topic
from archwatch.errors import BadInput, Fenced
from archwatch.eventlog.port import EventLog
from log_workers import message, open_log, sleep, take, work

Opener = Callable[[], EventLog]
PATIENCE = 30.0


class Opened:
    """Opens logs on one place, as several processes would, and closes them."""

    def __init__(self, kind: str, place: str) -> None:
        self.kind, self.place = kind, place
        self._logs: list[EventLog] = []

    def __call__(self) -> EventLog:
        log = open_log(self.kind, self.place)
        self._logs.append(log)
        return log

    def close(self) -> None:
        for log in self._logs:
            log.close()


@pytest.fixture(params=["local", "kafka"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opened]:
    local = request.param == "local"
    place = str(tmp_path / "log.db") if local else request.getfixturevalue("kafka_address")
    opened = Opened(request.param, place)
    yield opened
    opened.close()


@pytest.fixture
def log(opened: Opened) -> EventLog:
    return opened()


def new_topic(log: EventLog, like: Topic = ENTRIES) -> str:
    name = f"test.{uuid.uuid4().hex}"
    assert log.ensure_topics([replace(like, name=name)]) == []
    return name


def read_all(log: EventLog, topic: str) -> list[Record]:
    records: list[Record] = []
    after: dict[int, int] = {}
    while batch := log.read(topic, after=after):
        records += batch
        after |= {r.partition: r.offset for r in batch}
    return records


def test_what_is_appended_is_read_with_key_value_and_headers(log: EventLog) -> None:
    topic = new_topic(log)
    sent = LogMessage(topic, "ключ", b"\x00\xff", {"a": b"\xfe", "schema": b"entry/1"})
    log.append([sent])
    (record,) = read_all(log, topic)
    assert (record.key, record.value, dict(record.headers)) == (sent.key.encode(), sent.value, sent.headers)
    assert record.timestamp.tzinfo is not None


def test_an_empty_value_stays_empty(log: EventLog) -> None:
    topic = new_topic(log)
    log.append([message(topic, "", b"")])
    assert read_all(log, topic)[0].value == b""


def test_messages_of_a_key_keep_their_order(log: EventLog) -> None:
    topic = new_topic(log)
    log.append([message(topic, f"k{n % 5}", str(n)) for n in range(700)])
    by_key: dict[bytes | None, list[int]] = {}
    records = read_all(log, topic)
    for record in records:
        by_key.setdefault(record.key, []).append(int(record.value))
    assert len(records) == 700
    assert all(values == sorted(values) for values in by_key.values())
    assert all(len({r.partition for r in records if r.key == key}) == 1 for key in by_key)


def test_a_batch_of_an_outbox_is_published_once_whoever_hands_it_over(opened: Opened) -> None:
    first, second = opened(), opened()
    topic, outbox = new_topic(first), uuid.uuid4().hex
    batch = [message(topic, f"k{n}", str(n)) for n in range(5)]
    assert first.publish_once(outbox, "batch 1", batch)
    assert not second.publish_once(outbox, "batch 1", batch)
    assert second.publish_once(outbox, "batch 2", batch)
    assert not second.publish_once(outbox, "batch 2", batch)
    assert len(read_all(first, topic)) == 10


def test_who_published_for_an_outbox_before_is_fenced_or_finds_it_done(opened: Opened) -> None:
    first, second = opened(), opened()
    topic, outbox = new_topic(first), uuid.uuid4().hex
    first.publish_once(outbox, "batch 1", [message(topic, "k", "1")])
    second.publish_once(outbox, "batch 2", [message(topic, "k", "2")])
    with contextlib.suppress(Fenced):
        assert not first.publish_once(outbox, "batch 2", [message(topic, "k", "2")])
    assert not first.publish_once(outbox, "batch 2", [message(topic, "k", "2")])
    assert [r.value for r in read_all(second, topic)] == [b"1", b"2"]


def test_a_group_is_set_back_to_a_time_while_nobody_works(log: EventLog) -> None:
    topic = new_topic(log)
    log.append([message(topic, "k", "old")])
    (old,) = read_all(log, topic)
    while True:  # the clocks of both logs count milliseconds at least
        log.append([message(topic, "k", "new")])
        newer = [r for r in read_all(log, topic) if r.timestamp > old.timestamp]
        if newer:
            break
    with log.consume("g", topic) as consumer:
        total = len(read_all(log, topic))
        take(consumer, total)
        consumer.commit([])
        with pytest.raises(BadInput, match="stop"):
            log.reset("g", topic, None)
    assert log.reset("g", topic, newer[0].timestamp) >= len(newer)
    with log.consume("g", topic) as consumer:
        assert take(consumer, len(newer)) == newer
    assert log.reset("g", topic, None) >= total
    with log.consume("g", topic) as consumer:
        assert take(consumer, 1)[0].value == b"old"


def test_reading_goes_on_after_what_was_seen(log: EventLog) -> None:
    topic = new_topic(log)
    log.append([message(topic, "k", str(n)) for n in range(3)])
    first = read_all(log, topic)
    log.append([message(topic, "k", "new")])
    seen = {r.partition: r.offset for r in first}
    assert [r.value for r in log.read(topic, after=seen)] == [b"new"]


def test_reading_waits_for_what_comes(opened: Opened) -> None:
    reader, writer = opened(), opened()
    topic = new_topic(writer)
    writing = threading.Timer(0.2, writer.append, [[message(topic, "k", "late")]])
    writing.start()
    assert [r.value for r in reader.read(topic, timeout=PATIENCE)] == [b"late"]
    writing.join()


def test_nothing_to_read_gives_nothing(log: EventLog) -> None:
    topic = new_topic(log)
    assert log.read(topic) == []
    with log.consume("g", topic) as consumer:
        assert consumer.poll(10, 0.1) == []


def test_end_offsets_are_after_the_last_record(log: EventLog) -> None:
    topic = new_topic(log)
    log.append([message(topic, "k")] * 3)
    last = max(r.offset for r in read_all(log, topic))
    assert max(log.end_offsets(topic).values()) > last
    assert read_all(log, topic)[-1].offset < max(log.end_offsets(topic).values())


def test_a_commit_publishes_and_moves_on(log: EventLog) -> None:
    topic, out = new_topic(log), new_topic(log)
    log.append([message(topic, str(n), str(n)) for n in range(10)])
    with log.consume("g", topic) as consumer:
        first = take(consumer, 10)
        consumer.commit([message(out, "k", b"result of " + r.value) for r in first])
    assert len(read_all(log, out)) == 10
    log.append([message(topic, "a", "new")])
    with log.consume("g", topic) as consumer:
        assert [r.value for r in take(consumer, 1)] == [b"new"]


def test_without_a_commit_nothing_moved(log: EventLog) -> None:
    topic = new_topic(log)
    log.append([message(topic, "k", str(n)) for n in range(4)])
    with log.consume("g", topic) as consumer:
        take(consumer, 4)
    with log.consume("g", topic) as consumer:
        assert [r.value for r in take(consumer, 4)] == [b"0", b"1", b"2", b"3"]


def test_a_rollback_gives_the_batch_again(log: EventLog) -> None:
    topic = new_topic(log)
    log.append([message(topic, "k", str(n)) for n in range(6)])
    with log.consume("g", topic) as consumer:
        take(consumer, 3)
        consumer.commit([])
        again = take(consumer, 3)
        consumer.rollback()
        assert [r.value for r in take(consumer, 3)] == [r.value for r in again] == [b"3", b"4", b"5"]


def test_groups_do_not_share_positions(log: EventLog) -> None:
    topic = new_topic(log)
    log.append([message(topic, "k", str(n)) for n in range(3)])
    for group in ("g1", "g2"):
        with log.consume(group, topic) as consumer:
            assert len(take(consumer, 3)) == 3
            consumer.commit([])


def test_lag_counts_down_to_nothing(log: EventLog) -> None:
    topic = new_topic(log)
    log.append([message(topic, str(n)) for n in range(20)])
    assert log.group_lag("g", topic) >= 20
    with log.consume("g", topic) as consumer:
        take(consumer, 20)
        consumer.commit([])
        assert consumer.poll(1, 0.5) == []
        assert consumer.lag() == 0
    assert log.group_lag("g", topic) == 0
    log.append([message(topic, "k")])
    assert log.group_lag("g", topic) >= 1


def test_topics_are_made_once(log: EventLog) -> None:
    name = f"test.{uuid.uuid4().hex}"
    for _ in range(2):
        assert log.ensure_topics([replace(EVENTS, name=name)]) == []


def test_a_member_that_was_paused_too_long_publishes_nothing(opened: Opened) -> None:
    """Its process stands still beyond its session; another takes over; then it wakes up."""
    log = opened()
    topic, out = new_topic(log), new_topic(log)
    log.append([message(topic, "k", str(n)) for n in range(5)])
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    sleeper = context.Process(target=sleep, args=(opened.kind, opened.place, topic, out, theirs))
    sleeper.start()
    assert ours.poll(PATIENCE)
    assert ours.recv() == "taken"
    assert sleeper.pid
    os.kill(sleeper.pid, signal.SIGSTOP)
    with log.consume("g", topic) as successor:
        records = take(successor, 5)
        successor.commit([message(out, "k", b"successor " + r.value) for r in records])
        os.kill(sleeper.pid, signal.SIGCONT)
        ours.send("go on")
        assert ours.poll(PATIENCE)
        assert ours.recv() == "fenced"
    sleeper.join(PATIENCE)
    assert sleeper.exitcode == 0
    assert [r.value for r in read_all(log, out)] == [b"successor %d" % n for n in range(5)]


def test_several_processes_share_the_work_and_each_record_counts_once(opened: Opened) -> None:
    log = opened()
    topic, out = new_topic(log), new_topic(log)
    log.append([message(topic, str(n), str(n)) for n in range(2_000)])
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=work, args=(opened.kind, opened.place, topic, out)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(90)
        assert worker.exitcode == 0
    counts = Counter(int(r.value) for r in read_all(log, out))
    assert counts == Counter(range(2_000))
    assert log.group_lag("g", topic) == 0


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    batches=st.lists(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 99)), max_size=5), max_size=4),
    commits=st.lists(st.booleans(), min_size=1, max_size=6),
)
def test_whatever_is_rolled_back_each_key_is_processed_in_order_once(
    log: EventLog, batches: list[list[tuple[str, int]]], commits: list[bool]
) -> None:
    topic, out = new_topic(log), new_topic(log)
    for batch in batches:
        log.append([message(topic, key, str(number)) for key, number in batch])
    wanted = sum(map(len, batches))
    done = 0
    with log.consume("g", topic) as consumer:
        decisions = iter(commits * (wanted + 2))
        while done < wanted:
            records = take(consumer, 1)
            if next(decisions, True) or done == wanted - 1:
                consumer.commit([message(out, (r.key or b"").decode(), r.value) for r in records])
                done += len(records)
            else:
                consumer.rollback()
                if not any(commits):
                    decisions = iter([True] * 1_000)
    for key in "abc":
        sent = [str(n).encode() for batch in batches for k, n in batch if k == key]
        assert [r.value for r in read_all(log, out) if r.key == key.encode()] == sent
