"""tests/system-packages says what is missing where it may not install."""

import subprocess
from pathlib import Path


def test_says_what_to_install_and_fails(root: Path, tmp_path: Path) -> None:
    path = programs(tmp_path, {"id": "echo 1000"})
    done = execute(root, path)
    assert done.returncode == 1
    assert "apt-get install --no-install-recommends prometheus prometheus-alertmanager" in done.stderr


def test_is_silent_when_all_is_there(root: Path, tmp_path: Path) -> None:
    path = programs(tmp_path, {"promtool": "exit 0", "amtool": "exit 0", "postgres": "exit 0"})
    done = execute(root, path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def programs(folder: Path, bodies: dict[str, str]) -> Path:
    """A folder of programs that stand in for the system's: the test must not install anything."""
    for name, body in bodies.items():
        (folder / name).write_text(f"#!/bin/sh\n{body}\n")
        (folder / name).chmod(0o755)
    return folder


def execute(root: Path, path: Path) -> "subprocess.CompletedProcess[str]":
    script = ["/bin/sh", str(root / "tests/system-packages")]
    return subprocess.run(
        script, env={"PATH": str(path)}, capture_output=True, text=True, check=False, timeout=30
    )
