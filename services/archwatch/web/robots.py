"""What a host lets robots fetch: its robots.txt, as RFC 9309 reads it.

Parsed by protego: the parser of the standard library takes the first rule that fits where the RFC wants the
longest, and knows no wildcards.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import httpx
from protego import Protego

from archwatch.web.address import Deadline
from archwatch.web.client import Answer, Client, followed
from archwatch.web.failure import Failure, FetchFailure

MAX_BYTES: Final = 512_000  # the RFC asks for no less
_KEEP_SECONDS: Final = 86_400  # and to keep it no longer
_KEEP_FAILURE_SECONDS: Final = 300
_KEEP_HOSTS: Final = 1_000
_KEEP_BYTES: Final = 2_000_000  # parsed, each takes some twenty times as much
_REDIRECTS: Final = 5
# no rules are to be had: what that means for the RFC is that nothing may be fetched
_UNREACHABLE: Final = frozenset(
    (
        Failure.READ_TIMEOUT,
        Failure.HTTP_ERROR,
        Failure.TOO_LARGE,
        Failure.TOO_MANY_REDIRECTS,
        Failure.BROKEN_CODING,
    )
)


@dataclass(frozen=True)
class _Known:
    """The rules of a host (none: all is allowed), or why they could not be had."""

    until: float
    size: int = 0
    rules: Protego | None = None
    failure: FetchFailure | None = None


class Robots:
    """Asks each host once a day; safe to share between threads. `clock` gives seconds, ever growing."""

    def __init__(self, client: Client, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._client, self._clock = client, clock
        # the product token, by which a robots.txt names us
        self._token = client.user_agent.split()[0].partition("/")[0]
        self._known: OrderedDict[tuple[str, bool], _Known] = OrderedDict()
        self._lock = threading.Lock()

    def crawl_delay(self, url: httpx.URL, deadline: Deadline, *, public_only: bool = False) -> float:
        """Seconds that the host wants between two requests, 0 when it wants none.

        Raises FetchFailure: robots_disallowed, robots_unreachable (5xx, 429, no answer in time), or what else
        the network did.
        """
        place = url.copy_with(raw_path=b"/robots.txt")
        key = (str(place), public_only)
        with self._lock:
            known = self._known.get(key)
        if known is None or known.until <= self._clock():
            known = self._ask(place, deadline, public_only)
            self._keep(key, known)
        if known.failure is not None:
            raise known.failure
        if known.rules is None:
            return 0.0
        if not known.rules.can_fetch(str(url), self._token):
            raise FetchFailure(Failure.ROBOTS_DISALLOWED, f"{place} does not allow it")
        return known.rules.crawl_delay(self._token) or 0.0

    def _ask(self, place: httpx.URL, deadline: Deadline, public_only: bool) -> _Known:
        def ask(url: httpx.URL) -> Answer:
            return self._client.ask(
                url, {"Accept": "text/plain"}, deadline, public_only=public_only, max_bytes=MAX_BYTES
            )

        try:
            answer = followed(place, ask, _REDIRECTS)
            if answer.status == 429 or answer.status >= 500:
                raise FetchFailure(Failure.HTTP_ERROR, f"HTTP {answer.status}")
        except FetchFailure as failure:
            if failure.kind in _UNREACHABLE:
                failure = FetchFailure(Failure.ROBOTS_UNREACHABLE, f"{place}: {failure.detail}")
            return _Known(self._clock() + _KEEP_FAILURE_SECONDS, failure=failure)
        rules = Protego.parse(answer.body.decode("utf-8-sig", "replace")) if answer.body else None
        return _Known(self._clock() + _KEEP_SECONDS, len(answer.body), rules)

    def _keep(self, key: tuple[str, bool], known: _Known) -> None:
        with self._lock:
            self._known[key] = known
            self._known.move_to_end(key)
            while len(self._known) > _KEEP_HOSTS or (
                len(self._known) > 1 and sum(one.size for one in self._known.values()) > _KEEP_BYTES
            ):
                self._known.popitem(last=False)
