"""One feed from the web or from disk: conditional, every redirect checked, and every end has its state."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from archwatch.scheduler.feeds import Feed
from archwatch.scheduler.states import PollState
from archwatch.web.client import Answer, Client, followed, web_url
from archwatch.web.failure import Failure, FetchFailure

_MEDIA_TYPES: Final = (
    "application/rss+xml, application/atom+xml, application/rdf+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)


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
    """Fetches feeds; safe to share between threads."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def fetch(self, feed: Feed, *, etag: str | None = None, last_modified: str | None = None) -> Fetched:
        """Never raises for what network or disk do. Raises Stopped when told to stop meanwhile."""
        limits = self._client.limits
        if feed.path is not None:
            return _read_file(feed.url, feed.path, limits.max_body_bytes)
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {"Accept": _MEDIA_TYPES} | {name: value for name, value in conditions.items() if value}
        deadline = self._client.deadline()
        try:
            start = web_url(feed.url)
            return _fetched(
                followed(
                    start,
                    lambda url: self._client.ask(url, headers | _login(feed, start, url), deadline),
                    limits.max_redirects,
                )
            )
        except FetchFailure as failure:
            return Fetched(_state(failure.kind), feed.url, failure.detail)


def _fetched(answer: Answer) -> Fetched:
    status, where, headers = answer.status, str(answer.url), answer.headers
    kept = {"etag": headers.get("etag"), "last_modified": headers.get("last-modified")}
    if status == 304:
        return Fetched(PollState.NOT_MODIFIED, where, None, status, **kept)
    if status == 410:
        return Fetched(PollState.GONE, where, "HTTP 410: the publisher has retired it", status)
    if not 200 <= status < 300:
        return Fetched(PollState.HTTP_ERROR, where, f"HTTP {status}", status)
    if not answer.body.strip():
        return Fetched(PollState.EMPTY, where, f"HTTP {status} without a body", status)
    content_type = headers.get("content-type")
    return Fetched(PollState.OK, where, None, status, answer.body, content_type=content_type, **kept)


def _state(kind: Failure) -> PollState:
    return PollState.PARSE_ERROR if kind is Failure.BROKEN_CODING else PollState(kind.value)


def _login(feed: Feed, start: httpx.URL, url: httpx.URL) -> dict[str, str]:
    """The feed's credentials, to its own host only, and never in the clear when it is listed with https."""
    if feed.login is None or url.host != start.host or url.scheme not in ("https", start.scheme):
        return {}
    request = httpx.Request("GET", "https://example.invalid")
    signed = next(httpx.BasicAuth(*feed.login).auth_flow(request))
    return {"Authorization": signed.headers["Authorization"]}


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
