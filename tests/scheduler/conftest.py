"""A web, and a fetcher that may reach it."""

from collections.abc import Iterator

import pytest

from archwatch.scheduler.fetch import Fetcher, Limits
from local_web import Web, running_web


@pytest.fixture
def web() -> Iterator[Web]:
    with running_web() as running:
        yield running


@pytest.fixture
def fetcher() -> Fetcher:
    limits = Limits(
        connect_timeout=2, read_timeout=2, total_timeout=5, max_body_bytes=100_000, max_redirects=5
    )
    return Fetcher(limits, user_agent="archwatch-test/1 (+mailto:us)", allow_private_hosts=["127.0.0.1"])
