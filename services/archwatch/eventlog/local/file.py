"""The SQLite file of the embedded log: its tables, and what it means when it cannot be opened."""

import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from archwatch.errors import BadInput, TransientError

MAX_MESSAGE_BYTES: Final = 10_000_000

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS topics (name TEXT PRIMARY KEY, next INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS records (
  topic TEXT NOT NULL, offset INTEGER NOT NULL, key BLOB, value BLOB NOT NULL,
  headers TEXT NOT NULL, timestamp REAL NOT NULL,
  PRIMARY KEY (topic, offset)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS positions (
  grp TEXT NOT NULL, topic TEXT NOT NULL, next INTEGER NOT NULL, owner TEXT, expires REAL NOT NULL,
  PRIMARY KEY (grp, topic)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS outboxes (name TEXT PRIMARY KEY, batch TEXT NOT NULL) WITHOUT ROWID;
"""


def open_file(path: Path) -> sqlite3.Connection:
    """Raises BadInput, which names the mend, or TransientError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
    except (OSError, sqlite3.OperationalError) as error:
        raise BadInput(
            str(path), f"cannot be opened: {error}", mend="is the state folder writable?"
        ) from error
    try:
        db.execute("PRAGMA journal_mode = WAL")
        # a published message survives a power cut: FULL costs one fsync a batch
        db.execute("PRAGMA synchronous = FULL")
        db.executescript(_TABLES)
    except sqlite3.OperationalError as error:
        db.close()
        raise TransientError(f"{path}: {error}") from error
    except sqlite3.DatabaseError as error:
        db.close()
        raise not_a_log(path, error) from error
    return db


def not_a_log(path: Path, error: sqlite3.DatabaseError) -> BadInput:
    return BadInput(str(path), f"is no event log: {error}", mend="restore it, or move it away to begin anew")


def pack(headers: Mapping[str, bytes]) -> str:
    return json.dumps({name: value.decode("latin-1") for name, value in headers.items()})


def unpack(packed: str) -> dict[str, bytes]:
    return {name: value.encode("latin-1") for name, value in json.loads(packed).items()}
