"""A web server on loopback whose pages a test writes, and who remembers what it was asked."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Page = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Web:
    """`pages` by path; `asked` holds path and headers of every request."""

    port: int
    closing: threading.Event
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def serve(self, path: str, body: bytes = b"", status: int = 200, **headers: str) -> str:
        """Answer `path` with this; returns its URL."""

        def page(request: BaseHTTPRequestHandler) -> None:
            request.send_response(status)
            for name, value in headers.items():
                request.send_header(name.replace("_", "-"), value)
            request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            request.wfile.write(body)

        self.pages[path] = page
        return self.url(path)

    def drip(self, path: str, start: bytes, drop: bytes) -> str:
        """Answer `path` with `start`, and then `drop` again and again, until the client has gone."""

        def page(request: BaseHTTPRequestHandler) -> None:
            request.wfile.write(start)
            while not self.closing.wait(0.02):
                request.wfile.write(drop)

        self.pages[path] = page
        return self.url(path)


@contextmanager
def running_web() -> Iterator[Web]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            web.asked.append((self.path, dict(self.headers)))
            # the client may have had enough, which is what such a test is about
            with suppress(BrokenPipeError, ConnectionResetError):
                web.pages[self.path](self)
            self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    web = Web(server.server_port, threading.Event())
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield web
    finally:
        web.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
