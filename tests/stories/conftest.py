"""Stories on both databases, and reports as the extractor gives them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from archwatch.store import Store, open_store
from postgres_server import postgres_database, postgres_url

__all__ = ["postgres_database", "postgres_url"]


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    here = request.param == "sqlite"
    url: str = f"sqlite:///{tmp_path}/store.db" if here else request.getfixturevalue("postgres_database")
    opened = open_store(url)
    yield opened
    opened.close()
