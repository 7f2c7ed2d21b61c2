"""The dashboards drawn from their own queries: `python bench/pictures.py HOME [UNTIL]`.

HOME is what bench/watching.py left. Not Grafana, which cannot be had where archwatch is built: matplotlib, on
the places and with the queries of config/grafana/dashboards. *Pipeline* and *Feeds* come from some minutes of
all services over real feed documents, served on this machine. Numbers only: no text of a publisher is drawn.
"""

import json
import re
import sys
import tarfile
import threading
import time
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))
matplotlib.use("Agg")

from matplotlib import dates, pyplot  # noqa: E402
from matplotlib.axes import Axes  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402
from PIL import Image  # noqa: E402

from archwatch.bootstrap import SERVICES, assembled  # noqa: E402
from archwatch.settings import load_settings  # noqa: E402
from archwatch.supervisor import supervise  # noqa: E402
from archwatch.telemetry.health import Health  # noqa: E402
from archwatch.telemetry.logs import configure_logging  # noqa: E402
from archwatch.telemetry.metrics import Metrics  # noqa: E402
from archwatch.telemetry.server import serve  # noqa: E402
from commands import write_config  # noqa: E402
from local_web import running_web  # noqa: E402
from prometheus_server import Asking, prometheus  # noqa: E402

FEEDS = Path("/work/shared/data/feeds-real.tar.xz")
COLUMNS, INCH_A_ROW = 24, 0.3
LIVE_SECONDS = 100
DRAWN = "Drawn by bench/pictures.py from the dashboard's own queries: not Grafana"


def drawn(name: str, asking: Asking, start: float, end: float, step: float, rate: str, note: str) -> None:
    board = json.loads((ROOT / f"config/grafana/dashboards/{name}.json").read_text())
    panels = [panel for panel in board["panels"] if "expr" in panel["targets"][0]]
    rows = max(panel["gridPos"]["y"] + panel["gridPos"]["h"] for panel in panels)
    figure = pyplot.figure(figsize=(12, rows * INCH_A_ROW + 0.7), dpi=80)
    grid = figure.add_gridspec(
        rows, COLUMNS, left=0.02, right=0.99, top=1 - 0.6 / (rows * INCH_A_ROW), bottom=0.01
    )
    figure.suptitle(f"{board['title']}: {note}", fontsize=9, x=0.01, ha="left")
    for panel in panels:
        at = panel["gridPos"]
        axes = figure.add_subplot(grid[at["y"] : at["y"] + at["h"], at["x"] : at["x"] + at["w"]])
        found = [
            (_legend(target["legendFormat"], one["metric"]), one)
            for target in panel["targets"]
            for one in _answer(asking, panel, _filled(target["expr"], rate), start, end, step)
        ]
        {"stat": _stat, "timeseries": _lines}.get(panel["type"], _bars)(axes, found, panel)
        axes.set_title(panel["title"], fontsize=8, loc="left")
        inner = axes.get_position()
        left, low, room, tall = (0.055, 0.02, 0.075, 0.042) if panel["type"] != "stat" else (0, 0, 0.01, 0.02)
        left = 0.11 if panel["type"] in ("bargauge", "table") else left
        room = 0.12 if panel["type"] in ("bargauge", "table") else room
        axes.set_position((inner.x0 + left, inner.y0 + low, inner.width - room, inner.height - tall))
    file = ROOT / f"docs/pictures/{name}.png"
    _save(figure, file)
    pyplot.close(figure)
    print(f"{file.relative_to(ROOT)}: {file.stat().st_size / 1000:.0f} kB", flush=True)


def _save(figure: Figure, file: Path) -> None:
    """As PNG of 64 colours: half the size."""
    drawn = BytesIO()
    figure.savefig(drawn)
    Image.open(drawn).convert("RGB").quantize(64).save(file, optimize=True)


def _answer(
    asking: Asking, panel: dict[str, Any], asked: str, start: float, end: float, step: float
) -> list[dict[str, Any]]:
    return asking.over(asked, start, end, step) if panel["type"] == "timeseries" else asking.now(asked, end)


def _filled(asked: str, rate: str) -> str:
    return re.sub(r"\$(actor|topic|language)", ".*", asked).replace("$__rate_interval", rate)


def _legend(form: str, metric: dict[str, str]) -> str:
    return re.sub(r"\{\{(\w+)\}\}", lambda found: metric.get(found[1], ""), form)


def _shown(value: float, unit: str) -> str:
    if unit == "percentunit":
        return f"{value:.0%}"
    number = f"{value:,.0f}" if value == round(value) or abs(value) >= 10 else f"{value:,.1f}"
    return number + (" s" if unit == "s" else "")


def _stat(axes: Axes, found: list[tuple[str, dict[str, Any]]], panel: dict[str, Any]) -> None:
    unit = panel["fieldConfig"]["defaults"].get("unit", "short")
    value = _shown(float(found[0][1]["value"][1]), unit) if found else "0"
    if panel["title"] == "Model in use" and found:
        value = found[0][0]
    axes.text(
        0.5, 0.45, value, ha="center", va="center", fontsize=17 if len(value) < 12 else 11, color="#2a7"
    )
    axes.set_axis_off()


