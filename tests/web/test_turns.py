"""Two at a time with a host, and a pause between: across all threads."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from archwatch.web.address import Deadline
from archwatch.web.failure import Stopped
from archwatch.web.turns import Turns


def test_no_more_than_two_at_once_and_other_hosts_are_free() -> None:
    turns, deadline = Turns(2), Deadline(20, threading.Event())
    # both of the first two are in before either leaves
    both = threading.Barrier(2)
    under_way, most, lock = [0], [0], threading.Lock()

    def visit(_: int) -> None:
        with turns.of("h", deadline):
            with lock:
                under_way[0] += 1
                most[0] = max(most[0], under_way[0])
            both.wait(10)
            with turns.of("other", deadline):
                pass
            with lock:
                under_way[0] -= 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(visit, range(20)))
    assert most == [2]


def test_a_pause_lies_between_two_and_is_told() -> None:
    turns, deadline = Turns(2, pause=0.1), Deadline(20, threading.Event())
    started = time.monotonic()
    waits = []
    for _ in range(3):
        with turns.of("h", deadline) as waited:
            waits.append(waited)
    assert time.monotonic() - started >= 0.2
    assert waits[0] < 0.1
    assert sum(waits) >= 0.19


def test_who_waits_can_be_told_to_stop() -> None:
    stop = threading.Event()
    turns, deadline = Turns(1), Deadline(20, stop)
    with turns.of("h", deadline):
        stop.set()
        with pytest.raises(Stopped), turns.of("h", deadline):
            pass
