"""Runs parts of archwatch as threads of one process, until they are done, told to stop, or one crashes."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from archwatch.telemetry.health import Health
from archwatch.telemetry.logs import get_logger


@dataclass(frozen=True)
class Part:
    """A named piece of work; it watches the stop event that it was built with."""

    name: str
    run: Callable[[], None]


class Crash(Exception):
    """A part ended by an error; the others were stopped."""


def supervise(
    parts: Sequence[Part],
    stop: threading.Event,
    health: Health,
    *,
    seconds: float | None = None,
    grace: float | None = None,
    while_waiting: Callable[[], None] = lambda: None,
) -> None:
    """Run all parts until each has returned, `stop` is set, or `seconds` have passed.

    A part that raises stops all; then Crash is raised, from the first error. `while_waiting` is
    called several times a second by the calling thread. A part that has not ended `grace` seconds after
    `stop` was set is abandoned, and the process ends here: what the part had in hand is not committed, so
    the next run takes it up, as after a kill.
    """
    errors: list[Exception] = []
    finished = threading.Condition()
    running = {part.name for part in parts}
    deadline: float | None = None

    def guarded(part: Part) -> None:
        try:
            part.run()
        except Exception as error:  # noqa: BLE001 - reported and raised again below
            get_logger(part.name).exception("crash")
            health.crashed(part.name, f"{type(error).__name__}: {error}")
            errors.append(error)
            stop.set()
        with finished:
            running.remove(part.name)
            finished.notify_all()

    threads = [threading.Thread(target=guarded, args=(part,), name=part.name) for part in parts]
    alarm = threading.Timer(seconds, stop.set) if seconds is not None else None
    for thread in threads:
        thread.start()
    if alarm:
        alarm.start()
    try:
        with finished:
            while running:
                finished.wait(0.2)
                while_waiting()
                if grace is not None and stop.is_set():
                    deadline = deadline or time.monotonic() + grace
                    if running and time.monotonic() > deadline:
                        _abandon(running, int(bool(errors)))
    finally:
        stop.set()
        if alarm:
            alarm.cancel()
        for thread in threads:
            thread.join()
    if errors:
        raise Crash(f"stopped by a crash: {errors[0]}") from errors[0]


def _abandon(parts: set[str], code: int) -> None:
    """Closing what these threads hold would wait for them: the system closes it."""
    get_logger("supervisor").warning("abandoned", parts=sorted(parts))
    os._exit(code)


@contextmanager
def stopping_on_signals(stop: threading.Event) -> Iterator[None]:
    """SIGINT and SIGTERM set `stop`, so that each part ends after its batch; a second one kills."""

    def on_signal(number: int, _frame: FrameType | None) -> None:
        get_logger("supervisor").info("stopping", signal=signal.Signals(number).name)
        stop.set()
        signal.signal(number, signal.SIG_DFL)

    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, on_signal) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
