"""Takes queued notices to their channels: each until it is sent, and then never again."""

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from archwatch.alerter.policy import Policy
from archwatch.errors import TransientError
from archwatch.store.alerts import AlertBook, Notice
from archwatch.telemetry.logs import get_logger
from archwatch.telemetry.metrics import Metrics

Send = Callable[[Notice, datetime], None]
LEASE: Final = timedelta(minutes=2)
LONGEST: Final = timedelta(minutes=10)
ROUND_SECONDS: Final = 1.0


class Courier:
    """Several may share a store: none takes a notice that another is under way with."""

    def __init__(
        self,
        book: AlertBook,
        channels: Mapping[str, Send],
        policy: Policy,
        *,
        metrics: Metrics,
        clock: Callable[[], datetime],
    ) -> None:
        self._book, self._channels, self._policy = book, channels, policy
        self._metrics, self._clock = metrics, clock

    def run(self, stop: threading.Event, upstream_done: threading.Event) -> None:
        """Until `stop`, or until `upstream_done` is set and each notice that is due was tried."""
        while True:
            last = upstream_done.is_set()
            try:
                self.round(stop)
            except TransientError as error:
                get_logger("alerter").warning("waiting", error=str(error))
            if last or stop.wait(ROUND_SECONDS):
                return

    def round(self, stop: threading.Event | None = None) -> int:
        """Queue the digest if its time has come, and try what is due until `stop`. Returns how many were
        sent."""
        now = self._clock()
        self._book.make_digest(self._policy.last_digest(now), now)
        sent = 0
        while not (stop and stop.is_set()) and (due := self._book.claim_notices(now, now + LEASE, limit=1)):
            sent += self._deliver(due[0])
        self._metrics.notices_waiting.set(self._book.waiting())
        return sent

    def _deliver(self, notice: Notice) -> bool:
        now = self._clock()
        send = self._channels.get(notice.channel)
        try:
            if send is None:
                raise TransientError("this instance has no such channel")
            send(notice, now)
        except TransientError as error:
            pause = min(LONGEST, timedelta(seconds=2 ** min(notice.tries, 10)))
            self._book.put_off(notice.id, now + pause, str(error))
            self._metrics.notices.labels(notice.channel, "failed").inc()
            get_logger("alerter").warning(
                "notice_put_off",
                notice=notice.id,
                channel=notice.channel,
                tries=notice.tries + 1,
                why=str(error),
            )
            return False
        self._book.mark_sent(notice.id, now)
        self._metrics.notices.labels(notice.channel, "sent").inc()
        get_logger("alerter").info("notice_sent", notice=notice.id, channel=notice.channel)
        return True
