"""Runs the `archwatch` command as a user does: a process of its own."""

import json
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PATIENCE = 120.0
COMMAND = [sys.executable, "-c", "from archwatch.cli.main import main; main()"]


@dataclass(frozen=True)
class Ended:
    """How a command ended: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def records(self) -> list[dict[str, Any]]:
        """Standard output as JSON lines."""
        return [json.loads(line) for line in self.out.splitlines()]


def archwatch(*args: str | Path, stdin: str = "", env: Mapping[str, str] | None = None) -> Ended:
    """Run to its end, in the project's folder."""
    done = subprocess.run(
        [*COMMAND, *map(str, args)],
        input=stdin.encode("utf-8", "surrogateescape"),
        capture_output=True,
        cwd=ROOT,
        env=_environment(env),
        timeout=PATIENCE,
    )
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


class Running:
    """A command that runs until it is told to stop; its log lines can be awaited."""

    def __init__(self, *args: str | Path, env: Mapping[str, str] | None = None) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, *map(str, args)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env=_environment(env),
        )
        self.lines: deque[str] = deque(maxlen=2_000)
        self._came = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait_for(self, *parts: str) -> str:
        """The first line that holds all of `parts`; fails with the last lines if none comes in time."""

        def found() -> str | None:
            return next((line for line in self.lines if all(part in line for part in parts)), None)

        with self._came:
            self._came.wait_for(lambda: found() or not self._reader.is_alive(), PATIENCE)
            line = found()
        assert line, f"no line with {parts}; the last were:\n" + "\n".join([*self.lines][-15:])
        return line

    def stop(self) -> int:
        """SIGTERM; its exit code."""
        self.process.terminate()
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        assert self.process.stderr
        self.process.stderr.close()
        return code

    def _read(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            with self._came:
                self.lines.append(line.decode("utf-8", "replace").rstrip())
                self._came.notify_all()
        with self._came:
            self._came.notify_all()


def write_config(folder: Path, feeds: Sequence[str], **sections: Mapping[str, Any]) -> Path:
    """A folder with settings and the feed list `feeds` (URLs); the other lists are the shipped ones."""
    outlines = "".join(f'<outline type="rss" text="{url}" xmlUrl="{url}"/>' for url in feeds)
    (folder / "feeds.opml").write_text(f'<opml version="2.0"><head/><body>{outlines}</body></opml>')
    settings: dict[str, Any] = {
        "polling": {"feeds": "feeds.opml", "allow_private_hosts": ["127.0.0.1"]},
        "classifier": {"topics": str(ROOT / "config/topics.yaml")},
        "extractor": {"actors": str(ROOT / "config/actors.yaml"), "verbs": str(ROOT / "config/verbs.yaml")},
        "alerter": {"rules": str(ROOT / "config/alerts.yaml")},
        "http": {"enabled": False},
        "logging": {"format": "json"},
    }
    for name, section in sections.items():
        settings[name] = {**settings.get(name, {}), **section}
    path = folder / "archwatch.yaml"
    path.write_text(json.dumps(settings))  # JSON is YAML too
    return path


def _environment(extra: Mapping[str, str] | None) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("ARCHWATCH_")}
    return ours | dict(extra or {})
