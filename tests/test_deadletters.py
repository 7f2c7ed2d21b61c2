"""Dead letters: kept as they came, tried again where that may help, put back once; on both logs."""

import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from archwatch.contracts.codec import decode_message, encode_message
from archwatch.contracts.entry import Entry
from archwatch.contracts.envelope import LogMessage
from archwatch.contracts.topics import ENTRIES, STORIES, TOPICS, Topic
from archwatch.deadletters import dead_letters, retry
from archwatch.errors import BadInput
from archwatch.eventlog.port import EventLog
from archwatch.stage import Handled, Stage, Surroundings, run_stage
from archwatch.telemetry.health import Health
from archwatch.telemetry.metrics import Metrics
from kafka_broker import delete_topics
from log_workers import open_log
from samples import entry


@pytest.fixture(params=["local", "kafka"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EventLog]:
    if request.param == "kafka":
        place = request.getfixturevalue("kafka_address")
        delete_topics(place)
    else:
        place = str(tmp_path / "log.db")
    log = open_log(request.param, place)
    log.ensure_topics(TOPICS)
    yield log
    log.close()


Handle = Callable[[Sequence[Entry]], Sequence[Handled]]


def copying(entries: Sequence[Entry]) -> list[Handled]:
    return [Handled("copied", (LogMessage(STORIES.name, e.id, e.title.encode()),)) for e in entries]


class Failing:
    """Copies, but for one entry whose handling fails the first so many times."""

    def __init__(self, id_: str, times: int) -> None:
        self.id, self.left = id_, times

    def __call__(self, entries: Sequence[Entry]) -> list[Handled]:
        if self.left and any(e.id == self.id for e in entries):
            self.left -= 1
            raise OSError("a file that is not there yet")
        return copying(entries)


def drain(log: EventLog, handle: Handle = copying, topic: Topic = ENTRIES, attempts: int = 3) -> Metrics:
    around = Surroundings(
        log, Metrics(), Health(), threading.Event(), 10, 0.5, 20, attempts=attempts, retry_pause=0.001
    )
    done = threading.Event()
    done.set()
    stage = Stage("copier", topic, partial(decode_message, ENTRIES, Entry), handle)
    run_stage(stage, around, done)
    return around.metrics


def put(log: EventLog, *ids: str) -> None:
    log.append([encode_message(ENTRIES, id_, entry(id_, title=f"title of {id_}")) for id_ in ids])


def copied(log: EventLog) -> list[str]:
    return sorted((record.key or b"").decode() for record in log.read(STORIES.name))


def test_what_may_pass_is_tried_again(log: EventLog) -> None:
    put(log, "a", "b", "c")
    drain(log, Failing("b", 3))  # once with the batch, twice alone
    assert copied(log) == ["a", "b", "c"]
    assert dead_letters(log) == []


def test_what_does_not_pass_is_put_aside_as_it_came_and_put_back_once(log: EventLog) -> None:
    original = LogMessage(ENTRIES.name, "b", b'{"id": "b"', {"content-type": b"\xff\x00", "their-own": b"1"})
    put(log, "a")
    log.append([original])
    put(log, "c", "d")
    drain(log, Failing("d", 9))
    found = {letter.key: letter for letter in dead_letters(log)}
    assert found["b"].original == original
    assert (found["b"].reason, found["b"].attempts, found["b"].stage) == ("not_json", "1", "copier")
    assert found["b"].origin.startswith(f"{ENTRIES.name}/")
    assert "BadMessage" in found["b"].trace
    assert (found["d"].reason, found["d"].attempts) == ("handler_failed", "3")
    assert found["d"].error == "OSError: a file that is not there yet"
    assert "in __call__" in found["d"].trace
    assert copied(log) == ["a", "c"]

    assert retry(log, [found["d"]]) == 1
    after = {letter.key: letter.retried for letter in dead_letters(log)}
    assert after == {"b": False, "d": True}
    assert retry(log, [letter for letter in dead_letters(log) if letter.key == "d"]) == 0
    drain(log)
    assert copied(log) == ["a", "c", "d"]


def test_one_that_fails_again_is_a_new_dead_letter(log: EventLog) -> None:
    log.append([LogMessage(ENTRIES.name, "b", b"no JSON", {"their-own": b"1"})])
    drain(log)
    retry(log, dead_letters(log))
    drain(log)
    first, second = dead_letters(log)
    assert (first.retried, second.retried) == (True, False)
    assert second.original == first.original


def test_a_result_that_no_log_takes_is_its_messages_fault(log: EventLog) -> None:
    def swelling(entries: Sequence[Entry]) -> list[Handled]:
        large = b"x" * 1_000_001
        return [
            Handled("copied", (LogMessage(STORIES.name, e.id, large if e.id == "b" else b"x"),))
            for e in entries
        ]

    put(log, "a", "b", "c")
    drain(log, swelling)
    assert copied(log) == ["a", "c"]
    (dead,) = dead_letters(log)
    assert (dead.key, dead.reason, dead.attempts) == ("b", "too_large", "1")


def test_the_largest_message_that_a_topic_takes_can_be_put_aside(log: EventLog) -> None:
    largest = LogMessage(ENTRIES.name, "b", b"x" * 1_048_000)
    log.append([largest])
    drain(log)
    (dead,) = dead_letters(log)
    assert dead.original == largest


def test_a_stop_leaves_what_is_being_tried_where_it_is(log: EventLog) -> None:
    put(log, "a")
    around = Surroundings(
        log, Metrics(), Health(), threading.Event(), 10, 0.5, 20, attempts=3, retry_pause=60
    )

    def failing(entries: Sequence[Entry]) -> list[Handled]:
        around.stop.set()
        raise OSError("no")

    stage = Stage("copier", ENTRIES, partial(decode_message, ENTRIES, Entry), failing)
    run_stage(stage, around, threading.Event())
    assert dead_letters(log) == []
    drain(log)
    assert copied(log) == ["a"]


def test_a_foreign_dead_letter_that_does_not_say_where_it_came_from_stays(log: EventLog) -> None:
    log.append([LogMessage("archwatch.dead-letters.v1", str(uuid.uuid4()), b"?")])
    with pytest.raises(BadInput, match="does not say"):
        retry(log, dead_letters(log))
    assert replace(dead_letters(log)[0]).retried is False
