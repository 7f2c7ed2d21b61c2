"""A change that would break a consumer of the previous version fails here."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from packaging.version import Version

from archwatch.contracts.compatibility import breaking_changes
from archwatch.contracts.documents import schemas

RELEASED = max(
    (p for p in (Path(__file__).parent / "released").iterdir()), key=lambda path: Version(path.name)
)


@pytest.mark.parametrize("name", [path.name for path in sorted(RELEASED.glob("*.json"))])
def test_no_breaking_change_since_the_last_release(name: str) -> None:
    old = json.loads((RELEASED / name).read_text())
    assert name in schemas(), f"{name} is gone: a consumer of {RELEASED.name} would find no schema"
    assert not breaking_changes(old, schemas()[name])


def test_every_schema_has_a_released_one() -> None:
    assert {p.name for p in RELEASED.glob("*.json")}


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
