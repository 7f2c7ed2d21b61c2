"""A client that behaves as a guest: robots.txt first, one request at a time to a host, a pause after each."""

import threading
import time
from collections.abc import Collection, Mapping
from typing import Final

import httpx

from archwatch.web.address import Deadline
from archwatch.web.client import Answer, Client, followed, web_url
from archwatch.web.failure import Failure, FetchFailure
from archwatch.web.robots import Robots

_SLICE_SECONDS: Final = 0.5  # so often a wait looks whether it is to stop
_LONGEST_PAUSE: Final = 3_600.0
# these end before the host is asked for the page
_NOT_ASKED: Final = (
    Failure.DNS_ERROR,
    Failure.BLOCKED_ADDRESS,
    Failure.ROBOTS_DISALLOWED,
    Failure.ROBOTS_UNREACHABLE,
)


class PoliteClient:
    """Safe to share between threads. `pause` is in seconds; a longer Crawl-delay of the host wins."""

    def __init__(self, client: Client, robots: Robots, *, pause: float) -> None:
        self._client, self._robots, self._pause = client, robots, pause
        self._changed = threading.Condition()
        self._busy: set[str] = set()
        self._free_at: dict[str, float] = {}

    def get(
        self,
        url: str,
        headers: Mapping[str, str],
        deadline: Deadline,
        *,
        public_only: bool = False,
        media_types: Collection[str] = (),
    ) -> Answer:
        """The answer after redirects, each host on the way asked for its leave. Parameters as for Client.ask.

        Raises FetchFailure, and Stopped when told to stop meanwhile.
        """

        def ask(url: httpx.URL) -> Answer:
            pause = self._pause
            self._enter(url.host, deadline)
            try:
                wanted = self._robots.crawl_delay(url, deadline, public_only=public_only)
                pause = max(pause, min(wanted, _LONGEST_PAUSE))
                return self._client.ask(
                    url, headers, deadline, public_only=public_only, media_types=media_types
                )
            except FetchFailure as failure:
                if failure.kind in _NOT_ASKED:
                    pause = 0.0
                raise
            finally:
                self._leave(url.host, pause)

        return followed(web_url(url), ask, self._client.limits.max_redirects)

    def _enter(self, host: str, deadline: Deadline) -> None:
        """Waits for our turn. Raises FetchFailure when it does not come before the deadline."""
        with self._changed:
            while True:
                try:
                    left = deadline.left()
                except FetchFailure:
                    raise FetchFailure(Failure.LATE, f"{host} was asked by others all the time") from None
                pause = self._free_at.get(host, 0.0) - time.monotonic()
                if pause >= left:
                    raise FetchFailure(Failure.LATE, f"{host} is to be left alone for {pause:.3g} s more")
                if host not in self._busy and pause <= 0:
                    self._busy.add(host)
                    return
                self._changed.wait(min(left, _SLICE_SECONDS, pause if pause > 0 else left))

    def _leave(self, host: str, pause: float) -> None:
        with self._changed:
            now = time.monotonic()
            self._busy.discard(host)
            self._free_at = {other: free for other, free in self._free_at.items() if free > now}
            self._free_at[host] = now + pause
            self._changed.notify_all()
