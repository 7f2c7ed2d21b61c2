"""Prometheus, its alerts, Alertmanager and the dashboard: read by the real tools, over metrics that exist."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from archwatch.settings import Settings
from archwatch.telemetry.metrics import Metrics
from deploy.tools import ROOT, anchors, load_yaml, run

CASES = ("tests/deploy/rules_test.yml", "tests/deploy/rules_over_weeks_test.yml")
SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}


@pytest.fixture(scope="module")
def alerts(root: Path) -> list[dict[str, Any]]:
    return rules_of(root / "config/prometheus/rules.yml")


@pytest.fixture(scope="module")
def recordings(root: Path) -> list[dict[str, Any]]:
    return rules_of(root / "config/prometheus/recording.yml")


def rules_of(file: Path) -> list[dict[str, Any]]:
    return [rule for group in load_yaml(file)["groups"] for rule in group["rules"]]


@pytest.fixture(scope="module", params=["security-order", "pipeline", "feeds", "model"])
def dashboard(root: Path, request: pytest.FixtureRequest) -> dict[str, Any]:
    file = root / f"config/grafana/dashboards/{request.param}.json"
    found: dict[str, Any] = json.loads(file.read_text())
    return found


@pytest.mark.parametrize(
    ("tool", "verb", "file", "good", "bad"),
    [
        ("promtool", "check config", "config/prometheus/prometheus.yml", "names:", "nams:"),
        ("promtool", "check rules", "config/prometheus/rules.yml", "sum by (stage", "sum by [stage"),
        ("promtool", "check rules", "config/prometheus/recording.yml", "sum by (topic", "sum by [topic"),
        ("amtool", "check-config", "config/alertmanager/alertmanager.yml", "receiver: op", "receiver: np"),
    ],
)
def test_the_tool_takes_the_file_and_refuses_it_broken(
    root: Path, tmp_path: Path, tool: str, verb: str, file: str, good: str, bad: str
) -> None:
    done = run(tool, *verb.split(), file)
    assert done.returncode == 0, done.stdout + done.stderr
    text = (root / file).read_text()
    assert good in text
    (tmp_path / "broken.yml").write_text(text.replace(good, bad))
    for rules in ("rules.yml", "recording.yml"):
        (tmp_path / rules).write_text((root / "config/prometheus" / rules).read_text())
    assert run(tool, *verb.split(), tmp_path / "broken.yml").returncode != 0


@pytest.mark.parametrize("cases", CASES)
def test_alerts_fire_and_stay_quiet_as_meant(cases: str) -> None:
    done = run("promtool", "test", "rules", cases)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_rule_that_changes_its_mind_is_heard(root: Path, tmp_path: Path) -> None:
    rules = (root / "config/prometheus/rules.yml").read_text()
    cases = (root / "tests/deploy/rules_test.yml").read_text()
    (tmp_path / "rules.yml").write_text(rules.replace("> 1000", "> 100000"))
    (tmp_path / "cases.yml").write_text(cases.replace("../../config/prometheus/rules.yml", "rules.yml"))
    assert run("promtool", "test", "rules", tmp_path / "cases.yml").returncode != 0


def test_each_alert_has_a_case_that_fires_and_one_that_does_not(
    root: Path, alerts: list[dict[str, Any]]
) -> None:
    cases = [case for file in CASES for case in load_yaml(root / file)["tests"]]
    steps = [
        (case["alertname"], bool(case.get("exp_alerts"))) for t in cases for case in t["alert_rule_test"]
    ]
    assert set(steps) == {(alert["alert"], fires) for alert in alerts for fires in (True, False)}


def test_each_alert_says_what_to_do(root: Path, alerts: list[dict[str, Any]]) -> None:
    for alert in alerts:
        assert alert["labels"]["severity"] in ("critical", "warning", "info"), alert["alert"]
        assert {"summary", "description", "runbook_url"} <= alert["annotations"].keys()
        page, anchor = alert["annotations"]["runbook_url"].split("#")
        assert anchor in set(anchors(root / page)), alert["alert"]


@pytest.mark.parametrize(
    ("good", "bad"), [("archwatch_polls_total", "archwatch_polls"), ("# HELP", "# KEPT")]
)
def test_the_metrics_are_named_as_prometheus_wants(good: str, bad: str) -> None:
    metrics = Metrics(("RUS", "NATO"), ("en",))
    metrics.polls.labels("ok").inc()
    text = metrics.exposition().decode()
    assert good in text
    for exposed, fine in ((text, True), (text.replace(good, bad), False)):
        command = ["promtool", "check", "metrics"]
        done = subprocess.run(command, input=exposed, capture_output=True, text=True, cwd=ROOT, check=False)
        assert (done.returncode == 0) == fine, done.stdout + done.stderr


def queries(dashboard: dict[str, Any]) -> list[str]:
    return [t["expr"] for panel in dashboard["panels"] for t in panel["targets"] if "expr" in t]


def test_only_metrics_that_we_have_are_asked_for(
    root: Path, alerts: list[dict[str, Any]], recordings: list[dict[str, Any]]
) -> None:
    ours = {
        family.name + suffix for family in Metrics().registry.collect() for suffix in SUFFIXES[family.type]
    } | {rule["record"] for rule in recordings}
    every_query = [
        query
        for file in (root / "config/grafana/dashboards").glob("*.json")
        for query in queries(json.loads(file.read_text()))
    ]
    asked = {
        name
        for expression in [*every_query, *(rule["expr"] for rule in (*alerts, *recordings))]
        for name in re.findall(r"(?:\b[a-z]+:)?archwatch[_:]\w+(?::\w+)?", expression)
    }
    assert asked - ours == set()
    assert len(asked) > 12


def as_rules(expressions: list[str], file: Path) -> Path:
    """Each query as a recording rule, so that promtool reads it; `$__rate_interval` is Grafana's."""
    rules = [
        {"record": f"panel:{number}", "expr": expression.replace("$__rate_interval", "1m")}
        for number, expression in enumerate(expressions)
    ]
    file.write_text(json.dumps({"groups": [{"name": "panels", "rules": rules}]}))
    return file


