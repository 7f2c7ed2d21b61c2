"""WebSub (W3C, 2018), the subscriber: hubs tell us when a feed has something new.

What a hub sends is not believed, it only makes the feed due: it is fetched from where it is listed, as ever.
So whatever hubs do, polling goes on beside them, and a lost message costs time, not entries.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qs, urlencode

from archwatch.errors import TransientError
from archwatch.scheduler.hubs import Hub
from archwatch.scheduler.leases import LEASE
from archwatch.store import Store, Subscription
from archwatch.telemetry.logs import get_logger
from archwatch.web.client import Client, web_url
from archwatch.web.failure import FetchFailure

WANTED: Final = timedelta(days=10)
_SHORTEST, _LONGEST = timedelta(minutes=5), timedelta(days=30)
_RENEWED: Final = 0.8  # of a lease gone by, it is renewed
_AGAIN: Final = timedelta(hours=6)  # a hub that did not answer, refused, or never confirmed
_PAUSE: Final = timedelta(seconds=20)  # between two polls of a feed, however often its hub tells
_ASK_SECONDS: Final = 15.0
_AT_ONCE: Final = 20
_MAX_BODY: Final = 10_000_000
_METHODS: Final = ("sha1", "sha256", "sha384", "sha512")


class Subscriber:
    """Safe to share between threads, and between schedulers that share a store."""

    def __init__(self, store: Store, client: Client, callback: str, clock: Callable[[], datetime]) -> None:
        self._store, self._client, self._callback = store, client, callback.rstrip("/")
        self._clock = clock
        self._logger = get_logger("websub")

    def note(self, feed: str, hub: Hub) -> None:
        """The feed names this hub: it is asked soon, if it was not. Raises TransientError."""
        token, secret = secrets.token_urlsafe(24), secrets.token_urlsafe(32)
        self._store.offer_subscription(
            Subscription(feed, hub.url, hub.topic, token, secret, ask_at=self._clock())
        )

    def tick(self) -> None:
        """Feeds that hubs told of come due; hubs are asked again in time. Raises TransientError."""
        now = self._clock()
        self._store.make_pinged_due(now, now - _PAUSE, now + LEASE)
        for wanted in self._store.claim_subscriptions(now, now + _AGAIN, _AT_ONCE):
            refused = self._ask(wanted)
            tell = self._logger.warning if refused else self._logger.info
            tell("hub_asked", feed=wanted.feed, hub=wanted.hub, refused=refused)

    def answer(self, environ: Mapping[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """The callback, as a WSGI application: GET confirms what we asked for, POST tells of news."""
        try:
            status, body = self._answered(environ)
        except TransientError as error:
            self._logger.warning("waiting", error=str(error))
            status, body = HTTPStatus.SERVICE_UNAVAILABLE, b""
        start(f"{status.value} {status.phrase}", [("Content-Type", "text/plain; charset=utf-8")])
        return [body]

    def _ask(self, wanted: Subscription) -> str | None:
        """Why the hub did not take it, if so. It confirms later, at the callback."""
        form = {
            "hub.mode": "subscribe",
            "hub.topic": wanted.topic,
            "hub.callback": f"{self._callback}/{wanted.token}",
            "hub.secret": wanted.secret,
            "hub.lease_seconds": str(int(WANTED.total_seconds())),
        }
        try:
            answer = self._client.ask(
                web_url(wanted.hub),
                {"Content-Type": "application/x-www-form-urlencoded"},
                self._client.deadline(_ASK_SECONDS),
                form=urlencode(form).encode(),
            )
        except FetchFailure as failure:
            return f"{failure.kind}: {failure.detail}"
        return None if 200 <= answer.status < 300 else f"HTTP {answer.status}"

    def _answered(self, environ: Mapping[str, Any]) -> tuple[HTTPStatus, bytes]:
        token = environ.get("PATH_INFO", "").rpartition("/")[2]
        kept = self._store.subscription(token) if token and token.isascii() else None
        if kept is None:
            return HTTPStatus.GONE, b""  # not ours, or of a feed no longer listed: the hub may forget it
        if environ["REQUEST_METHOD"] == "GET":
            return self._confirmed(kept, environ.get("QUERY_STRING", ""))
        if environ["REQUEST_METHOD"] == "POST":
            return self._told(kept, environ)
        return HTTPStatus.METHOD_NOT_ALLOWED, b""

    def _confirmed(self, kept: Subscription, query: str) -> tuple[HTTPStatus, bytes]:
        given = {name: values[0] for name, values in parse_qs(query[:10_000], max_num_fields=20).items()}
        mode, now = given.get("hub.mode"), self._clock()
        if given.get("hub.topic") != kept.topic or mode not in ("subscribe", "denied"):
            return HTTPStatus.NOT_FOUND, b""  # we never end one: a feed taken off the list is answered 410
        if mode == "denied":
            self._store.agree_subscription(kept.token, None, now + _AGAIN)
            self._logger.warning("hub_denied", feed=kept.feed, why=given.get("hub.reason", "")[:200])
            return HTTPStatus.OK, b""
        lease = _lease(given.get("hub.lease_seconds", ""))
        self._store.agree_subscription(kept.token, now + lease, now + lease * _RENEWED)
        self._logger.info("hub_confirmed", feed=kept.feed, seconds=lease.total_seconds())
        return HTTPStatus.OK, given.get("hub.challenge", "").encode()

    def _told(self, kept: Subscription, environ: Mapping[str, Any]) -> tuple[HTTPStatus, bytes]:
        """Whatever was wrong with the signature, the answer is the same: nobody learns from it."""
        length = environ.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal() or int(length[:20]) > _MAX_BODY:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE, b""
        body = environ["wsgi.input"].read(int(length))
        if not signed(body, environ.get("HTTP_X_HUB_SIGNATURE", ""), kept.secret):
            self._logger.warning("bad_signature", feed=kept.feed)
        elif kept.until and kept.until > self._clock():
            self._store.ping_feed(kept.token)
        return HTTPStatus.ACCEPTED, b""


def signed(body: bytes, header: str, secret: str) -> bool:
    """Whether X-Hub-Signature, as in `sha256=0f3a...`, is of this body and secret."""
    method, _, digest = header.strip().partition("=")
    if method not in _METHODS or not digest.isascii():
        return False
    return hmac.compare_digest(
        hmac.new(secret.encode(), body, getattr(hashlib, method)).hexdigest(), digest.lower()
    )


def _lease(text: str) -> timedelta:
    given = timedelta(seconds=int(text[:10])) if text.isdecimal() else WANTED
    return min(_LONGEST, max(_SHORTEST, given))
