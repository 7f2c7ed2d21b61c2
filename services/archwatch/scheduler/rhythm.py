"""The rhythm of each feed, learnt from its polls and kept in the store."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from archwatch.scheduler.feeds import Feed
from archwatch.scheduler.pace import interval_of, learn, pace_for, rate
from archwatch.store import History, Store

_PACE_HOLDS: Final = timedelta(minutes=1)


@dataclass(frozen=True)
class Beats:
    """What a poll at `now` teaches of a feed, given how many of its entries were new.

    `dates` are those of all entries in the document, latest first, those without a date before them: the
    new ones are taken to be the first of them.
    """

    rhythm: "Rhythm"
    feed: Feed
    before: History | None
    now: datetime
    dates: Sequence[datetime | None]

    def history(self, new: int) -> History:
        """To be kept, if the poll went well."""
        return learn(self.before, self.now, self.dates if self.before is None else self.dates[:new])

    def interval(self, new: int) -> timedelta:
        """How long the feed may be left alone. To look at a local file costs nobody anything."""
        return self.rhythm.usual if self.feed.path else self.rhythm.interval_after(self.history(new))


class Rhythm:
    """Feeds are asked every `usual` on average, each in keeping with what it publishes. Safe for threads."""

    def __init__(self, store: Store, usual: timedelta, shortest: timedelta, longest: timedelta) -> None:
        self.usual = usual
        self._store, self._shortest, self._longest = store, min(shortest, usual), max(longest, usual)
        self._lock = threading.Lock()
        self._pace = 0.0
        self._pace_until: datetime | None = None

    def beats(self, feed: Feed, now: datetime, dates: Sequence[datetime | None]) -> Beats:
        """For a poll at `now` whose document holds entries of these `dates`. Raises TransientError."""
        self._keep_pace(now)
        latest = sorted(dates, key=lambda when: when or now, reverse=True)
        return Beats(self, feed, self._store.history(feed.url), now, latest)

    def interval_after(self, history: History) -> timedelta:
        return interval_of(history, self._pace, self._shortest, self._longest)

    def _keep_pace(self, now: datetime) -> None:
        with self._lock:
            if self._pace_until is None or now >= self._pace_until:
                rates = [rate(items, days) for items, days in self._store.arrival_counts().values()]
                self._pace = pace_for(rates, self.usual, self._shortest, self._longest)
                self._pace_until = now + _PACE_HOLDS
