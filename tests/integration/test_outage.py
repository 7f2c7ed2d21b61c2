"""The broker goes away under what is at work, and comes back: nothing hangs, leaks, is lost or doubled."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from archwatch.contracts.topics import ENTRIES
from archwatch.errors import TransientError
from archwatch.eventlog.kafka import KafkaLog
from kafka_broker import Broker
from log_workers import message, take

PATIENCE = 60.0


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    (tmp_path / "kafka").mkdir()
    broker = Broker(tmp_path / "kafka")
    broker.start()
    yield broker
    broker.stop()


def test_a_writer_whose_broker_is_killed_comes_back_in_bounded_time_and_leaves_no_thread(
    broker: Broker,
) -> None:
    log = KafkaLog(broker.address, partitions=1, timeout_seconds=1, session_seconds=6)
    log.ensure_topics([ENTRIES])
    log.publish_once("outbox", "1", [message(ENTRIES.name, "a")])
    with log.consume("g", ENTRIES.name) as consumer:
        assert [r.key for r in take(consumer, 1)] == [b"a"]
        consumer.commit([message(ENTRIES.name, "copy of a")])
        broker.kill()
        began, threads = time.monotonic(), 0
        for _ in range(3):
            with pytest.raises(TransientError):
                log.publish_once("outbox", "2", [message(ENTRIES.name, "b")])
            with pytest.raises(TransientError):
                consumer.commit([message(ENTRIES.name, "never")])
            threads = threads or threading.active_count()
        assert threading.active_count() <= threads + 1  # one may be about to end
        assert time.monotonic() - began < PATIENCE
        broker.start()
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            log.publish_once("outbox", "2", [message(ENTRIES.name, "b")])
            break
        except TransientError:
            assert time.monotonic() < deadline
    keys = [record.key for record in log.read(ENTRIES.name)]
    assert keys == [b"a", b"copy of a", b"b"]
    log.close()
