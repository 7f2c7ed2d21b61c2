"""WebSub put together: the subscriber, and the server that hubs reach."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from archwatch.bootstrap.adapters import client_of, limits_of, utc_now
from archwatch.scheduler.websub import Subscriber
from archwatch.settings import Settings
from archwatch.store import Store
from archwatch.telemetry.logs import get_logger
from archwatch.telemetry.server import listening

_MAX_ANSWER: Final = 100_000  # bytes of a hub's answer, which nobody reads


@contextmanager
def subscriber_of(settings: Settings, store: Store, stop: threading.Event) -> Iterator[Subscriber | None]:
    """None when no callback is configured. Raises ConfigError when its port is taken."""
    ours, polling = settings.websub, settings.polling
    if ours.callback is None:
        yield None
        return
    limits = limits_of(settings, total_timeout=polling.total_timeout, max_body_bytes=_MAX_ANSWER)
    subscriber = Subscriber(store, client_of(settings, limits, stop), ours.callback, utc_now)
    with listening(subscriber.answer, "websub", host=ours.host, port=ours.port) as port:
        get_logger("websub").info("listening", host=ours.host, port=port, callback=ours.callback)
        yield subscriber
