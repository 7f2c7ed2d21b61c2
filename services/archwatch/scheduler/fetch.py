"""One feed from the web or from disk: conditional, every redirect checked, and every end has its state."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import httpx

from archwatch.scheduler.feeds import Feed
from archwatch.scheduler.hosts import server_of
from archwatch.scheduler.manners import fresh_for, retry_after
from archwatch.scheduler.states import PollState
from archwatch.web.client import Answer, Client, followed, web_url
from archwatch.web.failure import Failure, FetchFailure
from archwatch.web.turns import Turns

_MEDIA_TYPES: Final = (
    "application/rss+xml, application/atom+xml, application/rdf+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)


@dataclass(frozen=True)
class Fetched:
    """What a fetch gave. `body` is filled when `state` is ok; `detail` says why it is not.

    `moved_to`: where redirects lead that say they are permanent (301, 308), up to the first that does not.
    """

    state: PollState
    final_url: str
    detail: str | None = None
    status: int | None = None
    body: bytes = b""
    etag: str | None = None
    last_modified: str | None = None
    content_type: str | None = None
    moved_to: str | None = None
    retry_after: timedelta | None = None
    fresh_for: timedelta = timedelta()
    link_header: str = ""


class Fetcher:
    """Fetches feeds; safe to share between threads."""

    def __init__(
        self,
        client: Client,
        turns: Turns | None = None,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._client, self._turns, self._clock = client, turns or Turns(), clock

    def fetch(
        self,
        feed: Feed,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        location: str | None = None,
    ) -> Fetched:
        """Never raises for what network or disk do. Raises Stopped when told to stop meanwhile.

        `location`: where the feed has moved to, in place of where it is listed.
        """
        limits = self._client.limits
        if feed.path is not None:
            return _read_file(feed.url, feed.path, limits.max_body_bytes)
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {"Accept": _MEDIA_TYPES} | {name: value for name, value in conditions.items() if value}
        deadline = self._client.deadline()
        moved = _Moved()
        listed = feed.url

        def ask(url: httpx.URL) -> Answer:
            nonlocal deadline
            # our own manners are no fault of the server: the time spent waiting is not counted
            with self._turns.of(server_of(str(url)), deadline) as waited:
                deadline = deadline.later(waited)
                answer = self._client.ask(url, headers | _login(feed, web_url(listed), url), deadline)
            moved.see(answer)
            return answer

        try:
            answer = followed(web_url(location or feed.url), ask, limits.max_redirects)
        except FetchFailure as failure:
            return Fetched(_state(failure.kind), feed.url, failure.detail)
        return replace(_fetched(answer, self._clock(), bool(etag or last_modified)), moved_to=moved.to)


class _Moved:
    """Follows the permanent redirects at the start of a fetch."""

    def __init__(self) -> None:
        self.to: str | None = None
        self._certain = True

    def see(self, answer: Answer) -> None:
        if answer.leads_to is None:
            return
        # never from a safe connection to one that anyone can read
        unsafe = answer.url.scheme == "https" and answer.leads_to.scheme == "http"
        self._certain = self._certain and answer.status in (301, 308) and not unsafe
        if self._certain:
            self.to = str(answer.leads_to)


def _fetched(answer: Answer, now: datetime, conditional: bool) -> Fetched:
    status, where, headers = answer.status, str(answer.url), answer.headers
    if status == 304 and conditional:
        kept = {"etag": headers.get("etag"), "last_modified": headers.get("last-modified")}
        fresh = fresh_for(headers, now)
        return Fetched(PollState.NOT_MODIFIED, where, None, status, **kept, fresh_for=fresh)
    if status == 410:
        return Fetched(PollState.RETIRED, where, "HTTP 410: the publisher has retired it", status)
    if not 200 <= status < 300:
        detail = f"HTTP {status}" + (", though it was asked for all" if status == 304 else "")
        return Fetched(PollState.HTTP_ERROR, where, detail, status, retry_after=retry_after(headers, now))
    if not answer.body.strip():
        return Fetched(PollState.EMPTY, where, f"HTTP {status} without a body", status)
    return Fetched(
        PollState.OK,
        where,
        None,
        status,
        answer.body,
        headers.get("etag"),
        headers.get("last-modified"),
        headers.get("content-type"),
        fresh_for=fresh_for(headers, now),
        link_header=headers.get("link", ""),
    )


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
