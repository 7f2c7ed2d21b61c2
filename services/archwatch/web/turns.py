"""Turns with a host: so many connections at once, and a pause between two, whoever asks."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from archwatch.web.address import Deadline
from archwatch.web.failure import Stopped

_SLICE_SECONDS: Final = 0.5  # so often a wait looks whether it is to stop


class Turns:
    """Safe to share between threads. A request to a host begins at least `pause` seconds after the one before
    began, and while fewer than `connections` are under way."""

    def __init__(self, connections: int = 2, pause: float = 0.0) -> None:
        self._connections, self._pause = connections, pause
        self._changed = threading.Condition()
        self._under_way: Counter[str] = Counter()
        self._free_at: dict[str, float] = {}

    @contextmanager
    def of(self, host: str, deadline: Deadline) -> Iterator[float]:
        """Waits for a turn and keeps it; gives the seconds waited. Raises Stopped when told to stop."""
        started = time.monotonic()
        self._enter(host, deadline.stop)
        try:
            yield time.monotonic() - started
        finally:
            with self._changed:
                self._under_way[host] -= 1
                if not self._under_way[host]:
                    del self._under_way[host]
                self._changed.notify_all()

    def _enter(self, host: str, stop: threading.Event) -> None:
        with self._changed:
            while True:
                if stop.is_set():
                    raise Stopped
                now = time.monotonic()
                pause = self._free_at.get(host, 0.0) - now
                if pause <= 0 and self._under_way.get(host, 0) < self._connections:
                    self._under_way[host] += 1
                    self._free_at = {other: free for other, free in self._free_at.items() if free > now}
                    if self._pause:
                        self._free_at[host] = now + self._pause
                    return
                self._changed.wait(min(_SLICE_SECONDS, pause) if pause > 0 else _SLICE_SECONDS)
