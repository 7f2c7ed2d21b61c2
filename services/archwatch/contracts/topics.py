"""The topics: who writes, who reads, what is the key. The one list that all others follow."""

from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True)
class Topic:
    """A topic of the event log. `retention_hours` None keeps the last message of each key."""

    name: str
    schema: str
    version: int
    key: str
    written_by: tuple[str, ...]
    read_by: tuple[str, ...]
    purpose: str
    retention_hours: int | None

    @property
    def cleanup(self) -> Literal["compact", "delete"]:
        return "compact" if self.retention_hours is None else "delete"


ENTRIES: Final = Topic(
    "archwatch.entries.v1", "entry", 1, "entry id", ("scheduler",), ("classifier",),
    "one feed entry, normalised", 7 * 24,
)  # fmt: skip
STORIES: Final = Topic(
    "archwatch.stories.v1", "story", 1, "story id", ("classifier",), ("extractor",),
    "a flagged entry with its relevance and topics", 7 * 24,
)  # fmt: skip
EVENTS: Final = Topic(
    "archwatch.events.v1", "event", 1, "story id", ("extractor",), ("alerter", "subscribers"),
    "the public contract: one CloudEvent for each revision of a story", None,
)  # fmt: skip
ALERTS: Final = Topic(
    "archwatch.alerts.v1", "alert", 1, "story id", ("alerter",), ("subscribers",),
    "what was sent to whom, and why", 30 * 24,
)  # fmt: skip
DEAD_LETTERS: Final = Topic(
    "archwatch.dead-letters.v1", "dead-letter", 1, "original key",
    ("scheduler", "classifier", "extractor", "alerter"), ("operators",),
    "the original bytes of a message nobody could process; stage and error in the headers",
    30 * 24,
)  # fmt: skip

TOPICS: Final = (ENTRIES, STORIES, EVENTS, ALERTS, DEAD_LETTERS)
