"""What was sent to whom, and why: `archwatch.alerts.v1`."""

from typing import Literal

from pydantic import Field

from archwatch.contracts.message import Id, Message, Utc

Severity = Literal["info", "notice", "warning", "critical"]


class Alert(Message):
    """One alert about one story."""

    id: Id = Field(description="event id + rule: the same alert is never raised twice")
    story_id: Id
    event_id: Id
    rule: str
    severity: Severity
    channel: str = Field(description="where it was sent")
    sentence: str = Field(description="what happened, in one sentence")
    why: str = Field(description="why the rule fired")
    url: str | None = None
    raised_at: Utc
