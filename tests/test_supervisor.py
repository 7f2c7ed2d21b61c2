"""Parts run until done, told to stop, or one crashes."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from archwatch.contracts.envelope import LogMessage
from archwatch.contracts.topics import ENTRIES, TOPICS
from archwatch.eventlog.local import LocalLog
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


def test_a_batch_that_does_not_end_in_time_is_abandoned_and_is_there_for_the_next(tmp_path: Path) -> None:
    log = LocalLog(tmp_path / "log.db")
    log.ensure_topics(TOPICS)
    log.append([LogMessage(ENTRIES.name, str(n), b"x") for n in range(5)])
    command = [sys.executable, "-c", _HANGS, str(tmp_path / "log.db")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as hangs:
        assert hangs.stdout
        assert any(line == b"in hand\n" for line in hangs.stdout)
        asked = time.monotonic()
        hangs.terminate()
        assert any(b"abandoned" in line for line in hangs.stdout)
        assert hangs.wait(30) == 0
        assert 1 <= time.monotonic() - asked < 20
    later = LocalLog(tmp_path / "log.db", clock=lambda: time.time() + 60)  # the lease has run out
    with later.consume("archwatch.hangs", ENTRIES.name) as consumer:
        assert [record.key for record in consumer.poll(10, 1)] == [b"0", b"1", b"2", b"3", b"4"]
    assert log.read(TOPICS[1].name) == []
    for one in (log, later):
        one.close()


_HANGS = """
import sys, threading
from pathlib import Path
from archwatch.contracts.envelope import LogMessage
from archwatch.contracts.topics import ENTRIES, TOPICS
from archwatch.eventlog.local import LocalLog
from archwatch.stage import Handled, Stage, Surroundings, run_stage
from archwatch.supervisor import Part, stopping_on_signals, supervise
from archwatch.telemetry.health import Health
from archwatch.telemetry.metrics import Metrics

def handle(batch):
    print("in hand", flush=True)
    threading.Event().wait()

stop, health = threading.Event(), Health()
around = Surroundings(LocalLog(Path(sys.argv[1])), Metrics(), health, stop, 10, 0.5, 20)
stage = Stage("hangs", ENTRIES, lambda record: record, handle)
with stopping_on_signals(stop):
    supervise([Part("hangs", lambda: run_stage(stage, around, threading.Event()))], stop, health, grace=1)
"""
