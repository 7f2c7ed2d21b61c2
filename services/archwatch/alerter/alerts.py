"""`Event -> list[Alert]`: which rules a story meets, what each alert says, and whether it is sent at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from archwatch.alerter.policy import Policy
from archwatch.alerter.rules import RANK, Rule, independent_sources, matching_events
from archwatch.contracts.alert import Alert, AlertSource, Outcome
from archwatch.contracts.codec import event_id
from archwatch.contracts.event import ActorRef, CodedEvent, FlaggedStory
from archwatch.contracts.wording import event_in_words


@dataclass(frozen=True)
class Past:
    """What was said before: the last alert of this story by each rule (suppressed ones left out), when each
    rule last sent one at once, and how many were sent so today."""

    told: Mapping[str, Alert] = field(default_factory=dict)
    sent_by_rule: Mapping[str, datetime] = field(default_factory=dict)
    sent_today: int = 0


def alerts_for(
    data: FlaggedStory, policy: Policy, channels: tuple[str, ...], past: Past, now: datetime
) -> list[Alert]:
    """One alert for each rule that the story meets, the most severe first, with its outcome.

    `channels` are those of the settings. The same whenever it is asked again with the same past.
    """
    met = [(rule, events) for rule in policy.rules if (events := matching_events(rule, data)) is not None]
    alerts: list[Alert] = []
    for rule, events in sorted(met, key=lambda pair: -RANK[pair[0].severity]):
        made = _made(data, rule, events, channels, past.told.get(rule.name), now)
        others = [*alerts, *(a for name, a in past.told.items() if name != rule.name)]
        sent = past.sent_today + sum(alert.outcome == "sent" for alert in alerts)
        outcome, reason = _outcome(made, rule, policy, past, others, sent)
        alerts.append(made.model_copy(update={"outcome": outcome, "reason": reason}))
    return alerts


def _outcome(
    alert: Alert, rule: Rule, policy: Policy, past: Past, others: list[Alert], sent_today: int
) -> tuple[Outcome, str | None]:
    now, before = alert.raised_at, past.told.get(rule.name)
    if before is not None and not set(alert.matter) - set(before.matter):
        return "suppressed", "nothing new since it was said"
    for other in others:
        wider = set(alert.channel.split(",")) <= set(other.channel.split(","))
        if other.outcome != "suppressed" and wider and RANK[other.severity] >= RANK[rule.severity]:
            return "suppressed", f"said by {other.rule}"
    if before is not None and now < before.raised_at + timedelta(hours=rule.cooldown.story):
        return "digest", "the story's cool-down"
    if rule.digest:
        return "digest", "this rule goes to the digest"
    if policy.is_quiet(rule.severity, now):
        return "digest", "quiet hours"
    last = past.sent_by_rule.get(rule.name)
    if last is not None and now < last + timedelta(hours=rule.cooldown.rule):
        return "digest", "the rule's cool-down"
    limit = policy.at_most - (0 if rule.severity == "critical" else policy.reserved)
    if sent_today >= limit:
        return "digest", f"{sent_today} were sent today"
    return "sent", None


def _made(
    data: FlaggedStory,
    rule: Rule,
    events: tuple[CodedEvent, ...],
    channels: tuple[str, ...],
    before: Alert | None,
    now: datetime,
) -> Alert:
    matter = tuple(dict.fromkeys(_matter(event) for event in events))
    again = f":r{data.story.revision}" if before else ""
    return Alert(
        id=f"{data.story.id}:{rule.name}{again}"[-200:],
        story_id=data.story.id,
        event_id=event_id(data),
        rule=rule.name,
        severity=rule.severity,
        channel=",".join(rule.channels or channels) or "log",
        sentence=_sentence(data, events),
        why=_why(data, rule, events),
        url=data.story.url,
        raised_at=now,
        quote=_quote(data, events),
        sources=tuple({e.source: AlertSource(name=e.source, url=e.url) for e in data.story.entries}.values()),
        changed=_changed(matter, before, data) if before else None,
        matter=matter,
    )


def _sentence(data: FlaggedStory, events: tuple[CodedEvent, ...]) -> str:
    told = events or data.events
    words = f"{event_in_words(told[0])}: " if told else ""
    return f"{words}{data.story.title} ({data.story.source})"


def _why(data: FlaggedStory, rule: Rule, events: tuple[CodedEvent, ...]) -> str:
    asked = set(rule.topics)
    topics = ", ".join(t.id for t in data.topics if t.id in asked)
    parts = [f"relevance {data.relevance.score:.2f}"]
    parts += [f"topic {topics}"] if topics else []
    parts += [f"{events[0].event_type}, {events[0].modality}"] if events else []
    parts += [f"{independent_sources(data)} independent sources"] if rule.independent_sources > 1 else []
    return f"{rule.meaning} ({'; '.join(parts)})"


def _quote(data: FlaggedStory, events: tuple[CodedEvent, ...]) -> str | None:
    """What somebody said in the story, else the words that the coding rests on."""
    for quote in sorted(data.quotes, key=lambda one: one.kind != "direct"):
        if quote.speaker is not None:
            return f"“{quote.text}” ({quote.speaker.name or quote.speaker.text})"
    return events[0].evidence.text if events else None


def _matter(event: CodedEvent) -> str:
    def codes(refs: tuple[ActorRef, ...]) -> str:
        return ",".join(sorted({ref.code or ref.text for ref in refs}))

    return f"{event.event_type} {event.modality} {codes(event.actors)}>{codes(event.recipients)}"


def _changed(matter: tuple[str, ...], before: Alert, data: FlaggedStory) -> str:
    new = [one for one in matter if one not in before.matter]
    sources = len(data.story.entries) - len(before.sources)
    parts = [f"new: {'; '.join(new)}"] if new else []
    parts += [f"{sources} more sources"] if sources > 0 else []
    return f"since {before.raised_at:%Y-%m-%d %H:%M} UTC: {'; '.join(parts) or 'nothing that matters'}"
