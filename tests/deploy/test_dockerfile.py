"""The image: linted, complete, without root, and with a health check that tells the truth."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from archwatch.telemetry.health import Health
from archwatch.telemetry.metrics import Metrics
from archwatch.telemetry.server import serve
from deploy.tools import run


@pytest.fixture(scope="module")
def dockerfile(root: Path) -> str:
    return (root / "Dockerfile").read_text()


@pytest.fixture(scope="module")
def probe(dockerfile: str) -> list[str]:
    found = re.search(r"^HEALTHCHECK .*\\\n\s+CMD (\[.*\])$", dockerfile, re.MULTILINE)
    assert found
    _python, *arguments = json.loads(found[1])
    return [sys.executable, *arguments]


def test_is_lint_free() -> None:
    done = run("hadolint", "Dockerfile")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("bad", "rule"),
    [
        ("FROM python\n", "DL3006"),
        ("FROM python:3.11-slim\nRUN pip install scikit-learn\n", "DL3013"),
        ("FROM python:3.11-slim\nUSER root\n", "DL3002"),
        ("FROM python:3.11-slim\nCMD archwatch run\n", "DL3025"),
    ],
)
def test_the_linter_hears_a_mistake(tmp_path: Path, bad: str, rule: str) -> None:
    (tmp_path / "Dockerfile").write_text(bad)
    done = run("hadolint", tmp_path / "Dockerfile")
    assert done.returncode == 1
    assert rule in done.stdout


def test_all_that_is_copied_is_there_and_reaches_the_builder(root: Path, dockerfile: str) -> None:
    lines = re.findall(r"^COPY (?!--from)(.+)$", dockerfile, re.MULTILINE)
    sources = {source for line in lines for source in line.split()[:-1]}
    assert {"services", "config", "models", "seeds", "requirements.lock"} <= sources
    let_in = {line[1:] for line in (root / ".dockerignore").read_text().splitlines() if line[:1] == "!"}
    assert let_in == sources
    assert [source for source in sorted(sources) if not (root / source).exists()] == []


def test_nothing_is_installed_that_no_hash_vouches_for(dockerfile: str) -> None:
    installs = re.findall(r"pip install (.+)", dockerfile)
    assert installs
    assert all("--require-hashes" in i or "--no-deps --no-build-isolation" in i for i in installs)


def test_runs_as_a_numbered_user_that_is_not_root(dockerfile: str) -> None:
    users = re.findall(r"^USER (.+)$", dockerfile.rsplit("\nFROM ", 1)[1], re.MULTILINE)
    assert users
    assert all(re.fullmatch(r"[1-9]\d+:[1-9]\d+", user) for user in users)


def test_base_images_are_of_one_exact_version(dockerfile: str) -> None:
    bases = set(re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE))
    assert len(bases) == 1
    assert re.fullmatch(r"python:3\.11\.\d+-slim-\w+", bases.pop())


@pytest.mark.parametrize("state", ["well", "waits", "crashed"])
def test_health_check_follows_the_process(probe: list[str], state: str) -> None:
    health = Health()
    if state == "waits":  # for the broker, say: a restart would not help
        health.waits("classifier", "no broker")
    if state == "crashed":
        health.crashed("classifier", "a fault")
    with serve(Metrics(), health, host="127.0.0.1", port=0) as port:
        code = asked(probe, port)
    assert (code == 0) == (state != "crashed")


def test_health_check_fails_when_nobody_answers(probe: list[str]) -> None:
    with serve(Metrics(), Health(), host="127.0.0.1", port=0) as port:
        pass
    assert asked(probe, port) != 0


def asked(probe: list[str], port: int) -> int:
    environment = {"ARCHWATCH_HTTP__PORT": str(port)}
    done = subprocess.run(probe, env=environment, capture_output=True, timeout=30, check=False)
    return done.returncode
