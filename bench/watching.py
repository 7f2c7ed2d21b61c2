"""The dashboards and alerts over real news: `python bench/watching.py` (about a quarter of an hour).

Sixty days of real items pass the real judge and coder at the days they were published; what would have been
scraped goes to a real Prometheus, which works out our recordings. Then every panel is asked, and each alert
how often it would have fired in the last thirty days. The data give days, no hours: those are drawn, most
of them at noon.
"""

import gzip
import hashlib
import json
import logging
import pickle
import re
import sys
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
from ruamel.yaml import YAML

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from archwatch.contracts.entry import Entry  # noqa: E402
from archwatch.scheduler.items import read_item  # noqa: E402
from archwatch.settings import load_settings  # noqa: E402
from archwatch.telemetry.metrics import Metrics  # noqa: E402
from past import put_scraped, scraped  # noqa: E402
from prometheus_server import Asking, prometheus, record  # noqa: E402
from replayed import tellings  # noqa: E402

DATA = Path("/work/shared/data/unlabelled.jsonl.gz")
STEP = 900
DAY = 86_400
SMALL = 20  # outlets with fewer items in all go by one name: a feed list has no thousand outlets


def items(first: date, days: int) -> list[Entry]:
    """Real items of `days` from `first` on, as if fetched at the next quarter hour, in that order."""
    rows = []
    with gzip.open(DATA) as lines:
        for line in lines:
            row = json.loads(line)
            try:
                day = date.fromisoformat(row["published"][:10])
            except ValueError:
                continue
            if first <= day < first + timedelta(days):
                rows.append((day, row))
    often = Counter(row["source"] for _, row in rows)
    return sorted(
        (_entry(day, row, often[row["source"]] >= SMALL) for day, row in rows),
        key=lambda entry: entry.fetched_at,
    )


def _entry(day: date, row: dict[str, str], own: bool) -> Entry:
    drawn = hashlib.sha256(row["id"].encode()).digest()
    # the sum of two even draws: most at noon, few at midnight
    second = (int.from_bytes(drawn[:4]) + int.from_bytes(drawn[4:8])) * 43_200 // 2**32
    published = datetime.combine(day, datetime.min.time(), UTC) + timedelta(seconds=second)
    fetched = datetime.fromtimestamp((published.timestamp() // STEP + 1) * STEP, UTC)
    entry = read_item(json.dumps(row), place=row["id"], fetched_at=fetched)
    source = entry.source if own else "other outlets"
    return entry.model_copy(update={"published_at": published, "source": source})


def replay(first: date, days: int, file: Path) -> None:
    """What would have been scraped, kept in `file`."""
    found = items(first, days)
    print(f"{len(found)} items of {days} days from {first}", flush=True)
    settings = load_settings(ROOT / "config/archwatch.yaml")
    metrics = Metrics(settings.watching.actors, settings.watching.languages)
    start = int(datetime.combine(first, datetime.min.time(), UTC).timestamp())
    began = time.monotonic()
    told = list(tellings(found, settings, ROOT / "models", metrics))
    print(f"judged and coded in {time.monotonic() - began:.0f} s", flush=True)
    series = scraped(metrics.registry, told, start, STEP, start + days * 86_400)
    print(
        f"{len(series)} series, {metrics.total('archwatch_stories_published_total'):.0f} stories", flush=True
    )
    file.write_bytes(pickle.dumps((start, days, series)))


def stored(file: Path, home: Path) -> tuple[int, int]:
    """The series of `file` and our recordings in the storage of a Prometheus; first and last second."""
    start, days, series = pickle.loads(file.read_bytes())
    end = start + days * DAY
    put_scraped(series, start, STEP, home / "tsdb")
    rules = rules_of("recording.yml")
    began = time.monotonic()
    record(home, rules, start, STEP * 2, end)
    print(f"recorded in {time.monotonic() - began:.0f} s", flush=True)
    return start, end


def rules_of(name: str) -> list[dict[str, Any]]:
    groups = YAML(typ="safe").load(ROOT / "config/prometheus" / name)["groups"]
    return [rule for group in groups for rule in group["rules"]]


def fired(asking: Asking, rule: dict[str, Any], start: int, end: int) -> dict[str, list[float]]:
    """When an alert began to fire, by its labels, looked at each half hour."""
    step = STEP * 2
    waits, holds = _seconds(rule.get("for", "0m")), _seconds(rule.get("keep_firing_for", "0m"))
    found = {}
    for series in asking.over(rule["expr"], start, end, step):
        began, before, on = 0.0, 0.0, False
        moments = []
        for moment, _ in series["values"]:
            if moment - before > step + (holds if on else 0):
                began, on = moment, False
            before = moment
            if not on and moment - began >= waits:
                on = True
                moments.append(moment)
        if moments:
            found[" ".join(f"{v}" for k, v in sorted(series["metric"].items()) if k != "__name__")] = moments
    return found


def _seconds(time: str) -> int:
    return {"m": 60, "h": 3_600}[time[-1]] * int(time[:-1])


def alerts(asking: Asking, start: int, end: int) -> None:
    for rule in rules_of("rules.yml"):
        times = fired(asking, rule, start, end)
        days = Counter(datetime.fromtimestamp(at, UTC).date() for moments in times.values() for at in moments)
        most = max(days.values(), default=0)
        print(f"{rule['alert']:28} {sum(days.values()):4} in {len(days):2} days, most {most}")
        for labels, moments in sorted(times.items(), key=lambda one: -len(one[1]))[:12]:
            began = ", ".join(f"{datetime.fromtimestamp(at, UTC):%m-%d %H}h" for at in moments[:8])
            print(f"    {labels}: {began}")


def panels(asking: Asking, at: int) -> None:
    for file in sorted((ROOT / "config/grafana/dashboards").glob("*.json")):
        for panel in json.loads(file.read_text())["panels"]:
            for target in panel["targets"]:
                if "expr" in target:
                    asked = re.sub(r"\$(actor|topic|language)", ".*", target["expr"])
                    found = asking.now(asked.replace("$__rate_interval", "1h"), at)
                    print(f"{file.stem:15} {panel['title'][:40]:40} {len(found):4} series")


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    first, days, home = date.fromisoformat(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    home.mkdir(parents=True, exist_ok=True)
    if not (home / "scraped").exists():
        replay(first, days, home / "scraped")
    if not (home / "times").exists():
        (home / "times").write_text(json.dumps(stored(home / "scraped", home)))
    start, end = json.loads((home / "times").read_text())
    with prometheus(home, rules=False) as asking:
        panels(asking, end - STEP * 2)
        alerts(asking, end - 30 * DAY, end)
