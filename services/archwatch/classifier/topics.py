"""The topics of config/topics.yaml: what the classifier's second question may answer."""

from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from archwatch.configfile import read_yaml
from archwatch.errors import ConfigError


class TopicText(BaseModel):
    """A topic as people read of it. The id is part of the published contract."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z-]{0,40}$")
    name: str = Field(min_length=1)
    meaning: str = Field(min_length=1)
    example: str = Field(min_length=1)


def untold(path: Path, given: Iterable[str], model: str) -> list[ConfigError]:
    """Topics that `model` gives and `path` says nothing of: one error for all of them."""
    told, errors = read_topics(path)
    missing = sorted(set(given) - {topic.id for topic in told})
    if errors or not missing:
        return []  # what is wrong with the file is told where it is read
    mend = "add them with name, meaning and example, or set classifier.topics to the file of that model"
    return [
        ConfigError(str(path), f"model {model} gives topics not told here: {', '.join(missing)}", mend=mend)
    ]


def read_topics(path: Path) -> tuple[list[TopicText], list[ConfigError]]:
    """The topics of `path` and every mistake in it, each with file and line."""
    file = read_yaml(path)
    listed = file.data.get("topics") if isinstance(file.data, dict) else None
    if not isinstance(listed, list):
        return [], [file.error((), "must hold a list named `topics`")]
    topics: list[TopicText] = []
    errors: list[ConfigError] = []
    for position, given in enumerate(listed):
        try:
            topic = TopicText.model_validate(given)
        except ValidationError as invalid:
            errors += [
                file.error(("topics", position, *e["loc"]), e["msg"])
                for e in invalid.errors(include_url=False, include_input=False)
            ]
            continue
        if any(topic.id == other.id for other in topics):
            errors.append(file.error(("topics", position, "id"), f"a second topic {topic.id!r}", "remove it"))
            continue
        topics.append(topic)
    return topics, errors
