"""Parts run until done, told to stop, or one crashes."""

import os
import signal
import threading

import pytest

from archwatch.supervisor import Crash, Part, stopping_on_signals, supervise
from archwatch.telemetry.health import Health


def waiting(stop: threading.Event) -> Part:
    def run() -> None:
        stop.wait()

    return Part("waits", run)


def test_it_ends_when_all_parts_have() -> None:
    done: list[str] = []
    parts = [Part(name, lambda name=name: done.append(name)) for name in "ab"]  # type: ignore[misc]
    supervise(parts, threading.Event(), Health())
    assert sorted(done) == ["a", "b"]


def test_a_crash_stops_the_others_and_is_heard() -> None:
    stop, health = threading.Event(), Health()

    def crash() -> None:
        raise KeyError("actor")

    with pytest.raises(Crash, match="actor"):
        supervise([waiting(stop), Part("fails", crash)], stop, health)
    alive, problems = health.liveness()
    assert not alive
    assert "KeyError" in problems["fails"]


def test_it_ends_after_the_given_time() -> None:
    stop = threading.Event()
    supervise([waiting(stop)], stop, Health(), seconds=0.05)
    assert stop.is_set()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_and_the_handlers_are_put_back(number: signal.Signals) -> None:
    stop, before = threading.Event(), signal.getsignal(number)
    with stopping_on_signals(stop):
        part = Part("kills", lambda: os.kill(os.getpid(), number))
        supervise([part, waiting(stop)], stop, Health())
    assert stop.is_set()
    assert signal.getsignal(number) == before
