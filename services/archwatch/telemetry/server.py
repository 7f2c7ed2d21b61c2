"""The HTTP endpoints of a process: /metrics, /health, /ready; and what else it is to answer."""

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import make_wsgi_app

from archwatch.errors import ConfigError
from archwatch.telemetry.health import Health
from archwatch.telemetry.metrics import Metrics


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _QuietHandler(WSGIRequestHandler):
    timeout = 10

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the library's
        """A scrape every few seconds is no news."""


@contextmanager
def serve(metrics: Metrics, health: Health, *, host: str, port: int) -> Iterator[int]:
    """Answer on `host`:`port` (0: any free one) until the block ends; yields the port. Raises ConfigError."""
    exposition = make_wsgi_app(metrics.registry)

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/metrics":
            answer: Iterable[bytes] = exposition(environ, start)
            return answer
        probe = {"/health": health.liveness, "/ready": health.readiness}.get(path)
        if probe is None:
            start("404 Not Found", [("Content-Type", "text/plain")])
            return [b"try /metrics, /health or /ready\n"]
        fine, problems = probe()
        status = "200 OK" if fine else "503 Service Unavailable"
        start(status, [("Content-Type", "application/json")])
        return [json.dumps({"ok": fine, "problems": problems}).encode() + b"\n"]

    with listening(application, "http", host=host, port=port) as bound:
        yield bound


@contextmanager
def listening(application: Callable[..., Any], section: str, *, host: str, port: int) -> Iterator[int]:
    """A WSGI application on `host`:`port`, of that section of the settings, until the block ends."""
    try:
        server = make_server(host, port, application, _Server, _QuietHandler)
    except OSError as error:
        mend = f"set {section}.port to a free one, or 0 for any"
        raise ConfigError(
            f"{section} {host}:{port}", f"cannot listen: {error.strerror}", mend=mend
        ) from error
    thread = threading.Thread(target=server.serve_forever, name=section, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
