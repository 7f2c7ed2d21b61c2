"""A fetcher that may reach the test's web."""

import pytest

from archwatch.scheduler.fetch import Fetcher
from archwatch.web.client import Client, Limits


@pytest.fixture
def fetcher() -> Fetcher:
    limits = Limits(
        connect_timeout=2, read_timeout=2, total_timeout=5, max_body_bytes=100_000, max_redirects=5
    )
    return Fetcher(
        Client(limits, user_agent="archwatch-test/1 (+mailto:us)", allow_private_hosts=["127.0.0.1"])
    )
