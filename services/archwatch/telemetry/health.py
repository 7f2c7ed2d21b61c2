"""Is this process alive, and is it ready to work? Asked by a supervisor over HTTP."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Health:
    """What each part of the process last said of itself; safe to share between threads.

    `tell` hears of each part whether it waits.
    """

    tell: Callable[[str, bool], object] = lambda _part, _waits: None
    _waiting: dict[str, str] = field(default_factory=dict)
    _crashed: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def waits(self, part: str, reason: str) -> None:
        """`part` cannot work now; it goes on trying."""
        with self._lock:
            self._waiting[part] = reason
        self.tell(part, True)

    def ready(self, part: str) -> None:
        with self._lock:
            self._waiting.pop(part, None)
        self.tell(part, False)

    def crashed(self, part: str, reason: str) -> None:
        """`part` has stopped and will not come back by itself."""
        with self._lock:
            self._crashed[part] = reason

    def liveness(self) -> tuple[bool, dict[str, str]]:
        with self._lock:
            return not self._crashed, dict(self._crashed)

    def readiness(self) -> tuple[bool, dict[str, str]]:
        with self._lock:
            problems = self._waiting | self._crashed
            return not problems, problems
