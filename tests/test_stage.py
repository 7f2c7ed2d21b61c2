"""The shell of a service: each message counts once, a bad one is put aside, too many stop the stage."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from archwatch.contracts.codec import SCHEMA_HEADER, decode_message, encode_message
from archwatch.contracts.entry import Entry
from archwatch.contracts.envelope import LogMessage
from archwatch.contracts.topics import DEAD_LETTERS, ENTRIES, STORIES, TOPICS
from archwatch.errors import TransientError
from archwatch.eventlog.local import LocalLog
from archwatch.stage import FuseBlown, Handled, Stage, Surroundings, run_stage
from archwatch.telemetry.health import Health
from archwatch.telemetry.metrics import Metrics
from samples import entry


@pytest.fixture
def log(tmp_path: Path) -> Iterator[LocalLog]:
    log = LocalLog(tmp_path / "log.db")
    log.ensure_topics(TOPICS)
    yield log
    log.close()


@pytest.fixture
def around(log: LocalLog) -> Surroundings:
    return Surroundings(log, Metrics(), Health(), threading.Event(), batch=10, fuse_share=0.5, fuse_window=20)


def copying(entries: Sequence[Entry]) -> list[Handled]:
    return [Handled("copied", (LogMessage(STORIES.name, e.id, e.title.encode()),)) for e in entries]


def stage(handle: Callable[[Sequence[Entry]], Sequence[Handled]] = copying) -> Stage[Entry]:
    return Stage("copier", ENTRIES, partial(decode_message, ENTRIES, Entry), handle)


def put(log: LocalLog, *ids: str) -> None:
    log.append([encode_message(ENTRIES, id_, entry(id_, title=f"title of {id_}")) for id_ in ids])


def drain(stage: Stage[Entry], around: Surroundings) -> None:
    done = threading.Event()
    done.set()
    run_stage(stage, around, done)


def values(log: LocalLog, topic: str) -> list[bytes]:
    return [record.value for record in log.read(topic)]


def test_every_message_is_handled_in_order_and_then_it_ends(log: LocalLog, around: Surroundings) -> None:
    put(log, *(f"e{n}" for n in range(25)))
    drain(stage(), around)
    assert values(log, STORIES.name) == [f"title of e{n}".encode() for n in range(25)]
    assert around.metrics.total("archwatch_stage_records_total", outcome="copied") == 25
    assert log.group_lag("archwatch.copier", ENTRIES.name) == 0


def test_a_second_run_handles_nothing_again(log: LocalLog, around: Surroundings) -> None:
    put(log, "a")
    drain(stage(), around)
    drain(stage(), around)
    assert len(values(log, STORIES.name)) == 1


@pytest.mark.parametrize(
    ("value", "headers", "reason"),
    [
        (b"<html>", {}, b"not_json"),
        (b'{"id": ""}', {}, b"invalid"),
        (b"{}", {SCHEMA_HEADER: b"entry/9"}, b"newer_version"),
    ],
)
def test_a_bad_message_goes_to_the_dead_letters_and_the_rest_goes_on(
    log: LocalLog, around: Surroundings, value: bytes, headers: dict[str, bytes], reason: bytes
) -> None:
    put(log, "before")
    log.append([LogMessage(ENTRIES.name, "bad", value, headers)])
    put(log, "after")
    drain(stage(), around)
    assert values(log, STORIES.name) == [b"title of before", b"title of after"]
    (dead,) = log.read(DEAD_LETTERS.name)
    assert (dead.key, dead.value) == (b"bad", value)
    assert dead.headers["archwatch-stage"] == b"copier"
    assert dead.headers["archwatch-reason"] == reason
    assert dead.headers["archwatch-origin"] == b"archwatch.entries.v1/0/1"
    assert dead.headers["archwatch-error"]
    assert around.metrics.value("archwatch_dead_letters_total", stage="copier", reason=reason.decode()) == 1


def test_a_bug_in_the_handler_puts_only_its_message_aside(log: LocalLog, around: Surroundings) -> None:
    def buggy(entries: Sequence[Entry]) -> list[Handled]:
        if any(e.id == "poison" for e in entries):
            raise ZeroDivisionError("the poison")
        return copying(entries)

    put(log, "a", "poison", "b")
    drain(stage(buggy), around)
    assert values(log, STORIES.name) == [b"title of a", b"title of b"]
    (dead,) = log.read(DEAD_LETTERS.name)
    assert dead.headers["archwatch-reason"] == b"handler_failed"
    assert b"ZeroDivisionError: the poison" in dead.headers["archwatch-error"]


def test_when_most_messages_fail_the_stage_stops(log: LocalLog, around: Surroundings) -> None:
    log.append([LogMessage(ENTRIES.name, str(n), b"rubbish") for n in range(60)])
    with pytest.raises(FuseBlown, match="over 50% of the last 20 messages"):
        drain(stage(), around)
    assert len(log.read(DEAD_LETTERS.name)) == 20
    assert log.group_lag("archwatch.copier", ENTRIES.name) == 40


def test_while_something_is_away_nothing_is_lost_and_health_says_so(
    log: LocalLog, around: Surroundings
) -> None:
    away = [TransientError("the database is away")] * 2
    seen_waiting: list[dict[str, str]] = []

    def sometimes(entries: Sequence[Entry]) -> list[Handled]:
        if away:
            raise away.pop()
        return copying(entries)

    waits = around.health.waits

    def noted(part: str, reason: str) -> None:
        waits(part, reason)
        seen_waiting.append(around.health.readiness()[1])

    around.health.waits = noted  # type: ignore[method-assign]
    put(log, "a", "b")
    drain(stage(sometimes), around)
    assert len(values(log, STORIES.name)) == 2
    assert seen_waiting == [{"copier": "the database is away"}] * 2
    assert around.health.readiness() == (True, {})
    assert around.metrics.total("archwatch_stage_retries_total", cause="unavailable") == 2


def test_counters_move_only_for_what_was_committed(log: LocalLog, around: Surroundings) -> None:
    told: list[str] = []

    def handle(entries: Sequence[Entry]) -> list[Handled]:
        return [
            replace(one, then=partial(told.append, e.id))
            for one, e in zip(copying(entries), entries, strict=True)
        ]

    put(log, "a")
    with log.consume("archwatch.copier", ENTRIES.name) as other:  # holds the lease: nothing may be handled
        assert other.poll(1, 0)
        around.stop.set()
        run_stage(stage(handle), around, threading.Event())
    assert told == []
    around.stop.clear()
    drain(stage(handle), around)
    assert told == ["a"]


def test_a_stop_ends_a_stage_that_waits(log: LocalLog, around: Surroundings) -> None:
    thread = threading.Thread(target=run_stage, args=(stage(), around, threading.Event()))
    thread.start()
    around.stop.set()
    thread.join(10)
    assert not thread.is_alive()
