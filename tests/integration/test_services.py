"""The services as processes of their own, on Apache Kafka and PostgreSQL."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaConsumer, KafkaProducer

from archwatch.contracts.topics import ENTRIES, EVENTS
from commands import ROOT, Running, archwatch, write_config
from kafka_broker import delete_topics
from postgres_server import postgres_database, postgres_url

__all__ = ["postgres_database", "postgres_url"]


@pytest.fixture
def settings(tmp_path: Path, kafka_address: str, postgres_database: str) -> Iterator[list[str | Path]]:
    delete_topics(kafka_address)
    config = write_config(
        tmp_path,
        [f"file:{ROOT}/seeds/feed.xml"],
        log={"kind": "kafka", "bootstrap_servers": kafka_address, "partitions": 2},
        store={"url": postgres_database},
    )
    yield ["--config", config, "--state", tmp_path / "state"]
    delete_topics(kafka_address)


def subscribe(address: str, count: int) -> list[dict[str, Any]]:
    """As a subscriber would, with nothing but kafka-python and the contract."""
    consumer = KafkaConsumer(
        EVENTS.name,
        bootstrap_servers=address,
        isolation_level="read_committed",
        auto_offset_reset="earliest",
        consumer_timeout_ms=60_000,
    )
    events = []
    for message in consumer:
        events.append(json.loads(message.value))
        assert dict(message.headers)["content-type"] == b"application/cloudevents+json"
        assert message.key.decode() == events[-1]["subject"]
        if len(events) == count:
            break
    consumer.close()
    return events


def test_an_entry_becomes_an_event_through_four_processes(
    settings: list[str | Path], kafka_address: str
) -> None:
    services = [Running(name, *settings) for name in ("extractor", "alerter", "classifier", "scheduler")]
    try:
        services[0].wait_for('"event_published"', "Geneva")
        producer = KafkaProducer(bootstrap_servers=kafka_address)
        producer.send(ENTRIES.name, b"no JSON at all", key=b"alien")
        producer.close()
        services[2].wait_for('"dead_letter"', "alien", "not_json")
        events = subscribe(kafka_address, 10)
        assert len({event["id"] for event in events}) == 10
        assert all(event["type"] == "archwatch.story.flagged.v1" for event in events)
        services[1].wait_for('"event": "alert"')
    finally:
        codes = [service.stop() for service in services]
    assert codes == [0, 0, 0, 0]

    told = archwatch("tail", "--json", "--from-beginning", "--no-follow", *settings)
    assert told.code == 0, told.err
    ids = [event["id"] for event in told.records]
    assert len(ids) == len(set(ids))
    assert {event["id"] for event in events} <= set(ids)


def test_one_process_on_kafka_drains_and_ends(settings: list[str | Path]) -> None:
    ran = archwatch("run", "--once", *settings)
    assert ran.code == 0, ran.err
    again = archwatch("run", "--once", *settings)
    assert again.code == 0, again.err
    assert "0 new entries" in again.err
    told = archwatch("tail", "--json", "--from-beginning", "--no-follow", *settings)
    assert len(told.records) > 10
