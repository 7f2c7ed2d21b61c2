"""Logs are one line an event, and say who speaks."""

import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog

from archwatch.telemetry.logs import configure_logging, get_logger


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


def test_json_lines_carry_part_event_and_ids() -> None:
    out = StringIO()
    configure_logging("info", "json", out)
    get_logger("extractor").info("event_published", story="s1", title="Переговоры\nв Женеве")
    (line,) = out.getvalue().splitlines()
    record = json.loads(line)
    assert {k: record[k] for k in ("part", "event", "story", "level")} == {
        "part": "extractor",
        "event": "event_published",
        "story": "s1",
        "level": "info",
    }
    assert record["title"] == "Переговоры\nв Женеве"
    assert record["timestamp"].endswith("Z")


def test_what_is_below_the_level_is_left_out() -> None:
    out = StringIO()
    configure_logging("warning", "json", out)
    get_logger("x").info("quiet")
    get_logger("x").warning("loud")
    assert [json.loads(line)["event"] for line in out.getvalue().splitlines()] == ["loud"]


def test_an_exception_stays_on_one_line() -> None:
    out = StringIO()
    configure_logging("info", "json", out)
    try:
        raise KeyError("actor")
    except KeyError:
        get_logger("x").exception("crash")
    (line,) = out.getvalue().splitlines()
    assert "KeyError" in json.loads(line)["exception"]


def test_a_library_that_warns_is_heard_as_json() -> None:
    out = StringIO()
    configure_logging("info", "json", out)
    logging.getLogger("kafka.conn").warning('broker "b1" is away')
    (line,) = out.getvalue().splitlines()
    assert json.loads(line)["event"] == 'broker "b1" is away'
