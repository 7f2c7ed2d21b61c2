"""A WebSub hub on loopback: it confirms what subscribers ask, and signs what it sends them."""

import hashlib
import hmac
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import httpx

CHALLENGE = "a challenge & more"


@dataclass
class LocalHub:
    """`asked` holds the form of every request, `answered` what the callback said to each confirmation."""

    url: str = ""
    status: int = 202
    lease: int = 1_000
    asked: list[dict[str, str]] = field(default_factory=list)
    answered: list[tuple[int, str]] = field(default_factory=list)

    def confirm(self, form: dict[str, str], **changed: str) -> httpx.Response:
        query = {
            "hub.mode": form["hub.mode"],
            "hub.topic": form["hub.topic"],
            "hub.challenge": CHALLENGE,
            "hub.lease_seconds": str(self.lease),
        } | {f"hub.{name}": value for name, value in changed.items()}
        return httpx.get(form["hub.callback"], params=query)

    def tell(self, body: bytes, secret: str | None = None, method: str = "sha256") -> httpx.Response:
        """Send `body` to the last who asked, signed with their secret or another."""
        form = self.asked[-1]
        key = (secret or form["hub.secret"]).encode()
        signature = hmac.new(key, body, getattr(hashlib, method)).hexdigest()
        headers = {"X-Hub-Signature": f"{method}={signature}"} if secret != "" else {}
        return httpx.post(form["hub.callback"], content=body, headers=headers)


@contextmanager
def running_hub() -> Iterator[LocalHub]:
    hub = LocalHub()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body, strict_parsing=True).items()}
            hub.asked.append(form)
            if hub.status == 202:
                answer = hub.confirm(form)
                hub.answered.append((answer.status_code, answer.text))
            self.send_response(hub.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.url = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