def _bars(axes: Axes, found: list[tuple[str, dict[str, Any]]], panel: dict[str, Any]) -> None:
    values = [(name, float(one["value"][1])) for name, one in found]
    if panel["targets"][0].get("format") == "heatmap":
        values.sort(key=lambda one: float(one[0]))
        bars = [
            (name, v - below) for (name, v), (_, below) in zip(values, [("", 0.0), *values], strict=False)
        ]
    else:
        bars = [one for one in sorted(values, key=lambda one: -one[1]) if one[1] > 0][:14]
    if not bars:
        axes.text(0.5, 0.5, "none yet", ha="center", fontsize=8)
        axes.set_axis_off()
        return
    axes.barh(range(len(bars)), [value for _, value in bars], color="#5794f2")
    axes.set_yticks(range(len(bars)), [name for name, _ in bars], fontsize=6)
    axes.invert_yaxis()
    axes.tick_params(axis="x", labelsize=6)


def _lines(axes: Axes, found: list[tuple[str, dict[str, Any]]], panel: dict[str, Any]) -> None:
    strong = sorted(found, key=lambda one: -sum(abs(float(v)) for _, v in one[1]["values"] if v != "NaN"))[:8]
    for name, one in strong:
        times = [datetime.fromtimestamp(at, UTC) for at, _ in one["values"]]
        axes.plot(times, [float(value) for _, value in one["values"]], linewidth=0.9, label=name)  # type: ignore[arg-type]
    for step in panel["fieldConfig"]["defaults"].get("thresholds", {}).get("steps", []):
        if step["value"] is not None and strong:
            axes.axhline(step["value"], color=step["color"], linewidth=0.6, linestyle=":")
    if strong:
        axes.legend(fontsize=5.5, loc="upper left", ncols=2, framealpha=0.6)
        axes.xaxis.set_major_formatter(
            dates.ConciseDateFormatter(axes.xaxis.get_major_locator(), show_offset=False)  # type: ignore[no-untyped-call]
        )
    else:
        axes.text(0.5, 0.5, "none yet", ha="center", fontsize=8)
    axes.tick_params(labelsize=6)
    axes.grid(alpha=0.25)


def live(home: Path) -> None:
    """All services for some minutes over real feed documents, and over some that are broken or not there."""
    home.mkdir(parents=True, exist_ok=True)
    with running_web() as web, tarfile.open(FEEDS) as archive:
        bodies = [
            archive.extractfile(one).read()  # type: ignore[union-attr]
            for one in archive.getmembers()
            if one.isfile() and "benchmark_data" in one.name and one.size < 300_000
        ][:50]
        urls = [web.serve(f"/feed-{n:02}", body) for n, body in enumerate(bodies)]
        urls += [web.serve(f"/gone-{n}", status=404 + 6 * (n % 2)) for n in range(4)]
        urls += ["http://127.0.0.1:9/refused", "http://name.invalid/feed"]
        config = write_config(
            home,
            urls,
            polling={"interval": 40, "max_entries": 12},
            extractor={"full_text": "never"},
        )
        named = (home / "feeds.opml").read_text()
        for n, url in enumerate(urls):
            named = named.replace(f'text="{url}"', f'text="Outlet {n + 1}"')
        (home / "feeds.opml").write_text(named)
        settings = load_settings(config)
        metrics, health, stop = (
            Metrics(settings.watching.actors, settings.watching.languages),
            Health(),
            threading.Event(),
        )
        with (
            serve(metrics, health, host="127.0.0.1", port=0) as port,
            prometheus(home, [port], rules=False, pace="3s") as asking,
        ):
            start = time.time()
            with assembled(
                settings, SERVICES, state=home / "state", model=ROOT / "models", once=False,
                metrics=metrics, health=health, stop=stop,
            ) as running:  # fmt: skip
                supervise(running.parts, stop, health, seconds=LIVE_SECONDS)
            end = time.time()
            entries = metrics.value("archwatch_entries_total")
            stories = metrics.value("archwatch_stories_published_total")
            note = (
                f"{LIVE_SECONDS} s of all services over {len(bodies)} real feed documents "
                "(two cores shared with much else), "
                f"{entries:.0f} entries, {stories:.0f} stories.\n{DRAWN}"
            )
            for name in ("pipeline", "feeds"):
                drawn(name, asking, start, end, 2, "30s", note)


if __name__ == "__main__":
    configure_logging("error", "json")
    home = Path(sys.argv[1])
    (ROOT / "docs/pictures").mkdir(exist_ok=True)
    if "--past" not in sys.argv:
        live(home / f"live-{time.time():.0f}")
    _, end = json.loads((home / "times").read_text())
    if until := [argument for argument in sys.argv if argument.startswith("20")]:
        end = int(datetime.fromisoformat(until[0]).timestamp())
    with prometheus(home, rules=False) as asking:
        begins, ends = (datetime.fromtimestamp(at, UTC) for at in (end - 14 * 86_400, end))
        days = f"{begins:%d %B} to {ends:%d %B %Y} (days as published, hours drawn by lot)"
        note = f"replay of real items, {days}.\n{DRAWN}"
        for name in ("security-order", "model"):
            drawn(name, asking, end - 14 * 86_400, end - 1_800, 7_200, "1h", note)