def test_every_panel_asks_in_good_promql(tmp_path: Path, dashboard: dict[str, Any]) -> None:
    done = run("promtool", "check", "rules", as_rules(queries(dashboard), tmp_path / "panels.yml"))
    assert done.returncode == 0, done.stdout + done.stderr
    broken = as_rules(["sum by (state (archwatch_feeds)"], tmp_path / "broken.yml")
    assert run("promtool", "check", "rules", broken).returncode != 0


def test_the_dashboard_finds_its_data(root: Path, dashboard: dict[str, Any]) -> None:
    files = (root / "config/grafana/provisioning/datasources").glob("*.yml")
    known = {(one["type"], one["uid"]) for file in files for one in load_yaml(file)["datasources"]}
    targets = [target for panel in dashboard["panels"] for target in panel["targets"]]
    assert {(target["datasource"]["type"], target["datasource"]["uid"]) for target in targets} <= known
    identities = [panel["id"] for panel in dashboard["panels"]]
    assert len(set(identities)) == len(identities)
    assert all(panel["title"] for panel in dashboard["panels"])


def test_panels_do_not_lie_on_each_other(dashboard: dict[str, Any]) -> None:
    cells = [
        (x, y)
        for panel in dashboard["panels"]
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24


def test_the_provisioned_folder_is_where_compose_mounts_it(
    root: Path, services: dict[str, dict[str, Any]]
) -> None:
    provider = load_yaml(root / "config/grafana/provisioning/dashboards/archwatch.yml")["providers"][0]
    mounts = dict(volume.split(":")[:2] for volume in services["grafana"]["volumes"])
    assert mounts["./config/grafana/dashboards"] == provider["options"]["path"]


def test_prometheus_scrapes_every_service_of_ours_where_it_answers(
    root: Path, services: dict[str, dict[str, Any]], alerts: list[dict[str, Any]]
) -> None:
    ours = {name for name, service in services.items() if "build" in service}
    jobs = load_yaml(root / "config/prometheus/prometheus.yml")["scrape_configs"]
    found = jobs[0]["dns_sd_configs"][0]
    assert set(found["names"]) == ours
    port = Settings.model_fields["http"].get_default().port
    assert found["port"] == port
    assert f"EXPOSE {port}\n" in (root / "Dockerfile").read_text()
    missing = next(alert["expr"] for alert in alerts if alert["alert"] == "ArchwatchServiceMissing")
    assert set(re.findall(r'service="(\w+)"', missing)) == ours
