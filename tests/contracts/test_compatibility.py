"""A change that would break a consumer of the previous version fails here."""

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from packaging.version import Version

from archwatch.contracts.codec import SCHEMA_HEADER, decode_event, encode_event, encode_message
from archwatch.contracts.compatibility import breaking_changes
from archwatch.contracts.documents import schemas
from archwatch.contracts.envelope import LogMessage, Record
from archwatch.contracts.topics import ENTRIES
from samples import NOW, entry, flagged_story

RELEASES = sorted((Path(__file__).parent / "released").iterdir(), key=lambda path: Version(path.name))
RELEASED = RELEASES[-1]


@pytest.mark.parametrize("name", [path.name for path in sorted(RELEASED.glob("*.json"))])
def test_no_breaking_change_since_the_last_release(name: str) -> None:
    old = json.loads((RELEASED / name).read_text())
    assert name in schemas(), f"{name} is gone: a consumer of {RELEASED.name} would find no schema"
    assert not breaking_changes(old, schemas()[name])


def test_every_schema_has_a_released_one() -> None:
    assert {p.name for p in RELEASED.glob("*.json")}


def published(message: LogMessage) -> Record:
    return Record(message.topic, 0, 0, message.key.encode(), message.value, message.headers, NOW)


def event_schema() -> dict[str, Any]:
    return copy.deepcopy(schemas()["event.v1.json"])


def test_the_same_schema_breaks_nothing() -> None:
    assert breaking_changes(event_schema(), event_schema()) == []


def test_an_added_field_breaks_nothing() -> None:
    new = event_schema()
    new["$defs"]["CodedEvent"]["properties"]["context"] = {"type": "string"}
    new["$defs"]["CodedEvent"]["required"].append("context")
    assert breaking_changes(event_schema(), new) == []


def test_a_narrowed_bound_breaks_nothing() -> None:
    new = event_schema()
    new["$defs"]["Evidence"]["properties"]["text"]["maxLength"] = 100
    assert breaking_changes(event_schema(), new) == []


def remove_field(schema: dict[str, Any]) -> None:
    del schema["$defs"]["CodedEvent"]["properties"]["event_type"]


def make_optional(schema: dict[str, Any]) -> None:
    schema["$defs"]["StoryHead"]["required"].remove("title")


def change_type(schema: dict[str, Any]) -> None:
    schema["$defs"]["CodedEvent"]["properties"]["intensity"]["type"] = "string"


def widen_enum(schema: dict[str, Any]) -> None:
    schema["$defs"]["CodedEvent"]["properties"]["modality"]["enum"].append("rumoured")


def allow_null(schema: dict[str, Any]) -> None:
    field = schema["$defs"]["Quote"]["properties"]
    field["text"] = {"anyOf": [{"type": "string"}, {"type": "null"}]}


def widen_bound(schema: dict[str, Any]) -> None:
    schema["$defs"]["CodedEvent"]["properties"]["intensity"]["maximum"] = 100


def change_list_items(schema: dict[str, Any]) -> None:
    schema["$defs"]["FlaggedStory"]["properties"]["topics"]["items"] = {"type": "string"}


def new_event_type(schema: dict[str, Any]) -> None:
    schema["properties"]["type"]["enum"].append("archwatch.story.flagged.v2")


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (remove_field, "event_type: removed"),
        (make_optional, "title: was always there"),
        (change_type, "intensity: type number became string"),
        (widen_enum, "modality: new values ['rumoured']"),
        (allow_null, "text: type string became null"),
        (widen_bound, "intensity: maximum 10"),
        (change_list_items, "topics[]: type object became string"),
        (new_event_type, "$.type: new values"),
    ],
)
def test_a_breaking_change_is_named_with_its_place(change: Any, place: str) -> None:
    new = event_schema()
    change(new)
    assert any(place in line for line in breaking_changes(event_schema(), new))


def later(value: Any, name: str, added: Any) -> Any:
    """`value` as a later version might write it: a field more in each object at every depth, but in a map."""
    if isinstance(value, dict):
        fields = {
            key: inner if key == "missing" else later(inner, name, added) for key, inner in value.items()
        }
        return fields | {name: added}
    return [later(inner, name, added) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("added", [None, 1, "x", [[]], {"deep": [{"er": 0.5}]}])
def test_a_consumer_of_today_reads_a_later_event(added: Any) -> None:
    data = flagged_story()
    record = published(encode_event(data, source="urn:test", time=NOW))
    envelope = json.loads(record.value)
    envelope["data"] = later(envelope["data"], "later_field", added)
    envelope["laterextension"] = "x"  # CloudEvents: attributes are lower case, without a mark between
    assert decode_event(replace(record, value=json.dumps(envelope).encode())) == data


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name)
def test_a_consumer_that_checks_by_a_released_schema_takes_the_events_of_today(release: Path) -> None:
    schema = json.loads((release / "event.v1.json").read_text())
    event = json.loads(encode_event(flagged_story(), source="urn:test", time=NOW).value)
    assert [error.message for error in Draft202012Validator(schema).iter_errors(event)] == []
    more = event | {"data": later(event["data"], "later_field", 1)}
    assert [error.message for error in Draft202012Validator(schema).iter_errors(more)] == []
    assert list(Draft202012Validator(schema).iter_errors(event | {"data": {}}))


def test_every_message_says_its_schema_and_version() -> None:
    """A consumer that meets a version it does not know can tell before it parses."""
    assert encode_message(ENTRIES, "e1", entry()).headers[SCHEMA_HEADER] == b"entry/1"
    assert encode_event(flagged_story(), source="urn:test", time=NOW).headers[SCHEMA_HEADER] == b"event/1"
