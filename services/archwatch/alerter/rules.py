"""A rule: which stories it means, how loud, and how often."""

from collections.abc import Collection, Sequence
from typing import Annotated, Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from archwatch.contracts.alert import Severity
from archwatch.contracts.event import CodedEvent, EventType, FlaggedStory, Modality

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,60}$")]
Phase = Literal["new", "developing", "sustained", "fading"]
Hours = Annotated[float, Field(ge=0, le=24 * 366)]
RANK: Final = {severity: rank for rank, severity in enumerate(get_args(Severity))}


class Cooldown(BaseModel):
    """Hours for which nothing more is sent at once: of one story, and of the whole rule."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    story: Hours = 24
    rule: Hours = 0


class Rule(BaseModel):
    """A story meets a rule when it meets every condition given; a list is met by any one of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    severity: Severity
    meaning: str = Field(min_length=10, description="a plain sentence: what it means when this fires")
    channels: tuple[str, ...] = Field((), description="none: every channel of the settings")
    digest: bool = Field(False, description="never at once, always in the digest")
    cooldown: Cooldown = Cooldown()
    topics: tuple[str, ...] = ()
    actors: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    types: tuple[EventType, ...] = ()
    modality: tuple[Modality, ...] = ()
    languages: tuple[str, ...] = ()
    phase: tuple[Phase, ...] = ()
    independent_sources: int = Field(1, ge=1, le=1_000)
    min_score: float = Field(0.0, ge=0, le=1)
    min_intensity: float | None = Field(None, ge=-10, le=10)
    max_intensity: float | None = Field(None, ge=-10, le=10)

    @property
    def asks_for_an_event(self) -> bool:
        """Some condition is about a coded event, not about the story."""
        bounds = self.min_intensity is not None or self.max_intensity is not None
        return bool(self.actors or self.recipients or self.types or self.modality or bounds)


def matching_events(rule: Rule, data: FlaggedStory) -> tuple[CodedEvent, ...] | None:
    """The coded events that meet `rule`; () when it asks for none; None when the story does not meet it."""
    meets_story = (
        data.relevance.score >= rule.min_score
        and _any_of(rule.topics, {topic.id for topic in data.topics})
        and _any_of(rule.languages, {data.story.language})
        and _any_of(rule.phase, {phase(data)})
        and independent_sources(data) >= rule.independent_sources
    )
    if not meets_story:
        return None
    if not rule.asks_for_an_event:
        return ()
    return tuple(event for event in data.events if _meets(rule, event)) or None


def independent_sources(data: FlaggedStory) -> int:
    """How many independent outlets carry it; one for a story that was never clustered."""
    return data.story.independent_sources or 1


def phase(data: FlaggedStory) -> str:
    """`new` for a story that was never clustered."""
    return data.story.phase or "new"


def _meets(rule: Rule, event: CodedEvent) -> bool:
    return (
        _any_of(rule.actors, {actor.code for actor in event.actors})
        and _any_of(rule.recipients, {actor.code for actor in event.recipients})
        and _any_of(rule.types, {event.event_type})
        and _any_of(rule.modality, {event.modality})
        and (rule.min_intensity is None or event.intensity >= rule.min_intensity)
        and (rule.max_intensity is None or event.intensity <= rule.max_intensity)
    )


def _any_of(wanted: Sequence[str], present: Collection[str | None]) -> bool:
    return not wanted or any(one in present for one in wanted)
