"""A store made by an earlier archwatch is brought up to date where it is, and nothing of it is lost."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text

from archwatch.contracts.envelope import LogMessage
from archwatch.errors import ConfigError
from archwatch.store import Found, engine, open_store
from archwatch.store.engine import transaction
from archwatch.store.tables import metadata
from archwatch.store.upgrading import HEAD, version

# as `create_all` of commit cf40065 made them, on either database
BASELINE = (Path(__file__).with_name("baseline.sql")).read_text()


@pytest.fixture
def old_store(store_url: str) -> Engine:
    """A store of that commit, with a feed, an entry seen, an alert, and a message that waits."""
    opened = engine.create(store_url, None)
    kind = opened.dialect.name
    with transaction(opened) as connection:
        for statement in BASELINE.split(f"-- {kind}\n")[1].split("-- end")[0].split(";\n"):
            if statement.strip():
                connection.execute(text(statement))
        blob = "x'ff00'" if kind == "sqlite" else "'\\xff00'::bytea"
        headers = "x'7b7d'" if kind == "sqlite" else "'\\x7b7d'::bytea"
        for row in (
            "INSERT INTO feeds (url, active, state, next_poll_at, failures) "
            "VALUES ('u', true, 'ok', '2026-03-04 12:00:00.000000', 2)",
            "INSERT INTO seen VALUES ('u', 'e1', 'hash', '2026-03-04 12:00:00.000000')",
            f"INSERT INTO outbox (topic, key, value, headers) VALUES ('t', 'k', {blob}, {headers})",
            "INSERT INTO raised_alerts VALUES ('a', '2026-03-04 12:00:00.000000')",
        ):
            connection.execute(text(row))
    return opened


def test_what_was_kept_is_there_after_the_upgrade(old_store: Engine, store_url: str) -> None:
    store = open_store(store_url)
    state = store.feed_state("u")
    assert state is not None
    assert (state.state, state.failures) == ("ok", 2)
    messages: list[LogMessage] = []
    store.drain_outbox(lambda _, batch: messages.extend(batch))
    assert messages == [LogMessage("t", "k", b"\xff\x00", {})]
    store.close()
    with transaction(old_store) as connection:
        assert connection.scalar(text("SELECT entry_id FROM seen")) == "e1"
        assert version(connection) == HEAD
    old_store.dispose()


def test_an_upgraded_store_is_as_a_new_one(old_store: Engine, store_url: str) -> None:
    """Fails when the tables change without a step: `python -m archwatch.store.migrations "what changed"`."""
    open_store(store_url).close()
    with transaction(old_store) as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    old_store.dispose()


def test_a_new_store_bears_the_mark_of_the_newest_step(store_url: str) -> None:
    for _ in range(2):
        open_store(store_url).close()
    opened = engine.create(store_url, None)
    with transaction(opened) as connection:
        assert version(connection) == HEAD
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    opened.dispose()


def test_a_store_of_a_newer_archwatch_is_refused(store_url: str) -> None:
    open_store(store_url).close()
    opened = engine.create(store_url, None)
    with transaction(opened) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    opened.dispose()
    with pytest.raises(ConfigError, match=r"9999.*upgrade archwatch"):
        open_store(store_url)


def test_a_batch_whose_publisher_died_comes_again_under_its_id(store_url: str) -> None:
    store = open_store(store_url)
    now = datetime(2026, 3, 4, tzinfo=UTC)
    store.record_found([Found("f", f"e{n}", "h", LogMessage("t", f"e{n}", b"")) for n in range(3)], now)
    handed: list[tuple[str, list[str]]] = []

    def dies(batch: str, messages: Sequence[LogMessage]) -> None:
        handed.append((batch, [m.key for m in messages]))
        if len(handed) == 1:
            raise RuntimeError("killed after it published, before it could tell")

    with pytest.raises(RuntimeError):
        store.drain_outbox(dies)
    store.record_found([Found("f", "later", "h", LogMessage("t", "later", b""))], now)
    assert store.drain_outbox(dies) == 4
    assert handed[1] == handed[0]
    assert handed[2][1] == ["later"]
    assert handed[2][0] != handed[0][0]
    store.close()
