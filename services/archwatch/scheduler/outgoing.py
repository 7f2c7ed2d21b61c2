"""What was found and waits in the store for the log: published, and when too much waits, polling pauses."""

import threading
from collections.abc import Callable
from datetime import datetime
from functools import partial

from archwatch.errors import TransientError
from archwatch.eventlog.port import EventLog
from archwatch.scheduler.patience import Patience
from archwatch.scheduler.publishing import OUTBOX
from archwatch.scheduler.report import OutboxState
from archwatch.store import Store


class Outgoing:
    """Safe to share between threads. `full`: when last looked at, `most` messages or more were waiting."""

    def __init__(self, store: Store, log: EventLog, most: int, clock: Callable[[], datetime]) -> None:
        self._store, self._log, self._most, self._clock = store, log, most, clock
        self._publishing = threading.Lock()
        self._patience = Patience()
        self._trouble: TransientError | None = None
        self.full = False

    def publish(self) -> OutboxState | None:
        """What cannot be published now waits in the store, and a later call tries again. None: another thread
        is at it, and a poll does not wait for it.

        Raises TransientError when the store is away.
        """
        if not self._publishing.acquire(blocking=False):
            return None
        try:
            if self._patience.over(self._clock()):
                self._trouble = None
                try:
                    self.drain()
                    self._patience.worked()
                except TransientError as error:
                    self._trouble = error
                    self._patience.failed(self._clock())
            waiting = self._store.outbox_size()
            self.full = waiting >= self._most
            return OutboxState(waiting, self.full, self._trouble)
        finally:
            self._publishing.release()

    def drain(self) -> None:
        """All of it, now. Raises TransientError when store or log are away."""
        self._store.drain_outbox(partial(self._log.publish_once, OUTBOX))
