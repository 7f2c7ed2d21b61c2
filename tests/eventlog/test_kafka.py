"""What only Kafka can do wrong: be away, be set up otherwise, hold foreign messages."""

import shlex
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from kafka import KafkaProducer

from archwatch.contracts.topics import ENTRIES
from archwatch.errors import TransientError
from archwatch.eventlog.kafka import KafkaLog
from kafka_broker import configs_tool, free_ports
from log_workers import message, take


@pytest.fixture
def log(kafka_address: str) -> Iterator[KafkaLog]:
    log = KafkaLog(kafka_address, session_seconds=6)
    yield log
    log.close()


def test_a_broker_that_is_away_is_named() -> None:
    address = f"127.0.0.1:{free_ports(1)[0]}"
    log = KafkaLog(address, timeout_seconds=1)
    with pytest.raises(TransientError, match=address):
        log.append([message("t", "k")])
    with pytest.raises(TransientError, match=address), log.consume("g", "t"):
        pass


def test_a_topic_that_is_not_there_is_named(log: KafkaLog) -> None:
    with pytest.raises(TransientError, match="topic nowhere is not there"):
        log.read("nowhere")


def test_a_topic_set_up_otherwise_is_reported_with_the_command_that_mends_it(
    kafka_address: str, log: KafkaLog, tmp_path: Path
) -> None:
    topic = replace(ENTRIES, name=f"test.{uuid.uuid4().hex}")
    log.ensure_topics([topic])
    other = replace(topic, retention_hours=None)
    (line,) = log.ensure_topics([other])
    command = shlex.split(line.split("`")[1])
    assert command[:3] == ["kafka-configs.sh", "--bootstrap-server", kafka_address]
    configs_tool(command[1:], tmp_path)
    assert log.ensure_topics([other]) == []


def test_partitions_can_be_added_but_not_taken_away(kafka_address: str, log: KafkaLog) -> None:
    topic = replace(ENTRIES, name=f"test.{uuid.uuid4().hex}")
    log.ensure_topics([topic])
    lines = []
    for wanted in (2, 5):
        other = KafkaLog(kafka_address, partitions=wanted)
        lines += other.ensure_topics([topic])
        other.close()
    assert "set log.partitions to 3" in lines[0]
    tool = f"`kafka-topics.sh --bootstrap-server {kafka_address} --alter --topic {topic.name} --partitions 5`"
    assert tool in lines[1]


def test_more_copies_than_brokers_are_a_wait_and_name_the_setting(kafka_address: str) -> None:
    log = KafkaLog(kafka_address, replication=3)
    with pytest.raises(TransientError, match=r"log\.replication is 3, and 1 brokers are there"):
        log.ensure_topics([replace(ENTRIES, name=f"test.{uuid.uuid4().hex}")])
    log.close()


def test_what_was_aborted_is_never_seen(log: KafkaLog) -> None:
    topic = replace(ENTRIES, name=f"test.{uuid.uuid4().hex}")
    log.ensure_topics([topic])
    too_large = message(topic.name, "k", b"x" * 2_000_000)
    with pytest.raises(Exception, match=r"(?i)size|large"):
        log.append([message(topic.name, "k", "first of its batch"), too_large])
    log.append([message(topic.name, "k", "good")])
    assert [r.value for r in log.read(topic.name)] == [b"good"]
    with log.consume("g", topic.name) as consumer:
        assert [r.value for r in take(consumer, 1)] == [b"good"]


def test_a_foreign_message_without_a_key_is_read(kafka_address: str, log: KafkaLog) -> None:
    topic = replace(ENTRIES, name=f"test.{uuid.uuid4().hex}")
    log.ensure_topics([topic])
    producer = KafkaProducer(bootstrap_servers=kafka_address)
    producer.send(topic.name, b"hello")
    producer.close()
    (record,) = log.read(topic.name)
    assert (record.key, record.value) == (None, b"hello")
