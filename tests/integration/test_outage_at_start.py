"""A service that starts while the broker is away waits for it, says so, and then works."""

from pathlib import Path

from commands import Running, write_config
from kafka_broker import Broker


def test_a_service_that_starts_before_its_broker_waits_for_it(tmp_path: Path) -> None:
    (tmp_path / "kafka").mkdir()
    broker = Broker(tmp_path / "kafka")
    log = {"kind": "kafka", "bootstrap_servers": broker.address}
    running = Running(
        "alerter", "--config", write_config(tmp_path, [], log=log), "--state", tmp_path / "state"
    )
    try:
        running.wait_for('"waiting"', broker.address)
        broker.start()
        running.wait_for('"joined"')
    finally:
        assert running.stop() == 0
        broker.stop()
