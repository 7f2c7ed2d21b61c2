"""The panels ask a real Prometheus that knows four weeks of our own seed stories and scrapes a run over them.

An answer is a sample, whatever its value: over seconds some are 0 or no number.
"""

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard

from archwatch.bootstrap import assembled
from archwatch.configfile import read_yaml
from archwatch.scheduler.items import read_item
from archwatch.settings import Settings, load_settings
from archwatch.supervisor import supervise
from archwatch.telemetry.health import Health
from archwatch.telemetry.metrics import Metrics
from archwatch.telemetry.server import serve
from commands import write_config
from deploy.tools import anchors, load_yaml
from past import put_scraped, scraped
from prometheus_server import RULES, Asking, prometheus, record
from replayed import tellings

NAMES = ("security-order", "pipeline", "feeds", "model")
HOUR = 3_600


def boards(root: Path) -> dict[str, dict[str, Any]]:
    folder = root / "config/grafana/dashboards"
    return {name: json.loads((folder / f"{name}.json").read_text()) for name in NAMES}


def expressions(board: dict[str, Any]) -> list[str]:
    """What is asked of Prometheus; the one panel that asks the store has test_latest_stories.py."""
    return [t["expr"] for panel in board["panels"] for t in panel["targets"] if "expr" in t]


def four_weeks(root: Path, home: Path, settings: Settings) -> None:
    """The seed stories each quarter of a day for four weeks, up to a minute ago, and what is recorded."""
    metrics = Metrics(("USA", "RUS", "UKR", "NATO"), settings.watching.languages)
    now = datetime.now(UTC)
    seeds = [
        read_item(json.dumps(seed, default=str), place=seed["id"], fetched_at=now)
        for seed in read_yaml(root / "seeds/stories.yaml").data
    ]
    told = [tell for _, tell in tellings(seeds, settings, root / "models", metrics)]
    end = int(now.timestamp()) - 60
    start = (end // HOUR - 29 * 24) * HOUR
    times = range(start + HOUR, end, 6 * HOUR)
    series = scraped(metrics.registry, [(at, tell) for at in times for tell in told], start, HOUR // 2, end)
    put_scraped(series, start, HOUR // 2, home / "tsdb")
    rules = [rule for group in load_yaml(RULES)["groups"] for rule in group["rules"]]
    record(home, [rule for rule in rules if rule["record"].endswith(":increase1h")], start, HOUR, end)
    # looked back at from any minute of today, one and two weeks
    six_hours = [rule for rule in rules if rule["record"].endswith(":increase6h")]
    record(home, six_hours, end - 15 * 24 * HOUR, HOUR // 15, end - 6 * 24 * HOUR)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("prometheus")


@pytest.fixture(scope="module")
def ask(root: Path, home: Path) -> Iterator[Asking]:
    """A Prometheus that scrapes a process while the seed stories pass through all its stages."""
    settings = load_settings(write_config(home, [f"file:{root}/seeds/feed.xml"]))
    four_weeks(root, home, settings)
    metrics, health = Metrics(settings.watching.actors, settings.watching.languages), Health()
    with serve(metrics, health, host="127.0.0.1", port=0) as port, prometheus(home, [port]) as asking:
        asking.until('archwatch_pair_events_total{actor="RUS", instance=~".+"}')  # where increase() begins
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
        asking.until('sum(increase(archwatch_pair_events_total{instance=~".+"}[1d])) > 0')
        for expected in ("pair:archwatch_pair_events:surge", "language:archwatch_relevance_score:drift1d"):
            asking.until(expected)
        yield asking


def as_asked(expression: str) -> str:
    """Grafana's variables filled in: `All`, and a rate over enough of our quick scrapes."""
    filled = expression.replace("$__rate_interval", "5m")
    for variable in ("actor", "topic", "language"):
        filled = filled.replace(f"${variable}", ".*")
    return filled


def test_every_panel_gets_an_answer(root: Path, ask: Asking) -> None:
    empty = [
        (name, expression)
        for name, board in boards(root).items()
        for expression in expressions(board)
        if not ask.now(as_asked(expression))
    ]
    assert empty == []


def test_a_number_leads_to_a_story_that_is_told(ask: Asking, home: Path) -> None:
    now = time.time()
    found = ask.exemplars('archwatch_pair_events_total{actor="RUS"}', now - HOUR, now)
    with closing(sqlite3.connect(home / "state/store.db")) as store:
        told = {story_id for (story_id,) in store.execute("SELECT story_id FROM latest_stories")}
    assert len(told) > 10
    assert {labels["story_id"] for labels in found} & told


def test_a_panel_that_asks_for_what_is_not_there_is_seen(ask: Asking) -> None:
    assert ask.now(as_asked("sum(archwatch_no_such_total)")) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_dashboards_are_what_their_source_says_and_grafana_knows_every_field(
    root: Path, name: str
) -> None:
    board = boards(root)[name]
    read = Dashboard.from_json(board)
    assert json.loads(json.dumps(read, cls=JSONEncoder)) == board
    given = load_yaml(root / "config/grafana/panels.yaml")[name]
    assert [p["title"] for p in board["panels"]] == [p["title"] for p in given["panels"]]
    assert expressions(board) == [e for p in given["panels"] for e in p.get("asks", {}).values()]


def test_each_panel_says_what_it_means_and_its_runbook_is_there(root: Path) -> None:
    known = set(anchors(root / "docs/operations.md"))
    for board in boards(root).values():
        for panel in board["panels"]:
            assert panel["description"], panel["title"]
            for link in panel.get("links") or []:
                assert link["url"].split("#")[1] in known, link["url"]
