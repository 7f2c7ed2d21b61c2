"""The callback that hubs reach is there when it is configured, and only then."""

import socket
import threading
from pathlib import Path

import httpx
import pytest

from archwatch.bootstrap.subscribing import subscriber_of
from archwatch.errors import ConfigError
from archwatch.settings import Settings, WebSub
from archwatch.store import open_store


def test_a_configured_callback_listens_and_a_taken_port_is_said(tmp_path: Path) -> None:
    store, stop = open_store(f"sqlite:///{tmp_path}/store.db"), threading.Event()
    with subscriber_of(Settings(), store, stop) as none:
        assert none is None
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        settings = Settings(websub=WebSub(callback="https://news.example/websub", port=port))
        with pytest.raises(ConfigError, match=r"websub\.port"), subscriber_of(settings, store, stop):
            pass
    with subscriber_of(settings, store, stop) as subscriber:
        assert subscriber is not None
        assert httpx.get(f"http://127.0.0.1:{port}/websub/nobody").status_code == 410
    store.close()
