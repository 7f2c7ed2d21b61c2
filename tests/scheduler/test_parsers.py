"""Real processes that parse: a body that takes too much costs one of them, and the rest goes on."""

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archwatch.scheduler.feeds import Feed
from archwatch.scheduler.parse import ParsedFeed, parse_feed
from archwatch.scheduler.parsers import Parsers
from archwatch.scheduler.states import PollState
from archwatch.web.failure import Stopped
from feed_documents import ATOM, item, rss

NOW = datetime(2026, 3, 5, tzinfo=UTC)
FEED = Feed("https://n.example/feed", "Norland Wire")
# well within all bounds, and half a minute of work for feedparser, as its end is missing
SLOW = rss("<item><title>x</title>" + "<b a='1'>y</b>" * 145_000 + "</item>")[:-20]
# a hundred times as large once read
FAT = b'{"version": "https://jsonfeed.org/version/1.1", "items": [' + b"[],[]," * 1_000_000 + b"[]]}"


def parse(parsers: Parsers, body: bytes) -> ParsedFeed:
    return parsers.parse(body, feed=FEED, content_type=None, fetched_at=NOW, max_entries=100)


@pytest.fixture(scope="module")
def parsers() -> Iterator[Parsers]:
    ours = Parsers(2)
    yield ours
    ours.close()


def children() -> set[int]:
    lists = Path("/proc/self/task").glob("*/children")
    return {int(pid) for one in lists for pid in one.read_text().split()}


@pytest.mark.parametrize(
    "body", [rss(item(1), item(2), "<item/>"), ATOM, b"", b"no feed", rss(head="<!DOCTYPE x [")]
)
def test_a_process_gives_what_the_function_gives(parsers: Parsers, body: bytes) -> None:
    here = parse_feed(body, feed=FEED, content_type=None, fetched_at=NOW, max_entries=100)
    there = parse(parsers, body)
    assert list(map(str, there.problems)) == list(map(str, here.problems))
    assert replace(there, problems=()) == replace(here, problems=())


@pytest.mark.parametrize(
    ("body", "seconds", "why"), [(SLOW, 1, "not parsed within 1 s"), (FAT, 60, "needs more than 150 MB")]
)
def test_a_body_that_takes_too_much_is_named_and_the_rest_goes_on(
    body: bytes, seconds: float, why: str
) -> None:
    parsers = Parsers(2, seconds=seconds, memory=150_000_000)
    with ThreadPoolExecutor(6) as pool:
        hostile, *good = pool.map(
            lambda body: parse(parsers, body), [body, *(rss(item(n)) for n in range(9))]
        )
    assert (hostile.state, hostile.entries) == (PollState.PARSER_KILLED, ())
    assert why in (hostile.detail or "")
    assert [one.entries[0].guid for one in good] == [f"item-{n}" for n in range(9)]
    assert parse(parsers, rss(item())).state is PollState.OK
    parsers.close()


def test_processes_start_when_wanted_and_end_when_closed() -> None:
    before = children()
    ours = Parsers(3)
    assert children() == before
    parse(ours, rss(item(1)))
    parse(ours, rss(item(2)))
    assert len(children() - before) == 1
    ours.close()
    assert children() == before


def test_a_process_that_dies_is_named_and_another_begins() -> None:
    before = children()
    ours = Parsers(1, seconds=60)
    parse(ours, rss(item()))
    (process,) = children() - before
    os.kill(process, signal.SIGKILL)
    dead = parse(ours, rss(item()))
    assert (dead.state, "signal 9" in (dead.detail or "")) == (PollState.PARSER_KILLED, True)
    assert parse(ours, rss(item())).state is PollState.OK
    ours.close()


def test_stopping_ends_the_wait_for_a_slow_body() -> None:
    stop = threading.Event()
    ours = Parsers(1, seconds=60, stop=stop)
    parse(ours, rss(item()))
    threading.Timer(0.3, stop.set).start()
    with pytest.raises(Stopped):
        parse(ours, SLOW)
    with pytest.raises(Stopped):
        parse(ours, rss(item()))
    ours.close()
