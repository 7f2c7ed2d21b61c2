"""What was sent to whom, and why: `archwatch.alerts.v1`."""

from typing import Literal

from pydantic import Field

from archwatch.contracts.message import Id, Message, Utc

Severity = Literal["info", "notice", "warning", "critical"]
Outcome = Literal["sent", "digest", "suppressed"]
Held = Literal[
    "said", "repeated", "story_cooldown", "digest_rule", "quiet_hours", "rule_cooldown", "daily_limit"
]


class AlertSource(Message):
    """An outlet that carries the story."""

    name: str
    url: str | None = None


class Alert(Message):
    """One alert about one story."""

    id: Id = Field(description="story id + rule, + revision for what is new of a story: never raised twice")
    story_id: Id
    event_id: Id
    rule: str
    severity: Severity
    channel: str = Field(description="where it goes, several separated by commas; `log`: nowhere else")
    sentence: str = Field(description="what happened, in one sentence")
    why: str = Field(description="why the rule fired")
    url: str | None = None
    raised_at: Utc
    outcome: Outcome = Field("sent", description="at once, in the next digest, or not at all")
    held: Held | None = Field(None, description="why it was not sent at once, as a word of a closed list")
    reason: str | None = Field(None, description="the same in words")
    quote: str | None = Field(None, description="the words that it rests on, and whose they are")
    sources: tuple[AlertSource, ...] = ()
    changed: str | None = Field(None, description="what is new since the last alert of this story")
    matter: tuple[str, ...] = Field(
        (), description="what the story then held: `TYPE modality ACTORS>RECIPIENTS`"
    )
