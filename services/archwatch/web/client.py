"""One request: bounded in size and time, to a checked address. Redirects are the caller's to follow."""

import ssl
import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

import httpcore
import httpx

from archwatch.web.address import CheckedBackend, Deadline
from archwatch.web.content_coding import ACCEPTED, BrokenCoding, decoded
from archwatch.web.failure import Failure, FetchFailure

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
class Answer:
    """What a server said. `body` is filled for a status of 2xx; `leads_to` is where a redirect points."""

    url: httpx.URL
    status: int
    headers: httpx.Headers
    body: bytes = b""
    leads_to: httpx.URL | None = None


class Client:
    """Asks servers; safe to share between threads. Setting `stop` ends the requests under way."""

    def __init__(
        self,
        limits: Limits,
        *,
        user_agent: str,
        allow_private_hosts: Collection[str] = (),
        stop: threading.Event | None = None,
    ) -> None:
        self.limits, self.user_agent = limits, user_agent
        self._private = frozenset(host.lower().strip("[]") for host in allow_private_hosts)
        self._stop = stop or threading.Event()
        self._ssl: ssl.SSLContext = httpx.create_ssl_context()

    def deadline(self, seconds: float | None = None) -> Deadline:
        """From now on: `total_timeout`, or `seconds` when that is less."""
        total = self.limits.total_timeout
        return Deadline(total if seconds is None else min(total, seconds), self._stop)

    def may_be_private(self, host: str) -> bool:
        """Whether the operator allows this name to resolve to a private address."""
        return host.lower().strip("[]") in self._private

    def ask(
        self,
        url: httpx.URL,
        headers: Mapping[str, str],
        deadline: Deadline,
        *,
        public_only: bool = False,
        media_types: Collection[str] = (),
        max_bytes: int | None = None,
        form: bytes | None = None,
    ) -> Answer:
        """One request. `public_only`: not even the private hosts that are allowed; `media_types`: no body of
        another type is read (none named: any; an answer that names none is let through); `max_bytes` in place
        of `max_body_bytes`; `form` is sent by POST, without it the method is GET.

        Raises FetchFailure, and Stopped when told to stop meanwhile.
        """
        given = {"User-Agent": self.user_agent, "Accept-Encoding": ACCEPTED, "Connection": "close", **headers}
        method = "GET" if form is None else "POST"
        if form is not None:
            given["Content-Length"] = str(len(form))
        sent: list[tuple[bytes | str, bytes | str]] = [*given.items()]
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        waits = {"timeout": self._timeouts()}
        deadline.left()
        backend = CheckedBackend(() if public_only else self._private, deadline)
        try:
            with (
                httpcore.ConnectionPool(self._ssl, max_connections=1, network_backend=backend) as pool,
                pool.stream(method, target, headers=sent, content=form, extensions=waits) as response,
            ):
                return self._answer(url, response, media_types, max_bytes or self.limits.max_body_bytes)
        except httpcore.WriteTimeout as error:
            raise FetchFailure(Failure.READ_TIMEOUT, "does not take the request") from error
        except httpcore.ProtocolError as error:
            raise FetchFailure(Failure.CONNECTION_ERROR, f"broke off, or is not HTTP: {error}") from error
        except (httpcore.NetworkError, OSError) as error:
            raise FetchFailure(Failure.CONNECTION_ERROR, f"broke off: {error}") from error

    def _timeouts(self) -> dict[str, float]:
        limits = self.limits
        return {
            "connect": limits.connect_timeout,
            "read": limits.read_timeout,
            "write": limits.read_timeout,
        }

    def _answer(
        self, url: httpx.URL, response: httpcore.Response, media_types: Collection[str], max_bytes: int
    ) -> Answer:
        headers = httpx.Headers(response.headers)
        if response.status in _REDIRECTS and "location" in headers:
            return Answer(url, response.status, headers, leads_to=_joined(url, headers["location"]))
        if not 200 <= response.status < 300:
            return Answer(url, response.status, headers)
        media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_types and media_type and media_type not in media_types:
            raise FetchFailure(Failure.UNWANTED_TYPE, f"is {media_type[:80]}")
        return Answer(url, response.status, headers, _body(response, headers, max_bytes))


def followed(start: httpx.URL, ask: Callable[[httpx.URL], Answer], max_redirects: int) -> Answer:
    """The answer at the end of the redirects from `start`; each hop is asked for by `ask`.

    Raises FetchFailure, from `ask` or for too many redirects.
    """
    url = start
    for _ in range(max_redirects + 1):
        answer = ask(url)
        if answer.leads_to is None:
            return answer
        url = answer.leads_to
    raise FetchFailure(Failure.TOO_MANY_REDIRECTS, f"more than {max_redirects} redirects, last to {url}")


def web_url(text: str) -> httpx.URL:
    """An http or https URL without fragment and credentials. Raises FetchFailure for anything else."""
    try:
        url = httpx.URL(text).copy_with(fragment=None, username=None, password=None)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise FetchFailure(Failure.DNS_ERROR, f"is no URL: {error}") from None
    if url.scheme not in ("http", "https") or not url.host:
        raise FetchFailure(Failure.BLOCKED_ADDRESS, f"leads to {url.scheme or 'no'}: address")
    return url


def _joined(url: httpx.URL, location: str) -> httpx.URL:
    try:
        return web_url(str(url.join(location)))
    except (httpx.InvalidURL, UnicodeError) as error:
        raise FetchFailure(Failure.HTTP_ERROR, f"redirects to what is no URL: {error}") from None


def _body(response: httpcore.Response, headers: httpx.Headers, limit: int) -> bytes:
    too_large = FetchFailure(Failure.TOO_LARGE, f"more than {limit:,} bytes")
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
        raise FetchFailure(Failure.BROKEN_CODING, str(error)) from error
    return bytes(body)
