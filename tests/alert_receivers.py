"""Who is told in tests: Debian's real Alertmanager, a web hook, and a mail server, all on loopback."""

import json
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiosmtpd.controller import Controller
from ruamel.yaml import YAML

PATIENCE = 30.0


class Inbox:
    """What has arrived; can be awaited."""

    def __init__(self) -> None:
        self.got: list[Any] = []
        self._came = threading.Condition()

    def put(self, one: Any) -> None:
        with self._came:
            self.got.append(one)
            self._came.notify_all()

    def wait_for(self, count: int) -> list[Any]:
        """All that came, once there are `count`."""
        with self._came:
            self._came.wait_for(lambda: len(self.got) >= count, PATIENCE)
        assert len(self.got) >= count, f"{len(self.got)} of {count} came: {self.got}"
        return self.got


@contextmanager
def running_hook() -> Iterator[tuple[str, Inbox]]:
    """A web hook: its URL, and the JSON documents posted to it."""
    inbox = Inbox()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            inbox.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/", inbox
        server.shutdown()
        thread.join()


@contextmanager
def running_mail() -> Iterator[tuple[str, Inbox]]:
    """A mail server: an Apprise URL to it, and the mails it took."""
    inbox = Inbox()

    class Sink:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: ARG002, N802 - fixed
            inbox.put(message_from_bytes(envelope.content, policy=default))
            return "250 taken"

    controller = Controller(Sink(), hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        where = f"mailto://127.0.0.1:{controller.port}"
        yield f"{where}?from=archwatch@example.org&to=desk@example.org&mode=insecure", inbox
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def alertmanager_config(shipped: Path, folder: Path, hook: str) -> Path:
    """The shipped configuration, told to post to `hook`, and to wait a second instead of half a minute."""
    config = YAML(typ="safe").load(shipped)
    (story,) = config["route"]["routes"]
    for route in (story, *story["routes"]):
        route["group_wait"], route["group_interval"] = "1s", "1s"
    for receiver in config["receivers"]:
        receiver["webhook_configs"] = [{"url": hook, "send_resolved": False}]
    path = folder / "alertmanager.yml"
    YAML(typ="safe").dump(config, path)
    return path


@contextmanager
def running_alertmanager(config: Path, port: int) -> Iterator[str]:
    """Debian's Alertmanager with its state beside `config`; its URL."""
    program = shutil.which("prometheus-alertmanager")
    if program is None:
        pytest.fail("prometheus-alertmanager is not installed: run tests/system-packages")
    with (config.parent / "alertmanager.log").open("ab") as log:
        process = subprocess.Popen(
            [
                program,
                f"--config.file={config}",
                f"--storage.path={config.parent / 'alertmanager'}",
                f"--web.listen-address=127.0.0.1:{port}",
                "--cluster.listen-address=",
            ],
            stdout=log,
            stderr=log,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + PATIENCE
        while not _ready(url):
            assert process.poll() is None, (config.parent / "alertmanager.log").read_text()
            assert time.monotonic() < deadline, "Alertmanager did not become ready"
            time.sleep(0.05)  # nothing tells when it listens
        yield url
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/-/ready", timeout=1, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False
