"""The short form of `make chaos`: each kind of fault once, then nothing is lost and nothing there twice."""

import os
from pathlib import Path

from chaos.chaos import Chaos, Plan, own_titles
from kafka_broker import Broker
from postgres_server import postgres_database, postgres_url

__all__ = ["postgres_database", "postgres_url"]


def test_whatever_dies_nothing_is_lost_and_nothing_there_twice(
    tmp_path: Path, postgres_database: str
) -> None:
    (tmp_path / "kafka").mkdir()
    broker = Broker(tmp_path / "kafka")
    broker.start()
    seed = int(os.environ.get("ARCHWATCH_TEST_SEED", "8"))
    plan = Plan(seed=seed, faults=4, gap=3, pause=17, away=2, patience=120)
    try:
        account = Chaos(tmp_path, broker, postgres_database, own_titles(400), plan).run()
    finally:
        broker.stop()
    assert account.lost == set()
    assert account.doubled == set()
    assert account.entries == account.expected_entries
    assert account.entries == account.events + account.not_flagged
    assert account.dead == 3
