"""`make bench`: what the event log costs over a bare loop, on this machine.

Copies messages of 1 kB from one topic to another in batches, offsets and results committed together:
through our port on the local log, through our port on Apache Kafka (the broker of the tests), and by a
bare kafka-python consume-produce loop with the same transactions. Prints messages a second.
"""

import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from kafka import KafkaConsumer, KafkaProducer
from kafka.structs import OffsetAndMetadata, TopicPartition
from rich.console import Console
from rich.table import Table

from archwatch.contracts.envelope import LogMessage
from archwatch.contracts.topics import ENTRIES
from archwatch.eventlog.kafka import KafkaLog
from archwatch.eventlog.local import LocalLog
from archwatch.eventlog.port import EventLog

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from kafka_broker import running_broker

MESSAGES, BATCH, VALUE = 10_000, 200, b"x" * 1_000


def main() -> None:
    table = Table("log", "in (messages/s)", "copied (messages/s)")
    with tempfile.TemporaryDirectory() as folder:
        local = LocalLog(Path(folder) / "log.db")
        table.add_row("local (SQLite), our port", *_rates(local, partial(_copy, local)))
        local.close()
        (Path(folder) / "kafka").mkdir()
        with running_broker(Path(folder) / "kafka") as address:
            log = KafkaLog(address)
            table.add_row("Apache Kafka, our port", *_rates(log, partial(_copy, log)))
            table.add_row("Apache Kafka, bare kafka-python", *_rates(log, partial(_copy_bare, address)))
            log.close()
    Console().print(table)


def _rates(log: EventLog, copy: Callable[[str, str], None]) -> tuple[str, str]:
    source, target = (f"bench.{uuid.uuid4().hex}" for _ in range(2))
    log.ensure_topics([replace(ENTRIES, name=name) for name in (source, target)])
    started = time.perf_counter()
    for first in range(0, MESSAGES, BATCH):
        log.append([LogMessage(source, str(first + n), VALUE) for n in range(BATCH)])
    filled = time.perf_counter()
    copy(source, target)
    done = time.perf_counter()
    return f"{MESSAGES / (filled - started):,.0f}", f"{MESSAGES / (done - filled):,.0f}"


def _copy(log: EventLog, source: str, target: str) -> None:
    copied = 0
    with log.consume("bench", source) as consumer:
        while copied < MESSAGES:
            records = consumer.poll(BATCH, 1.0)
            if records:
                consumer.commit([LogMessage(target, (r.key or b"").decode(), r.value) for r in records])
                copied += len(records)


def _copy_bare(address: str, source: str, target: str) -> None:
    consumer: Any = KafkaConsumer(
        source,
        bootstrap_servers=address,
        group_id="bare",
        isolation_level="read_committed",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    producer: Any = KafkaProducer(bootstrap_servers=address, transactional_id=uuid.uuid4().hex)
    producer.init_transactions()
    copied = 0
    while copied < MESSAGES:
        polled = consumer.poll(timeout_ms=1_000, max_records=BATCH)
        if not polled:
            continue
        producer.begin_transaction()
        offsets: dict[TopicPartition, OffsetAndMetadata] = {}
        for partition, records in polled.items():
            for record in records:
                producer.send(target, record.value, key=record.key)
            offsets[partition] = OffsetAndMetadata(records[-1].offset + 1, "", -1)
            copied += len(records)
        producer.send_offsets_to_transaction(offsets, consumer.group_metadata())
        producer.commit_transaction()
    producer.close()
    consumer.close()


if __name__ == "__main__":
    main()
