"""The panel of latest stories asks a real PostgreSQL as Grafana would, by the role that Grafana has."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Row, create_engine, text
from sqlalchemy.exc import DBAPIError

from archwatch.store import open_store
from archwatch.store.latest import StoryRow
from postgres_server import postgres_database, postgres_url

__all__ = ["postgres_database", "postgres_url"]

NOW = datetime.now(UTC)
ROW = StoryRow("s1", 1, NOW, "A bid", "what", None, "Wire", 1, "en", "enlargement order", "UKR NATO", 0.9)


@pytest.fixture
def reader(root: Path, postgres_database: str) -> Iterator[Connection]:
    """A connection as archwatch_reader: made first, as the image does: the table grants it its right."""
    owner = create_engine(postgres_database, isolation_level="AUTOCOMMIT")
    script = (root / "config/postgres/reader.sh").read_text()
    made = [line for line in script.splitlines() if line.startswith(("CREATE ROLE", "ALTER ROLE"))]
    with owner.connect() as connection:
        for line in made:
            connection.exec_driver_sql(line.replace(":'password'", "'secret'"))
        store = open_store(postgres_database)
        later = replace(
            ROW, story_id="s2", told_at=NOW + timedelta(seconds=1), topics="nuclear", actors="RUS"
        )
        old = replace(ROW, story_id="s3", told_at=NOW - timedelta(days=9))
        store.keep_latest([ROW, later, old, replace(ROW, story_id="s4", language=None, actors="")], NOW)
        store.close()
        connection.exec_driver_sql("SET ROLE archwatch_reader")
        yield connection
        connection.exec_driver_sql("RESET ROLE")
        connection.exec_driver_sql("DROP OWNED BY archwatch_reader")
        connection.exec_driver_sql("DROP ROLE archwatch_reader")
    owner.dispose()


@pytest.fixture(scope="module")
def asked(root: Path) -> str:
    board = json.loads((root / "config/grafana/dashboards/security-order.json").read_text())
    found = [t["rawSql"] for p in board["panels"] for t in p["targets"] if "rawSql" in t]
    assert len(found) == 1
    return str(found[0])


def rows(reader: Connection, asked: str, **chosen: str) -> list[Row[tuple[object, ...]]]:
    """The answer as Grafana would ask: its macro and its variables filled in; what is not chosen is `All`."""
    since = (NOW - timedelta(days=7)).isoformat()
    until = (NOW + timedelta(hours=1)).isoformat()
    asked = asked.replace("$__timeFilter(told_at)", f"told_at BETWEEN '{since}' AND '{until}'")
    for name in ("topic", "actor", "language"):
        asked = asked.replace(f"${{{name}:regex}}", chosen.get(name, ".*"))
    assert "$_" not in asked
    assert "${" not in asked
    return list(reader.execute(text(asked.replace(":", "\\:").replace("\\:\\:", "::"))))


def test_the_newest_come_first_with_their_titles(reader: Connection, asked: str) -> None:
    found = rows(reader, asked)
    assert [row.story for row in found] == ["s2", "s1", "s4"]
    assert found[1].title == "A bid"


@pytest.mark.parametrize(
    ("chosen", "stories"),
    [
        ({"topic": "(enlargement|nuclear)"}, ["s2", "s1", "s4"]),
        ({"topic": "order"}, ["s1", "s4"]),
        ({"topic": "ord"}, []),
        ({"actor": "NATO"}, ["s1"]),
        ({"language": "unknown"}, ["s4"]),
        ({"topic": "nuclear", "actor": "UKR"}, []),
    ],
)
def test_what_is_chosen_above_the_panel_is_shown(
    reader: Connection, asked: str, chosen: dict[str, str], stories: list[str]
) -> None:
    assert [row.story for row in rows(reader, asked, **chosen)] == stories


@pytest.mark.parametrize(
    "forbidden", ["SELECT * FROM feeds", "SELECT * FROM outbox", "DELETE FROM latest_stories"]
)
def test_the_role_may_do_nothing_else(reader: Connection, forbidden: str) -> None:
    with pytest.raises(DBAPIError, match=r"permission denied|read-only"):
        reader.exec_driver_sql(forbidden)
