"""docker-compose.yml: valid, hardened, and of one mind with the settings, the image and .env.example."""

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from archwatch.settings import load_settings
from deploy.tools import run

OURS = ("scheduler", "classifier", "extractor", "alerter")


def problems(root: Path, compose: dict[str, Any]) -> list[str]:
    schema = json.loads((root / "tests/deploy/compose-spec.schema.json").read_text())
    return [error.message for error in Draft202012Validator(schema).iter_errors(compose)]


def test_is_a_compose_file(root: Path, compose: dict[str, Any]) -> None:
    assert problems(root, compose) == []


def test_the_schema_hears_a_misspelt_key(root: Path, compose: dict[str, Any]) -> None:
    broken = copy.deepcopy(compose)
    broken["services"]["kafka"]["heathcheck"] = broken["services"]["kafka"].pop("healthcheck")
    assert any("heathcheck" in problem for problem in problems(root, broken))


def lint(file: Path) -> tuple[int, str]:
    done = run("compose-lint", "check", "--config", "tests/deploy/compose-lint.yml", "--fail-on", "low", file)
    return done.returncode, done.stdout + done.stderr


def test_is_hardened(root: Path) -> None:
    code, said = lint(root / "docker-compose.yml")
    assert code == 0, said


@pytest.mark.parametrize(
    ("good", "bad", "rule"),
    [
        ("127.0.0.1:${GRAFANA_PORT", "${GRAFANA_PORT", "CL-0005"),
        ("POSTGRES_PASSWORD_FILE: /run/secrets/postgres_password", "POSTGRES_PASSWORD: hunter2", "CL-0020"),
        ("archwatch@postgres/", "archwatch:hunter2@postgres/", "CL-0021"),
        ("  cap_drop: [ALL]\n", "", "CL-0006"),
        ('  security_opt: ["no-new-privileges:true"]\n', "", "CL-0003"),
        ("postgres:17.6-bookworm", "postgres:latest", "CL-0004"),
        ("    user: postgres\n", "    user: root\n", "CL-0018"),
    ],
)
def test_a_hole_is_heard(root: Path, tmp_path: Path, good: str, bad: str, rule: str) -> None:
    text = (root / "docker-compose.yml").read_text()
    assert good in text
    file = tmp_path / "docker-compose.yml"
    file.write_text(text.replace(good, bad))
    code, said = lint(file)
    assert code != 0
    assert rule in said


def test_no_service_can_eat_the_machine(services: dict[str, dict[str, Any]]) -> None:
    for name, service in services.items():
        limits = service.get("deploy", {}).get("resources", {}).get("limits", {})
        assert {"cpus", "memory", "pids"} <= limits.keys(), name


def test_each_service_tells_its_health(root: Path, services: dict[str, dict[str, Any]]) -> None:
    image_tells = "\nHEALTHCHECK " in (root / "Dockerfile").read_text()
    for name, service in services.items():
        assert service.get("healthcheck", {}).get("test") or ("build" in service and image_tells), name


def test_a_service_waits_for_the_health_of_what_it_needs(services: dict[str, dict[str, Any]]) -> None:
    for name, service in services.items():
        for needed, how in service.get("depends_on", {}).items():
            assert how["condition"] == "service_healthy", name
            assert services[needed].get("healthcheck") or "build" in services[needed], (name, needed)
    assert all(services[name]["depends_on"].keys() == {"kafka", "postgres"} for name in OURS)


def test_what_must_last_is_on_a_volume(compose: dict[str, Any], services: dict[str, dict[str, Any]]) -> None:
    mounted = {v.split(":")[0] for s in services.values() for v in s.get("volumes", ()) if v[0] not in "./"}
    assert mounted == compose["volumes"].keys()


def test_every_mounted_file_is_there(root: Path, services: dict[str, dict[str, Any]]) -> None:
    sources = {v.split(":")[0] for s in services.values() for v in s.get("volumes", ()) if v.startswith("./")}
    assert sources
    assert [source for source in sources if not (root / source).exists()] == []


def test_secrets_are_files_that_git_and_the_image_do_not_take(root: Path, compose: dict[str, Any]) -> None:
    for secret in compose["secrets"].values():
        assert run("git", "check-ignore", "--quiet", secret["file"]).returncode == 0, secret["file"]
    assert (root / ".dockerignore").read_text().splitlines()[1] == "*"
    assert "!secrets" not in (root / ".dockerignore").read_text()


def test_every_choice_is_in_the_example_and_the_other_way_round(root: Path) -> None:
    asked = set(re.findall(r"\$\{(\w+)", (root / "docker-compose.yml").read_text()))
    offered = set(re.findall(r"^#?(\w+)=", (root / ".env.example").read_text(), re.MULTILINE))
    assert asked == offered


def plain(value: object, chosen: dict[str, str]) -> str:
    """A value as Compose fills it in: from .env, else the default."""
    return re.sub(r"\$\{(\w+)(?::-([^}]*)|:\?[^}]*)?\}", lambda m: chosen.get(m[1]) or m[2] or "", str(value))


@pytest.mark.parametrize("name", OURS)
def test_the_environment_is_one_that_archwatch_takes(
    root: Path, services: dict[str, dict[str, Any]], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    lines = (root / ".env.example").read_text().splitlines()
    chosen = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    for variable, value in services[name]["environment"].items():
        monkeypatch.setenv(variable, plain(value, chosen))
    settings = load_settings(root / "config/archwatch.yaml")
    assert (settings.log.kind, settings.log.bootstrap_servers) == ("kafka", "kafka:9092")
    assert settings.store.url == "postgresql+psycopg://archwatch@postgres/archwatch"
    assert str(settings.store.password_file) == "/run/secrets/postgres_password"
    assert "postgres_password" in services[name]["secrets"]


@pytest.mark.parametrize("name", OURS)
def test_the_command_is_one_that_archwatch_has(services: dict[str, dict[str, Any]], name: str) -> None:
    command, *options = services[name]["command"]
    assert command == name
    told = run("archwatch", command, "--help")
    assert told.returncode == 0, told.stderr
    assert all(option in told.stdout for option in options if option.startswith("--"))
