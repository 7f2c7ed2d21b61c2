"""A connection to the database: how it is opened, and what it means when it is away."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from archwatch.errors import ConfigError, TransientError

READ_ONLY: Final = "archwatch_read_only"
_DRIVERS: Final = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
_WAIT_SECONDS: Final = 30
# what waiting may mend; any other OperationalError of SQLite is a fault of ours
_SQLITE_AWAY: Final = ("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_FULL",
                       "SQLITE_READONLY", "SQLITE_PROTOCOL")  # fmt: skip


def create(url: str, password: str | None) -> Engine:
    """An engine for `sqlite:///FILE` or `postgresql://...`. Raises ConfigError for any other URL."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        # the URL itself is not shown: it may hold a password
        raise ConfigError("store.url", "is no database URL", mend="as in config/archwatch.yaml") from None
    kind = parsed.get_backend_name()
    if kind not in _DRIVERS:
        raise ConfigError("store.url", f"{kind} is not supported", mend="use sqlite or postgresql")
    parsed = parsed.set(drivername=_DRIVERS[kind])
    if password is not None:
        parsed = parsed.set(password=password)
    if kind == "sqlite":
        if parsed.database:
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, connect_args={"timeout": _WAIT_SECONDS})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(parsed, pool_pre_ping=True, connect_args={"connect_timeout": 10})


@contextmanager
def transaction(engine: Engine, *, read_only: bool = False) -> Iterator[Connection]:
    """One transaction. Raises TransientError when the database is away or too busy."""
    where = engine.url.render_as_string(hide_password=True)
    try:
        with engine.execution_options(**{READ_ONLY: read_only}).begin() as connection:
            yield connection
    except (DBAPIError, PoolTimeout) as error:
        if _is_away(error):
            raise TransientError(f"store {where}: {_first_line(error)}") from error
        raise


def _is_away(error: DBAPIError | PoolTimeout) -> bool:
    if isinstance(error, PoolTimeout):
        return True
    if isinstance(error.orig, sqlite3.Error):
        return getattr(error.orig, "sqlite_errorname", "").startswith(_SQLITE_AWAY)
    return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)


def _first_line(error: DBAPIError | PoolTimeout) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    return (str(cause).splitlines() or [type(cause).__name__])[0]


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # sqlite3 would else begin transactions by itself, and only before the first write
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the lock at once: a reader that turns writer half-way is refused without waiting."""
    reading = connection.get_execution_options().get(READ_ONLY)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
