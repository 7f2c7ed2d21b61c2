"""`make chaos`: 50 faults and more, over the headlines of FILE... (JSON lines with `title`), or our own.

python tests/chaos/long_run.py --seed 8 --faults 50 --items 20000 FILE..."
"""

import argparse
import gzip
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url

from chaos.chaos import Chaos, Plan, own_titles
from kafka_broker import Broker
from postgres_server import running_server


def titles_of(files: list[Path], count: int) -> list[str]:
    """The first so many different titles; our own, numbered, where there are not enough."""
    found: dict[str, None] = {}
    for path in files:
        with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as lines:
            for line in lines:
                item = json.loads(line)
                if title := " ".join(str(item.get("title") or "").split()):
                    found[title] = None
    return [*found, *own_titles(max(0, count - len(found)))][:count]


@contextmanager
def database() -> Iterator[str]:
    with running_server() as url:
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql("CREATE DATABASE chaos")
        engine.dispose()
        yield make_url(url).set(database="chaos").render_as_string(hide_password=False)


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("--seed", type=int, default=8)
    asked.add_argument("--faults", type=int, default=50)
    asked.add_argument("--items", type=int, default=20_000)
    asked.add_argument("files", nargs="*", type=Path)
    wanted = asked.parse_args()
    plan = Plan(wanted.seed, wanted.faults, gap=10, pause=40, away=5, patience=3_600)
    with tempfile.TemporaryDirectory() as folder, database() as url:
        (Path(folder) / "kafka").mkdir()
        broker = Broker(Path(folder) / "kafka")
        broker.start()
        try:
            account = Chaos(Path(folder), broker, url, titles_of(wanted.files, wanted.items), plan).run()
        finally:
            broker.stop()
    sys.stdout.write(account.table() + "\n")
    return int(bool(account.lost or account.doubled) or account.entries != account.expected_entries)


if __name__ == "__main__":
    sys.exit(main())
