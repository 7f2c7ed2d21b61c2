"""A fetcher that may reach the test's web, and a scheduler with it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from archwatch.scheduler.fetch import Fetcher
from archwatch.web.client import Client, Limits
from polling_bench import Bench


@pytest.fixture
def fetcher() -> Fetcher:
    limits = Limits(
        connect_timeout=2, read_timeout=2, total_timeout=5, max_body_bytes=100_000, max_redirects=5
    )
    return Fetcher(
        Client(limits, user_agent="archwatch-test/1 (+mailto:us)", allow_private_hosts=["127.0.0.1"])
    )


@pytest.fixture
def bench(tmp_path: Path, fetcher: Fetcher) -> Iterator[Bench]:
    made = Bench(tmp_path, fetcher)
    yield made
    made.close()
