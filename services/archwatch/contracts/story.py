"""A flagged entry with its relevance and topics: `archwatch.stories.v1`."""

from pydantic import Field

from archwatch.contracts.entry import Entry
from archwatch.contracts.message import Id, Message, Missing, Score


class Relevance(Message):
    """How surely the story is about the European security architecture, and why."""

    score: Score = Field(description="calibrated probability")
    threshold: Score = Field(description="flagged when score >= threshold")
    flagged: bool
    model: str = Field(description="version of the model that judged")
    reasons: tuple[str, ...] = Field((), description="what weighed most, in words; best first")


class TopicScore(Message):
    """One topic of config/topics.yaml with its probability."""

    id: str
    score: Score


class Story(Message):
    """An entry that an analyst should hear of."""

    id: Id = Field(description="key on stories and events")
    entry: Entry
    language: str | None = Field(description="detected, else declared (ISO 639-1); null when neither")
    relevance: Relevance
    topics: tuple[TopicScore, ...] = ()
    missing: Missing = Field(default_factory=dict)
