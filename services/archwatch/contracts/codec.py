"""Messages to bytes and back: strict when writing, tolerant of added fields when reading.

Internal messages are JSON with a header `archwatch-schema: NAME/VERSION`. The public event is a
CloudEvent 1.0 in structured mode, as the CloudEvents Kafka binding says.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final, TypeVar

from cloudevents.core.bindings.kafka import KafkaMessage, from_structured_event, to_structured_event
from cloudevents.core.exceptions import BaseCloudEventException
from cloudevents.core.v1.event import CloudEvent
from pydantic import ValidationError

from archwatch.contracts.envelope import LogMessage, Record
from archwatch.contracts.event import FlaggedStory
from archwatch.contracts.message import Message
from archwatch.contracts.topics import EVENTS, Topic
from archwatch.errors import BadMessage

M = TypeVar("M", bound=Message)

SCHEMA_HEADER: Final = "archwatch-schema"
FLAGGED: Final = "archwatch.story.flagged.v1"
UPDATED: Final = "archwatch.story.updated.v1"
EVENT_TYPES: Final = (FLAGGED, UPDATED)
# a type of its own has a schema of its own: a reader of the first type is promised no other
UPDATE_SCHEMA: Final = f"{EVENTS.schema}-update"


def schema_id(topic: Topic, name: str | None = None) -> str:
    """The `dataschema` of an event, and the `$id` of its JSON Schema; `name` if it is not the topic's."""
    return f"urn:archwatch:schema:{name or topic.schema}:{topic.version}"


def encode_message(topic: Topic, key: str, message: Message) -> LogMessage:
    """An internal message, ready for `topic`."""
    headers = {
        "content-type": b"application/json",
        SCHEMA_HEADER: f"{topic.schema}/{topic.version}".encode(),
    }
    return LogMessage(topic.name, key, message.model_dump_json().encode(), headers)


def decode_message(topic: Topic, kind: type[M], record: Record) -> M:
    """The message of `record`. Raises BadMessage if it is not one that this version reads."""
    _check_version(topic, record.headers)
    return _validated(kind, record.value)


def encode_event(data: FlaggedStory, *, source: str, time: datetime) -> LogMessage:
    """The public event: its id is the story's id and revision, so that it is the same when re-made."""
    first = data.story.revision == 1
    event = CloudEvent(
        {
            "id": event_id(data),
            "source": source,
            "type": FLAGGED if first else UPDATED,
            "subject": data.story.id,
            "time": time,
            "datacontenttype": "application/json",
            "dataschema": schema_id(EVENTS, None if first else UPDATE_SCHEMA),
        },
        data.model_dump(mode="json"),
    )
    wire = to_structured_event(event)
    headers = {**wire.headers, SCHEMA_HEADER: f"{EVENTS.schema}/{EVENTS.version}".encode()}
    return LogMessage(EVENTS.name, data.story.id, wire.value, headers)


def event_id(data: FlaggedStory) -> str:
    """`STORY:REVISION`."""
    return f"{data.story.id}:{data.story.revision}"


def decode_event(record: Record) -> FlaggedStory:
    """The data of a CloudEvent. Raises BadMessage for what is no event or of a newer version."""
    _check_version(EVENTS, record.headers)
    _parsed_json(record.value)
    try:
        event = from_structured_event(KafkaMessage(headers={}, key=None, value=record.value))
    except (BaseCloudEventException, KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadMessage("invalid", f"not a CloudEvent: {error}") from error
    kind = event.get_type()
    if kind not in EVENT_TYPES:
        newer = kind.startswith("archwatch.story.")
        raise BadMessage(
            "newer_version" if newer else "wrong_schema",
            f"event type {kind!r}; known are {', '.join(EVENT_TYPES)}",
        )
    return _validated(FlaggedStory, json.dumps(event.get_data()).encode())


def _check_version(topic: Topic, headers: Mapping[str, bytes]) -> None:
    header = headers.get(SCHEMA_HEADER)
    if header is None:
        return  # a foreign writer may leave it out: the body is then judged by its fields
    name, _, version = header.decode("utf-8", "replace").partition("/")
    if name != topic.schema:
        raise BadMessage("wrong_schema", f"schema {name!r} on {topic.name}, which carries {topic.schema!r}")
    if version != str(topic.version):
        detail = f"version {version!r} of {name!r}; this archwatch reads version {topic.version}: upgrade it"
        raise BadMessage("newer_version", detail)


def _validated(kind: type[M], value: bytes) -> M:
    try:
        return kind.model_validate_json(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        if first["type"] == "json_invalid":
            raise BadMessage("not_json", first["msg"]) from error
        place = ".".join(str(part) for part in first["loc"])
        raise BadMessage("invalid", f"{place}: {first['msg']} ({error.error_count()} faults)") from error


def _parsed_json(value: bytes) -> object:
    try:
        return json.loads(value)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise BadMessage("not_json", f"not JSON: {error}") from error
