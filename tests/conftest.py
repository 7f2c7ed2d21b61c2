"""What tests of several rooms ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from certificates import Certificates, made
from kafka_broker import Broker, running_broker
from local_web import Web, running_web


@pytest.fixture(scope="session")
def kafka_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """host:port of a real Apache Kafka, one for the whole session; use topics of your own name."""
    with running_broker(tmp_path_factory.mktemp("kafka")) as address:
        yield address


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return made(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def secured(tmp_path_factory: pytest.TempPathFactory, certificates: Certificates) -> Iterator[Broker]:
    """A real Apache Kafka of our own that listens with TLS and SASL, one for the whole session."""
    broker = Broker(tmp_path_factory.mktemp("secured"), certificates)
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's folder."""
    return Path(__file__).parent.parent


@pytest.fixture
def web() -> Iterator[Web]:
    """A web server on loopback whose pages the test writes."""
    with running_web() as running:
        yield running
