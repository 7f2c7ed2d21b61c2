"""The rhythm of each feed, learnt from its polls and kept in the store."""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from archwatch.scheduler.pace import interval_of, learn, pace_for, rate
from archwatch.store import History, Store

_PACE_HOLDS: Final = timedelta(minutes=1)


class Rhythm:
    """Feeds are asked every `interval` on average, each in keeping with what it publishes. Safe for threads.

    Methods that read the store raise TransientError when it is away.
    """

    def __init__(self, store: Store, interval: timedelta, shortest: timedelta, longest: timedelta) -> None:
        self.interval = interval
        self._store, self._shortest, self._longest = store, min(shortest, interval), max(longest, interval)
        self._lock = threading.Lock()
        self._pace = 0.0
        self._pace_until: datetime | None = None

    def learner(self, url: str, now: datetime, dates: Sequence[datetime | None]) -> Callable[[int], History]:
        """What gives the history from the number of new entries, of a good poll at `now`. Reads the store.

        `dates` are those of all entries in the document. The new ones are taken to be the latest of them,
        those without a date first.
        """
        self._keep_pace(now)
        before = self._store.history(url)
        latest = sorted(dates, key=lambda when: when or now, reverse=True)
        return lambda new: learn(before, now, latest if before is None else latest[:new])

    def remember(self, url: str, history: History) -> None:
        self._store.remember_history(url, history)

    def interval_after(self, history: History) -> timedelta:
        return interval_of(history, self._pace, self._shortest, self._longest)

    def _keep_pace(self, now: datetime) -> None:
        with self._lock:
            if self._pace_until is None or now >= self._pace_until:
                rates = [rate(items, days) for items, days in self._store.arrival_counts()]
                self._pace = pace_for(rates, self.interval, self._shortest, self._longest)
                self._pace_until = now + _PACE_HOLDS
