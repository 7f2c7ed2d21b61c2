"""Feeds that this scheduler has claimed: no other polls them, and a dead scheduler's come due again."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from archwatch.store import Store

# a feed claimed by a scheduler that died comes due again after this long; one being polled is claimed anew
LEASE: Final = timedelta(seconds=40)


class Leases:
    """Safe to share between threads. Methods that use the store raise TransientError when it is away."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock
        self._lock = threading.Lock()
        self._until: dict[str, datetime] = {}

    def claim(self, limit: int) -> list[str]:
        """At most `limit` feeds that are due: ours, until `release`."""
        now = self._clock()
        urls = self._store.claim_due(now, now + LEASE, limit) if limit else []
        with self._lock:
            self._until |= dict.fromkeys(urls, now + LEASE)
        return urls

    def release(self, url: str) -> None:
        with self._lock:
            self._until.pop(url, None)

    def renew(self) -> None:
        """A poll may take longer than a lease: what is under way stays ours, for as long as we live.

        Extended is a lease of the very time that we set: one that was lost to another is not taken back.
        """
        now = self._clock()
        with self._lock:
            held = dict(self._until)
        for until in set(held.values()):
            urls = [url for url, end in held.items() if end == until]
            self._store.extend_leases(urls, until, now + LEASE)
            with self._lock:
                self._until |= {url: now + LEASE for url in urls if url in self._until}
