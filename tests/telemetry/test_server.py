"""Prometheus and a supervisor can ask a process how it is."""

import json
import socket

import httpx
import pytest

from archwatch.errors import ConfigError
from archwatch.telemetry.health import Health
from archwatch.telemetry.metrics import Metrics
from archwatch.telemetry.server import serve


def test_metrics_are_served() -> None:
    metrics = Metrics()
    metrics.entries.inc(3)
    with serve(metrics, Health(), host="127.0.0.1", port=0) as port:
        answer = httpx.get(f"http://127.0.0.1:{port}/metrics")
    assert answer.status_code == 200
    assert "archwatch_entries_total 3.0" in answer.text


def test_a_waiting_part_is_alive_but_not_ready() -> None:
    health = Health()
    with serve(Metrics(), health, host="127.0.0.1", port=0) as port:
        at = f"http://127.0.0.1:{port}"
        assert httpx.get(f"{at}/ready").status_code == 200
        health.waits("classifier", "the broker is away")
        assert httpx.get(f"{at}/health").status_code == 200
        answer = httpx.get(f"{at}/ready")
        assert answer.status_code == 503
        assert answer.json() == {"ok": False, "problems": {"classifier": "the broker is away"}}
        health.ready("classifier")
        assert httpx.get(f"{at}/ready").status_code == 200


def test_a_crashed_part_is_not_alive() -> None:
    health = Health()
    health.crashed("extractor", "KeyError")
    with serve(Metrics(), health, host="127.0.0.1", port=0) as port:
        answer = httpx.get(f"http://127.0.0.1:{port}/health")
    assert answer.status_code == 503
    assert json.loads(answer.text)["problems"] == {"extractor": "KeyError"}


def test_another_path_says_what_there_is() -> None:
    with serve(Metrics(), Health(), host="127.0.0.1", port=0) as port:
        answer = httpx.get(f"http://127.0.0.1:{port}/")
    assert answer.status_code == 404
    assert "/metrics" in answer.text


def test_a_taken_port_is_named_with_the_mend() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with (
            pytest.raises(ConfigError, match=f"{port}: cannot listen.*http.port"),
            serve(Metrics(), Health(), host="127.0.0.1", port=port),
        ):
            pass
