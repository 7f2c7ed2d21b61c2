"""What tests of several rooms ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kafka_broker import running_broker
from local_web import Web, running_web


@pytest.fixture(scope="session")
def kafka_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """host:port of a real Apache Kafka, one for the whole session; use topics of your own name."""
    with running_broker(tmp_path_factory.mktemp("kafka")) as address:
        yield address


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return Path(__file__).parent.parent


@pytest.fixture
def web() -> Iterator[Web]:
    """A web server on loopback whose pages the test writes."""
    with running_web() as running:
        yield running
