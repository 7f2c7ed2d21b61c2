"""Alert rules: config/alerts.yaml, checked when read."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Annotated, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from archwatch.configfile import ConfigFile, read_yaml
from archwatch.contracts.alert import Severity
from archwatch.contracts.event import CodedEvent, EventType, FlaggedStory, Modality
from archwatch.errors import ConfigError

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,60}$")]


class Rule(BaseModel):
    """A story meets a rule when it meets every condition given; a list is met by any one of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    severity: Severity
    channel: str = "log"
    meaning: str = Field(min_length=10, description="a plain sentence: what it means when this fires")
    topics: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    types: tuple[EventType, ...] = ()
    modality: tuple[Modality, ...] = ()
    languages: tuple[str, ...] = ()
    min_score: float = Field(0.0, ge=0, le=1)
    max_intensity: float | None = Field(None, ge=-10, le=10)


def read_rules(path: Path) -> tuple[list[Rule], list[ConfigError]]:
    """The rules of `path` and every mistake in it, each with file and line."""
    file = read_yaml(path)
    listed = file.data.get("rules") if isinstance(file.data, dict) else None
    if not isinstance(listed, list):
        return [], [file.error((), "must hold a list named `rules`")]
    rules: list[Rule] = []
    errors: list[ConfigError] = []
    for position, given in enumerate(listed):
        try:
            rule = Rule.model_validate(given)
        except ValidationError as invalid:
            errors += _errors(file, position, invalid)
            continue
        if any(rule.name == other.name for other in rules):
            errors.append(
                file.error(("rules", position, "name"), f"a second rule named {rule.name!r}", "rename it")
            )
            continue
        rules.append(rule)
    return rules, errors


def matching_events(rule: Rule, data: FlaggedStory) -> tuple[CodedEvent, ...] | None:
    """The coded events that meet `rule`; () when it asks for none; None when the story does not meet it."""
    topics = {topic.id for topic in data.topics}
    meets_story = (
        data.relevance.score >= rule.min_score
        and _any_of(rule.topics, topics)
        and _any_of(rule.languages, {data.story.language})
    )
    if not meets_story:
        return None
    if not (rule.actors or rule.recipients or rule.types or rule.modality or rule.max_intensity is not None):
        return ()
    return tuple(event for event in data.events if _meets(rule, event)) or None


def _meets(rule: Rule, event: CodedEvent) -> bool:
    return (
        _any_of(rule.actors, {actor.code for actor in event.actors})
        and _any_of(rule.recipients, {actor.code for actor in event.recipients})
        and _any_of(rule.types, {event.event_type})
        and _any_of(rule.modality, {event.modality})
        and (rule.max_intensity is None or event.intensity <= rule.max_intensity)
    )


def _any_of(wanted: Sequence[str], present: Collection[str | None]) -> bool:
    return not wanted or any(one in present for one in wanted)


def _errors(file: ConfigFile, position: int, invalid: ValidationError) -> list[ConfigError]:
    known = ", ".join(Rule.model_fields)
    mends = {
        "extra_forbidden": f"a rule knows: {known}",
        "literal_error": f"severities: {get_args(Severity)}",
    }
    return [
        file.error(
            ("rules", position, *e["loc"]), e["msg"], mends.get(e["type"], "") if len(e["loc"]) == 1 else ""
        )
        for e in invalid.errors(include_url=False, include_input=False)
    ]
