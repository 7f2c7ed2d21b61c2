"""One feed from the web or from disk: conditional, bounded in size and time, every hop checked."""

import ssl
import threading
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpcore
import httpx

from archwatch.scheduler.address import CheckedBackend, Deadline, FetchFailure
from archwatch.scheduler.content_coding import ACCEPTED, BrokenCoding, decoded
from archwatch.scheduler.feeds import Feed
from archwatch.scheduler.states import PollState

_MEDIA_TYPES: Final = (
    "application/rss+xml, application/atom+xml, application/rdf+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)
_REDIRECTS: Final = (301, 302, 303, 307, 308)


@dataclass(frozen=True)
class Limits:
    """Seconds and bytes; `read_timeout` is the longest pause, `total_timeout` the longest fetch."""

    connect_timeout: float = 10
    read_timeout: float = 20
    total_timeout: float = 60
    max_body_bytes: int = 10_000_000
    max_redirects: int = 5


@dataclass(frozen=True)
class Fetched:
    """What a fetch gave. `body` is filled when `state` is ok; `detail` says why it is not."""

    state: PollState
    final_url: str
    detail: str | None = None
    status: int | None = None
    body: bytes = b""
    etag: str | None = None
    last_modified: str | None = None
    content_type: str | None = None


class Fetcher:
    """Fetches feeds; safe to share between threads. Setting `stop` ends the fetches under way."""

    def __init__(
        self,
        limits: Limits,
        *,
        user_agent: str,
        allow_private_hosts: Collection[str] = (),
        stop: threading.Event | None = None,
    ) -> None:
        self._limits, self._user_agent = limits, user_agent
        self._allowed = frozenset(host.lower().strip("[]") for host in allow_private_hosts)
        self._stop = stop or threading.Event()
        self._ssl: ssl.SSLContext = httpx.create_ssl_context()

    def fetch(self, feed: Feed, *, etag: str | None = None, last_modified: str | None = None) -> Fetched:
        """Never raises for what network or disk do. Raises Stopped when told to stop meanwhile."""
        if feed.path is not None:
            return _read_file(feed.url, feed.path, self._limits.max_body_bytes)
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {
            "User-Agent": self._user_agent,
            "Accept": _MEDIA_TYPES,
            "Accept-Encoding": ACCEPTED,
            "Connection": "close",
        } | {name: value for name, value in conditions.items() if value}
        try:
            return self._follow(feed, headers)
        except FetchFailure as failure:
            return Fetched(failure.state, feed.url, failure.detail)

    def _follow(self, feed: Feed, headers: dict[str, str]) -> Fetched:
        deadline = Deadline(self._limits.total_timeout, self._stop)
        start = url = _url(feed.url)
        for _ in range(self._limits.max_redirects + 1):
            trusted = url.host == start.host and url.scheme in ("https", start.scheme)
            login = _basic(feed.login) if feed.login and trusted else {}
            answer = self._get(url, headers | login, deadline)
            if isinstance(answer, Fetched):
                return answer
            url = answer
        detail = f"more than {self._limits.max_redirects} redirects, last to {url}"
        raise FetchFailure(PollState.TOO_MANY_REDIRECTS, detail)

    def _get(self, url: httpx.URL, headers: dict[str, str], deadline: Deadline) -> Fetched | httpx.URL:
        """The answer, or where it redirects to."""
        limits = self._limits
        timeouts = {
            "connect": limits.connect_timeout,
            "read": limits.read_timeout,
            "write": limits.read_timeout,
        }
        sent: list[tuple[bytes | str, bytes | str]] = [*headers.items()]
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        deadline.left()
        backend = CheckedBackend(self._allowed, deadline)
        try:
            with (
                httpcore.ConnectionPool(self._ssl, max_connections=1, network_backend=backend) as pool,
                pool.stream("GET", target, headers=sent, extensions={"timeout": timeouts}) as response,
            ):
                known = httpx.Headers(response.headers)
                if response.status in _REDIRECTS and "location" in known:
                    return _joined(url, known["location"])
                return self._answer(url, response, known)
        except httpcore.WriteTimeout as error:
            raise FetchFailure(PollState.READ_TIMEOUT, "does not take the request") from error
        except httpcore.ProtocolError as error:
            raise FetchFailure(PollState.CONNECTION_ERROR, f"broke off, or is not HTTP: {error}") from error
        except (httpcore.NetworkError, OSError) as error:
            raise FetchFailure(PollState.CONNECTION_ERROR, f"broke off: {error}") from error

    def _answer(self, url: httpx.URL, response: httpcore.Response, headers: httpx.Headers) -> Fetched:
        status, where = response.status, str(url)
        kept = {"etag": headers.get("etag"), "last_modified": headers.get("last-modified")}
        if status == 304:
            return Fetched(PollState.NOT_MODIFIED, where, None, status, **kept)
        if status == 410:
            return Fetched(PollState.GONE, where, "HTTP 410: the publisher has retired it", status)
        if not 200 <= status < 300:
            return Fetched(PollState.HTTP_ERROR, where, f"HTTP {status}", status)
        body = self._body(response, headers)
        if not body.strip():
            return Fetched(PollState.EMPTY, where, f"HTTP {status} without a body", status)
        content_type = headers.get("content-type")
        return Fetched(PollState.OK, where, None, status, body, content_type=content_type, **kept)

    def _body(self, response: httpcore.Response, headers: httpx.Headers) -> bytes:
        limit = self._limits.max_body_bytes
        too_large = FetchFailure(PollState.TOO_LARGE, f"more than {limit:,} bytes")
        announced = headers.get("content-length", "")
        if announced.isdecimal() and int(announced[:20]) > limit:
            raise too_large
        body = bytearray()
        try:
            for piece in decoded(response.iter_stream(), headers.get("content-encoding", "")):
                body += piece
                if len(body) > limit:
                    raise too_large
        except BrokenCoding as error:
            raise FetchFailure(PollState.PARSE_ERROR, str(error)) from error
        return bytes(body)


def _read_file(url: str, path: Path, limit: int) -> Fetched:
    try:
        if path.exists() and not path.is_file():
            return Fetched(PollState.FILE_ERROR, url, "is not a regular file")
        with path.open("rb") as stream:
            body = stream.read(limit + 1)
    except OSError as error:
        return Fetched(PollState.FILE_ERROR, url, f"{path}: {error.strerror}")
    if len(body) > limit:
        return Fetched(PollState.TOO_LARGE, url, f"more than {limit:,} bytes")
    if not body.strip():
        return Fetched(PollState.EMPTY, url, "the file is empty")
    return Fetched(PollState.OK, url, body=body)


def _url(text: str) -> httpx.URL:
    try:
        url = httpx.URL(text).copy_with(fragment=None, username=None, password=None)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise FetchFailure(PollState.DNS_ERROR, f"is no URL: {error}") from None
    if url.scheme not in ("http", "https") or not url.host:
        raise FetchFailure(PollState.BLOCKED_ADDRESS, f"leads to {url.scheme or 'no'}: address")
    return url


def _joined(url: httpx.URL, location: str) -> httpx.URL:
    try:
        return _url(str(url.join(location)))
    except (httpx.InvalidURL, UnicodeError) as error:
        raise FetchFailure(PollState.HTTP_ERROR, f"redirects to what is no URL: {error}") from None


def _basic(login: tuple[str, str]) -> dict[str, str]:
    request = httpx.Request("GET", "https://example.invalid")
    signed = next(httpx.BasicAuth(*login).auth_flow(request))
    return {"Authorization": signed.headers["Authorization"]}
