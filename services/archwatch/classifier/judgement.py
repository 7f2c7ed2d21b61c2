"""What a model says of an entry."""

from dataclasses import dataclass

from archwatch.contracts.story import Relevance, TopicScore


@dataclass(frozen=True)
class Judgement:
    """What the model says of one entry; `missing` says why `language` is null."""

    relevance: Relevance
    topics: tuple[TopicScore, ...]
    language: str | None
    missing: dict[str, str]
