"""`archwatch dead-letters` and `archwatch reset` as an operator uses them."""

import json
from pathlib import Path

import pytest

from archwatch.contracts.envelope import LogMessage, Record
from archwatch.contracts.topics import ENTRIES, EVENTS, TOPICS
from archwatch.deadletters import dead_letter
from archwatch.errors import BadMessage
from archwatch.eventlog.local import LocalLog
from commands import archwatch, write_config


@pytest.fixture
def options(tmp_path: Path) -> list[str | Path]:
    """A state folder with two dead letters: of an entry, and of an event."""
    log = LocalLog(tmp_path / "state" / "log.db")
    log.ensure_topics(TOPICS)
    log.append([LogMessage(ENTRIES.name, "bad", b"\xff?", {"h": b"1"}), LogMessage(EVENTS.name, "e", b"{}")])
    for stage, topic in (("classifier", ENTRIES), ("alerter", EVENTS)):
        (record,) = log.read(topic.name)
        assert isinstance(record, Record)
        log.append([dead_letter(stage, record, BadMessage("not_json", "no JSON"), 1)])
    log.close()
    return ["--config", write_config(tmp_path, []), "--state", tmp_path / "state"]


def test_dead_letters_are_listed_shown_and_put_back_once(options: list[str | Path]) -> None:
    first, second = archwatch("dead-letters", "list", "--json", *options).records
    assert (first["id"], first["stage"], first["reason"], first["key"]) == (
        "0/0", "classifier", "not_json", "bad",
    )  # fmt: skip
    assert "classifier" in archwatch("dead-letters", "list", *options).out
    shown = json.loads(archwatch("dead-letters", "show", "0/0", *options).out)
    assert (shown["value"], shown["headers"]) == ("\\xff?", {"h": "1"})
    assert archwatch("dead-letters", "show", "0/99", *options).code == 2

    assert "put back 1 of 1" in archwatch("dead-letters", "retry", "0/0", *options).err
    assert "put back 0 of 1" in archwatch("dead-letters", "retry", "0/0", *options).err
    refused = archwatch("dead-letters", "retry", "--all", *options)
    assert refused.code == 2
    assert "--republish" in refused.err
    assert "put back 1 of 2" in archwatch("dead-letters", "retry", "--all", "--republish", *options).err
    assert archwatch("dead-letters", "list", "--json", *options).records == []
    assert second["stage"] == "alerter"


def test_a_service_is_set_back(options: list[str | Path]) -> None:
    assert "1 wait" in archwatch("reset", "classifier", "--to", "beginning", *options).err
    assert "0 wait" in archwatch("reset", "classifier", "--to", "2999-01-01T00:00:00Z", *options).err
    assert archwatch("reset", "scheduler", "--to", "beginning", *options).code == 2
    assert archwatch("reset", "classifier", "--to", "soon", *options).code == 2
