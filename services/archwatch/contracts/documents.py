"""The published form of the contract, made from the models: JSON Schemas and an AsyncAPI 3 document.

`python -m archwatch.contracts` writes them; a test fails when they differ from the models.
"""

import json
from io import StringIO
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from archwatch import __version__
from archwatch.contracts.alert import Alert
from archwatch.contracts.codec import FLAGGED, SCHEMA_HEADER, UPDATE_SCHEMA, UPDATED, schema_id
from archwatch.contracts.entry import Entry
from archwatch.contracts.event import FlaggedStory
from archwatch.contracts.message import Message
from archwatch.contracts.story import Story
from archwatch.contracts.topics import ALERTS, DEAD_LETTERS, ENTRIES, EVENTS, STORIES, TOPICS, Topic

Json = dict[str, Any]

HERE: Final = Path(__file__).parent
MODELS: Final[dict[str, type[Message]]] = {
    ENTRIES.name: Entry,
    STORIES.name: Story,
    EVENTS.name: FlaggedStory,
    ALERTS.name: Alert,
}
DEAD_LETTER_HEADERS: Final = {
    "archwatch-stage": "the service that could not process it",
    "archwatch-reason": "a short label: not_json, wrong_schema, newer_version, invalid, handler_failed",
    "archwatch-error": "what went wrong, at most 2,000 characters",
    "archwatch-origin": "TOPIC/PARTITION/OFFSET of the original",
}


def schemas() -> dict[str, Json]:
    """File name to JSON Schema (draft 2020-12), one for each topic that carries JSON."""
    made = {f"{t.schema}.v{t.version}.json": _schema(t) for t in TOPICS if t.name in MODELS}
    made[f"{UPDATE_SCHEMA}.v{EVENTS.version}.json"] = _schema(EVENTS, UPDATED, UPDATE_SCHEMA)
    return made


def asyncapi() -> Json:
    """The AsyncAPI 3.0 document: every topic, who writes and reads it, its key and its message."""
    channels: Json = {}
    operations: Json = {}
    messages: Json = {}
    for topic in TOPICS:
        name = topic.schema
        messages[name] = _asyncapi_message(topic)
        channels[name] = {
            "address": topic.name,
            "description": f"{topic.purpose}. Key: {topic.key}. Written by {', '.join(topic.written_by)}; "
            f"read by {', '.join(topic.read_by)}.",
            "messages": {name: {"$ref": f"#/components/messages/{name}"}},
            "bindings": {"kafka": _kafka_binding(topic)},
        }
        for action, who in (("send", topic.written_by), ("receive", topic.read_by)):
            operations[f"{action}-{name}"] = {
                "action": action,
                "channel": {"$ref": f"#/channels/{name}"},
                "summary": f"{', '.join(who)}: {topic.purpose}",
            }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "archwatch",
            "version": __version__,
            "description": "Stories about the European security architecture, as structured events.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages},
    }


def write(folder: Path = HERE) -> list[Path]:
    """Write all documents below `folder`; returns their paths."""
    (folder / "schemas").mkdir(exist_ok=True)
    paths = []
    for name, schema in schemas().items():
        paths.append(folder / "schemas" / name)
        paths[-1].write_text(json.dumps(schema, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    paths.append(folder / "asyncapi.yaml")
    paths[-1].write_text(asyncapi_text(), encoding="utf-8")
    return paths


def asyncapi_text() -> str:
    """The AsyncAPI document as YAML."""
    out = StringIO()
    yaml = YAML()
    yaml.width = 110
    yaml.dump(asyncapi(), out)
    return out.getvalue()


def _schema(topic: Topic, kind: str = FLAGGED, name: str | None = None) -> Json:
    """For the events topic the whole CloudEvent, else the message itself."""
    body = MODELS[topic.name].model_json_schema(mode="serialization")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": schema_id(topic, name)}
    if topic is not EVENTS:
        return head | body
    definitions = body.pop("$defs")
    definitions["FlaggedStory"] = body
    text = {"type": "string", "minLength": 1}
    attributes = {
        "specversion": {"const": "1.0"},
        "id": text | {"description": "STORY:REVISION, the same whenever the event is made again"},
        "source": text | {"description": "the publishing instance"},
        "type": {"enum": [kind]},
        "subject": text | {"description": "the story id"},
        "time": {"type": "string", "format": "date-time"},
        "datacontenttype": {"const": "application/json"},
        "dataschema": {"const": schema_id(EVENTS, name)},
        "data": {"$ref": "#/$defs/FlaggedStory"},
    }
    return head | {
        "title": "StoryEvent",
        "description": "A CloudEvent 1.0 in structured mode.",
        "type": "object",
        "properties": attributes,
        "required": list(attributes),
        "$defs": definitions,
    }


def _asyncapi_message(topic: Topic) -> Json:
    message: Json = {
        "name": topic.schema,
        "summary": topic.purpose,
        "bindings": {"kafka": {"key": {"type": "string", "description": topic.key}}},
    }
    if topic is DEAD_LETTERS:
        names = DEAD_LETTER_HEADERS
        return message | {
            "contentType": "application/octet-stream",
            "headers": {
                "type": "object",
                "properties": {n: {"type": "string", "description": d} for n, d in names.items()},
                "required": list(names),
            },
        }
    content = "application/cloudevents+json" if topic is EVENTS else "application/json"
    return message | {
        "contentType": content,
        "headers": {
            "type": "object",
            "properties": {SCHEMA_HEADER: {"const": f"{topic.schema}/{topic.version}"}},
        },
        "payload": _payload(topic),
    }


def _payload(topic: Topic) -> Json:
    of_topic = {"$ref": f"./schemas/{topic.schema}.v{topic.version}.json"}
    if topic is not EVENTS:
        return of_topic
    return {"oneOf": [of_topic, {"$ref": f"./schemas/{UPDATE_SCHEMA}.v{topic.version}.json"}]}


def _kafka_binding(topic: Topic) -> Json:
    configuration: Json = {"cleanup.policy": [topic.cleanup]}
    if topic.retention_hours is not None:
        configuration["retention.ms"] = topic.retention_hours * 3_600_000
    return {"topicConfiguration": configuration}
