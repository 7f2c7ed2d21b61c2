"""What is written is read back; what cannot be read says why."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archwatch.contracts import Entry
from archwatch.contracts.codec import (
    SCHEMA_HEADER,
    decode_event,
    decode_message,
    encode_event,
    encode_message,
    event_id,
)
from archwatch.contracts.envelope import LogMessage, Record
from archwatch.contracts.topics import ENTRIES
from archwatch.errors import BadMessage
from samples import NOW, entry, flagged_story


def published(message: LogMessage) -> Record:
    return Record(message.topic, 0, 0, message.key.encode(), message.value, message.headers, NOW)


@given(title=st.text(max_size=200), summary=st.text(max_size=200), language=st.none() | st.text(max_size=5))
def test_an_entry_survives_the_way(title: str, summary: str, language: str | None) -> None:
    try:
        before = entry(title=title, summary=summary, language=language)
        record = published(encode_message(ENTRIES, before.id, before))
    except UnicodeEncodeError:
        return  # a lone surrogate is no text; the scheduler never lets one in
    assert decode_message(ENTRIES, Entry, record) == before


def test_an_event_survives_the_way_and_is_a_cloudevent() -> None:
    data = flagged_story(revision=3)
    message = encode_event(data, source="urn:test", time=NOW)
    envelope = json.loads(message.value)
    assert message.key == "e1"
    assert message.headers["content-type"] == b"application/cloudevents+json"
    assert {k: envelope[k] for k in ("specversion", "id", "type", "subject", "source")} == {
        "specversion": "1.0",
        "id": event_id(data),
        "type": "archwatch.story.updated.v1",
        "subject": "e1",
        "source": "urn:test",
    }
    assert decode_event(published(message)) == data


def test_unknown_fields_are_ignored() -> None:
    record = published(encode_message(ENTRIES, "e1", entry()))
    later = replace(record, value=json.dumps(json.loads(record.value) | {"mood": "grim"}).encode())
    assert decode_message(ENTRIES, Entry, later) == entry()


@pytest.mark.parametrize(
    ("value", "headers", "reason", "hint"),
    [
        (b"<rss/>", {}, "not_json", "line 1"),
        (b"\xff\xfe", {}, "not_json", "line 1"),
        (b"[]", {}, "invalid", "object"),
        (b'{"id": "x"}', {}, "invalid", "feed"),
        (b"{}", {SCHEMA_HEADER: b"entry/2"}, "newer_version", "upgrade"),
        (b"{}", {SCHEMA_HEADER: b"story/1"}, "wrong_schema", "archwatch.entries.v1"),
    ],
)
def test_a_bad_entry_says_why(value: bytes, headers: dict[str, bytes], reason: str, hint: str) -> None:
    with pytest.raises(BadMessage, match=hint) as caught:
        decode_message(ENTRIES, Entry, Record(ENTRIES.name, 0, 0, b"k", value, headers, NOW))
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"type": "archwatch.story.flagged.v2"}, "newer_version"),
        ({"type": "com.example.other"}, "wrong_schema"),
        ({"id": ""}, "invalid"),
        ({"specversion": "9.9"}, "invalid"),
        ({"data": {"story": None}}, "invalid"),
        ({"data": None}, "invalid"),
    ],
)
def test_a_bad_event_says_why(change: dict[str, object], reason: str) -> None:
    record = published(encode_event(flagged_story(), source="here", time=NOW))
    envelope = json.loads(record.value) | change
    with pytest.raises(BadMessage) as caught:
        decode_event(replace(record, value=json.dumps(envelope).encode()))
    assert caught.value.reason == reason


@given(st.binary(max_size=300) | st.recursive(st.none() | st.text() | st.integers(), st.lists).map(
    lambda value: json.dumps(value).encode()
))  # fmt: skip
def test_any_bytes_end_in_a_bad_message(value: bytes) -> None:
    with pytest.raises(BadMessage):
        decode_event(Record("archwatch.events.v1", 0, 0, None, value, {}, NOW))
