"""The panels ask a real Prometheus that scraped a run over items of our own.

An answer is a sample, whatever its value: over seconds some are 0 or no number. Panels over weeks are not
asked here.
"""

import json
import socket
import subprocess
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard

from archwatch.bootstrap import assembled
from archwatch.settings import load_settings
from archwatch.supervisor import supervise
from archwatch.telemetry.health import Health
from archwatch.telemetry.metrics import Metrics
from archwatch.telemetry.server import serve
from commands import write_config
from deploy.tools import load_yaml

NAMES = ("security-order", "pipeline", "feeds", "model")
Asked = Callable[[str], list[dict[str, Any]]]
# what needs weeks of history: test_monitoring.py sees that these recordings exist, the rule tests what they
# come to
WEEKS = ("surge", "drift1d", "mean7d", "sum7d")


def boards(root: Path) -> dict[str, dict[str, Any]]:
    folder = root / "config/grafana/dashboards"
    return {name: json.loads((folder / f"{name}.json").read_text()) for name in NAMES}


def expressions(board: dict[str, Any]) -> list[str]:
    return [target["expr"] for panel in board["panels"] for target in panel["targets"]]


@pytest.fixture(scope="module")
def ask(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    """Asks a real Prometheus that scrapes a process while the seed stories pass through all its stages."""
    home = tmp_path_factory.mktemp("prometheus")
    settings = load_settings(write_config(home, [f"file:{root}/seeds/feed.xml"]))
    metrics, health = Metrics(settings.watching.actors, settings.watching.languages), Health()
    with serve(metrics, health, host="127.0.0.1", port=0) as port, prometheus(root, home, port) as asked:
        until(asked, 'archwatch_pair_events_total{actor="RUS"}')  # the zeros that increase() begins at
        stop = threading.Event()
        with assembled(
            settings,
            ("scheduler", "classifier", "extractor", "alerter"),
            state=home / "state",
            model=root / "models",
            once=True,
            metrics=metrics,
            health=health,
            stop=stop,
        ) as running:
            supervise(running.parts, stop, health, seconds=120)
        until(asked, "sum(increase(archwatch_pair_events_total[1d])) > 0")
        until(asked, "sum(topic:archwatch_topics:increase1h)")
        yield asked


class prometheus:  # noqa: N801 - used as a `with` word
    """A real server with our rules, their pace quickened."""

    def __init__(self, root: Path, home: Path, scraped: int) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        rules = (root / "config/prometheus/recording.yml").read_text()
        (home / "recording.yml").write_text(rules.replace("interval: 2m", "interval: 1s"))
        job = {"job_name": "archwatch", "static_configs": [{"targets": [f"127.0.0.1:{scraped}"]}]}
        config = {
            "global": {"scrape_interval": "500ms", "scrape_timeout": "500ms", "evaluation_interval": "1s"},
            "rule_files": ["recording.yml"],
            "scrape_configs": [job],
        }
        (home / "prometheus.yml").write_text(json.dumps(config))
        self.home = home

    def __enter__(self) -> Asked:
        files = [f"--config.file={self.home}/prometheus.yml", f"--storage.tsdb.path={self.home}/tsdb"]
        address = f"127.0.0.1:{self.port}"
        with (self.home / "log").open("w") as log:
            command = ["prometheus", *files, f"--web.listen-address={address}"]
            self.process = subprocess.Popen(command, stdout=log, stderr=log)

        def asked(expression: str) -> list[dict[str, Any]]:
            url = f"http://{address}/api/v1/query?" + urllib.parse.urlencode({"query": expression})
            with urllib.request.urlopen(url, timeout=10) as answer:
                found: list[dict[str, Any]] = json.load(answer)["data"]["result"]
            return found

        return asked

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(20)


def until(asked: Asked, expression: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    pause = threading.Event()
    while time.monotonic() < end:
        try:
            if asked(expression):
                return
        except OSError:
            """Prometheus is not up yet."""
        pause.wait(0.2)
    pytest.fail(f"Prometheus has no answer to {expression}")


def as_asked(expression: str) -> str:
    """Grafana's variables filled in: `All`, and a rate over enough of our quick scrapes."""
    filled = expression.replace("$__rate_interval", "5m")
    for variable in ("actor", "topic", "language"):
        filled = filled.replace(f"${variable}", ".*")
    return filled


def test_every_panel_that_needs_no_weeks_gets_an_answer(root: Path, ask: Asked) -> None:
    empty = [
        (name, expression)
        for name, board in boards(root).items()
        for expression in expressions(board)
        if not any(word in expression for word in WEEKS) and not ask(as_asked(expression))
    ]
    assert empty == []


def test_a_panel_that_asks_for_what_is_not_there_is_seen(ask: Asked) -> None:
    assert ask(as_asked("sum(archwatch_no_such_total)")) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_dashboards_are_what_their_source_says_and_grafana_knows_every_field(
    root: Path, name: str
) -> None:
    board = boards(root)[name]
    read = Dashboard.from_json(board)
    assert json.loads(json.dumps(read, cls=JSONEncoder)) == board
    given = load_yaml(root / "config/grafana/panels.yaml")[name]
    assert [p["title"] for p in board["panels"]] == [p["title"] for p in given["panels"]]
    assert expressions(board) == [e for p in given["panels"] for e in p["asks"].values()]


def test_each_panel_says_what_it_means_and_its_runbook_is_there(root: Path) -> None:
    page = (root / "docs/operations.md").read_text().lower()
    for board in boards(root).values():
        for panel in board["panels"]:
            assert panel["description"], panel["title"]
            for link in panel.get("links") or []:
                heading = link["url"].split("#")[1].replace("-", " ")
                assert f"## {heading}" in page.replace("?", ""), link["url"]
