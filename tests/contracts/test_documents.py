"""The checked-in documents are those of the models, are valid, and describe what is really sent."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft7Validator, Draft202012Validator, FormatChecker

from archwatch.contracts.codec import encode_event, encode_message
from archwatch.contracts.documents import HERE, asyncapi, asyncapi_text, schemas, write
from archwatch.contracts.topics import ENTRIES, STORIES, TOPICS
from samples import NOW, entry, flagged_story, story


def test_checked_in_documents_are_those_of_the_models() -> None:
    mend = "run `make contracts` and commit what it writes"
    for name, schema in schemas().items():
        assert json.loads((HERE / "schemas" / name).read_text()) == schema, f"{name}: {mend}"
    assert (HERE / "asyncapi.yaml").read_text() == asyncapi_text(), f"asyncapi.yaml: {mend}"


def test_written_documents_are_the_checked_in_ones(tmp_path: Path) -> None:
    names = {path.relative_to(tmp_path) for path in write(tmp_path)}
    checked_in = {p.relative_to(HERE) for p in (*HERE.glob("schemas/*.json"), HERE / "asyncapi.yaml")}
    assert names == checked_in, "a schema is checked in that no model writes, or the other way round"


def test_asyncapi_document_is_valid_asyncapi_3() -> None:
    schema = json.loads((Path(__file__).parent / "asyncapi-3.0.0.schema.json").read_text())
    Draft7Validator(schema).validate(asyncapi())


def test_asyncapi_document_has_every_topic() -> None:
    assert {c["address"] for c in asyncapi()["channels"].values()} == {t.name for t in TOPICS}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("entry.v1.json", encode_message(ENTRIES, "e1", entry()).value),
        ("story.v1.json", encode_message(STORIES, "e1", story()).value),
        ("event.v1.json", encode_event(flagged_story(), source="here", time=NOW).value),
        ("event-update.v1.json", encode_event(flagged_story(revision=2), source="here", time=NOW).value),
    ],
)
def test_what_is_sent_fits_its_schema(name: str, value: bytes) -> None:
    schema = schemas()[name]
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    assert not [error.message for error in validator.iter_errors(json.loads(value))]


def test_a_wrong_event_does_not_fit() -> None:
    event = json.loads(encode_event(flagged_story(), source="here", time=NOW).value)
    event["data"]["events"][0]["event_type"] = "STATEMENT"
    assert not Draft202012Validator(schemas()["event.v1.json"]).is_valid(event)
