"""A real Prometheus (Debian's) for tests and measurements."""

import json
import re
import socket
import subprocess
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import past

RULES = Path(__file__).parent.parent / "config/prometheus/recording.yml"


@dataclass(frozen=True)
class Asking:
    """What can be asked of a server that runs."""

    address: str

    def now(self, expression: str, at: float | None = None) -> list[dict[str, Any]]:
        """The samples of an expression, now or at a Unix time."""
        return self._ask("query", {"query": expression} | ({"time": str(at)} if at else {}))

    def over(self, expression: str, start: float, end: float, step: float) -> list[dict[str, Any]]:
        """The series of an expression over a time."""
        times = {"start": str(start), "end": str(end), "step": str(step)}
        return self._ask("query_range", {"query": expression} | times)

    def exemplars(self, expression: str, start: float, end: float) -> list[dict[str, str]]:
        """The labels of the exemplars of what an expression asks for."""
        times = {"start": str(start), "end": str(end)}
        found = self._ask("query_exemplars", {"query": expression} | times)
        return [one["labels"] for series in found for one in series["exemplars"]]

    def until(self, expression: str, seconds: float = 60) -> None:
        """Wait for an answer; raises TimeoutError when none comes."""
        end, pause = time.monotonic() + seconds, threading.Event()
        while time.monotonic() < end:
            try:
                if self.now(expression):
                    return
            except OSError:
                """It is not up yet."""
            pause.wait(0.2)
        raise TimeoutError(f"Prometheus has no answer to {expression}")

    def _ask(self, how: str, given: dict[str, str]) -> list[dict[str, Any]]:
        form = urllib.parse.urlencode(given).encode()
        with urllib.request.urlopen(f"http://{self.address}/api/v1/{how}", form, timeout=120) as answer:
            data = json.load(answer)["data"]
        found: list[dict[str, Any]] = data["result"] if isinstance(data, dict) else data
        return found


@contextmanager
def prometheus(
    home: Path, scraped: Sequence[int] = (), *, rules: bool = True, pace: str = "500ms"
) -> Iterator[Asking]:
    """A server on the storage `home`/tsdb that scrapes ports of this machine, with our recording rules, their
    pace quickened."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    quick = re.sub(r"interval: [25]m", "interval: 2s", RULES.read_text())
    (home / "recording.yml").write_text(quick)
    job = {"job_name": "archwatch", "static_configs": [{"targets": [f"127.0.0.1:{p}" for p in scraped]}]}
    times = {"scrape_interval": pace, "scrape_timeout": pace, "evaluation_interval": "1s"}
    files = ["recording.yml"] if rules else []
    config = {"global": times, "rule_files": files, "scrape_configs": [job]}
    (home / "prometheus.yml").write_text(json.dumps(config))
    storage = [f"--storage.tsdb.path={home}/tsdb", "--storage.tsdb.retention.time=50y"]
    storage.append("--enable-feature=exemplar-storage")
    command = ["prometheus", f"--config.file={home}/prometheus.yml", *storage]
    with (home / "log").open("w") as log:
        process = subprocess.Popen([*command, f"--web.listen-address={address}"], stdout=log, stderr=log)
    asking = Asking(address)
    try:
        asking.until("vector(1)")
        yield asking
    finally:
        process.terminate()
        process.wait(60)


def record(home: Path, rules: list[dict[str, Any]], start: int, step: int, end: int) -> None:
    """Add to the storage what recording rules would have recorded, asked of the server itself in turn."""
    for level in past.levels(rules):
        with prometheus(home, rules=False) as asking:
            found = [(rule["record"], asking.over(rule["expr"], start, end, step)) for rule in level]
        past.put(
            past.openmetrics(
                (name, {k: v for k, v in one["metric"].items() if k != "__name__"}, one["values"])
                for name, series in found
                for one in series
            ),
            home / "tsdb",
        )
