"""Writes the four dashboards: `python config/grafana/build.py`. The panels are in panels.yaml.

Built with Grafana's own types (grafana-foundation-sdk, made from its published schema), so that a field that
Grafana does not know cannot be written.
"""

import json
from pathlib import Path
from typing import Any

import yaml
from grafana_foundation_sdk.builders import bargauge, prometheus, stat, table, timeseries
from grafana_foundation_sdk.builders.dashboard import (
    Dashboard,
    DashboardLink,
    QueryVariable,
    TextBoxVariable,
    ThresholdsConfig,
)
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models.dashboard import (
    DashboardLinkType,
    DataSourceRef,
    DynamicConfigValue,
    Threshold,
    ThresholdsMode,
    VariableOption,
    VariableRefresh,
)
from grafana_foundation_sdk.models.prometheus import PromQueryFormat

HERE = Path(__file__).parent
SOURCE = DataSourceRef(type_val="prometheus", uid="prometheus")
STORE = DataSourceRef(type_val="grafana-postgresql-datasource", uid="store")
KINDS: dict[str, Any] = {
    "stat": stat.Panel,
    "bargauge": bargauge.Panel,
    "table": table.Panel,
    "timeseries": timeseries.Panel,
}


def built(name: str, given: dict[str, Any]) -> str:
    """A dashboard as JSON text, one field a line."""
    board = (
        Dashboard(given["title"])
        .uid(f"archwatch-{name}")
        .description(given["description"])
        .tags(["archwatch"])
        .readonly()
        .refresh(given.get("refresh", "1m"))
        .time(given.get("from", "now-6h"), "now")
        .timezone("browser")
        .link(
            DashboardLink("archwatch").type(DashboardLinkType.DASHBOARDS).tags(["archwatch"]).keep_time(True)
        )
        .with_variable(TextBoxVariable("runbooks").label("Runbooks at").default_value("/docs/operations.md"))
    )
    for variable, metric in given.get("variables", {}).items():
        board = board.with_variable(
            QueryVariable(variable)
            .label(variable.capitalize())
            .datasource(SOURCE)
            .query({"query": f"label_values({metric}, {variable})", "refId": "A"})
            .refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
            .include_all(True)
            .all_value(".*")
            .multi(True)
            .current(VariableOption(True, "All", "$__all"))
        )
    for number, panel in enumerate(given["panels"], start=1):
        board = board.with_panel(_panel(number, panel))
    return json.dumps(board.build(), cls=JSONEncoder, indent=1, ensure_ascii=False) + "\n"


class _Sql(Dataquery):
    """A query of the state store: the SDK has no type of its own for PostgreSQL."""

    def __init__(self, asked: str) -> None:
        self.asked = asked

    def to_json(self) -> dict[str, Any]:
        return {"refId": "A", "datasource": STORE, "format": "table", "rawQuery": True, "rawSql": self.asked}

    def build(self) -> "_Sql":
        return self


def _panel(number: int, given: dict[str, Any]) -> Any:
    kind = given["kind"]
    steps = [Threshold(None, "green"), *(Threshold(v, c) for v, c in given.get("thresholds", {}).items())]
    panel = (
        KINDS[kind]()
        .id(number)
        .title(given["title"])
        .description(given["says"])
        .datasource(SOURCE)
        .span(given["width"])
        .height(4 if kind == "stat" else 9)
        .unit(given.get("unit", "short"))
        .thresholds(ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(steps))
        .no_value("0" if kind == "stat" else "none yet")
    )
    if anchor := given.get("runbook"):
        panel = panel.links([DashboardLink("What to do").url("${runbooks}#" + anchor).target_blank(True)])
    if board := given.get("leads_to"):
        link = DashboardLink("Look closer").url(f"/d/archwatch-{board}?${{__url_time_range}}")
        panel = panel.data_links([link])
    if asked := given.get("asks_store"):
        read = DynamicConfigValue(
            "links", [{"title": "Read", "url": "${__data.fields.url}", "targetBlank": True}]
        )
        return (
            panel.datasource(STORE)
            .with_target(_Sql(asked))
            .override_by_name("title", [read])
            .override_by_name("url", [DynamicConfigValue("custom.hidden", True)])
        )
    for letter, (legend, expression) in zip("ABCDE", given["asks"].items(), strict=False):
        query = (
            prometheus.Dataquery().ref_id(letter).expr(expression).legend_format(legend).datasource(SOURCE)
        )
        if "format" in given:  # `heatmap` puts the buckets of a histogram in order, each without those below
            query = query.format(PromQueryFormat(given["format"]))
        panel = panel.with_target(query.range().exemplar(True) if kind == "timeseries" else query.instant())
    return panel


if __name__ == "__main__":
    for name, given in yaml.safe_load((HERE / "panels.yaml").read_text(encoding="utf-8")).items():
        (HERE / "dashboards" / f"{name}.json").write_text(built(name, given), encoding="utf-8")
