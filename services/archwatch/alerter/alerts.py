"""`Event -> list[Alert]`: which rules a story meets, and what the alert says."""

from collections.abc import Sequence
from datetime import datetime

from archwatch.alerter.rules import Rule, matching_events
from archwatch.contracts.alert import Alert
from archwatch.contracts.codec import event_id
from archwatch.contracts.event import CodedEvent, FlaggedStory
from archwatch.contracts.wording import event_in_words


def alerts_for(data: FlaggedStory, rules: Sequence[Rule], now: datetime) -> list[Alert]:
    """One alert for each rule that the story meets; ids are the same whenever it is asked again."""
    alerts = []
    for rule in rules:
        matched = matching_events(rule, data)
        if matched is None:
            continue
        alerts.append(
            Alert(
                id=f"{event_id(data)}:{rule.name}",
                story_id=data.story.id,
                event_id=event_id(data),
                rule=rule.name,
                severity=rule.severity,
                channel=rule.channel,
                sentence=_sentence(data, matched),
                why=f"{rule.meaning} (relevance {data.relevance.score:.2f})",
                url=data.story.url,
                raised_at=now,
            )
        )
    return alerts


def _sentence(data: FlaggedStory, matched: tuple[CodedEvent, ...]) -> str:
    source = data.story.source
    if matched:
        return f"{event_in_words(matched[0])}: {data.story.title} ({source})"
    return f"{data.story.title} ({source})"
