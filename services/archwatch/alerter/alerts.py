"""`Event -> list[Alert]`: which rules a story meets, what each alert says, and whether it is sent at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from archwatch.alerter.policy import Policy
from archwatch.alerter.rules import RANK, Rule, independent_sources, matching_events
from archwatch.contracts.alert import Alert, AlertSource, Held, Outcome
from archwatch.contracts.codec import event_id
from archwatch.contracts.event import ActorRef, CodedEvent, FlaggedStory
from archwatch.contracts.wording import event_in_words


@dataclass(frozen=True)
class Past:
    """What was said before: the alerts of this story, oldest first (suppressed ones left out), when each
    rule last sent one at once, and how many were sent so today."""

    of_story: Sequence[Alert] = ()
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
        channel = ",".join(rule.channels or channels) or "log"
        said = [one for one in past.of_story if one.rule == rule.name or _as_loud(one, rule, channel)]
        known = {matter for one in said for matter in one.matter}
        new = tuple(event for event in events if _matter(event) not in known)
        made = _made(data, rule, new or events, channel, now)
        if said:
            made = made.model_copy(update={"changed": _changed(new, said[-1], data)})
        if any(one.rule == rule.name for one in said):
            made = made.model_copy(update={"id": f"{made.id}:r{data.story.revision}"[-200:]})
        outcome, held, reason = _outcome(made, rule, policy, past, said, alerts, anew=bool(new))
        alerts.append(made.model_copy(update={"outcome": outcome, "held": held, "reason": reason}))
    return alerts


def _as_loud(other: Alert, rule: Rule, channel: str) -> bool:
    """Whether who would be told by `rule` was told by `other`, with at least its severity."""
    told = set(channel.split(",")) <= set(other.channel.split(","))
    return other.outcome != "suppressed" and told and RANK[other.severity] >= RANK[rule.severity]


def _outcome(
    alert: Alert,
    rule: Rule,
    policy: Policy,
    past: Past,
    said: Sequence[Alert],
    now_told: Sequence[Alert],
    *,
    anew: bool,
) -> tuple[Outcome, Held | None, str | None]:
    """What becomes of `alert`, and the first reason that holds it back."""
    now = alert.raised_at
    for other in now_told:
        if _as_loud(other, rule, alert.channel):
            return "suppressed", "said", f"said by {other.rule}"
    if said and not anew:
        return "suppressed", "repeated", f"nothing new since it was said by {said[-1].rule}"
    at_once = [one.raised_at for one in said if one.outcome == "sent"]
    if at_once and now < max(at_once) + timedelta(hours=rule.cooldown.story):
        return "digest", "story_cooldown", "the story's cool-down"
    if rule.digest:
        return "digest", "digest_rule", "this rule goes to the digest"
    if policy.is_quiet(rule.severity, now):
        return "digest", "quiet_hours", "quiet hours"
    last = past.sent_by_rule.get(rule.name)
    if last is not None and now < last + timedelta(hours=rule.cooldown.rule):
        return "digest", "rule_cooldown", "the rule's cool-down"
    sent = past.sent_today + sum(one.outcome == "sent" for one in now_told)
    if sent >= policy.at_most - (0 if rule.severity == "critical" else policy.reserved):
        return "digest", "daily_limit", f"{sent} were sent today"
    return "sent", None, None


def _made(
    data: FlaggedStory, rule: Rule, events: tuple[CodedEvent, ...], channel: str, now: datetime
) -> Alert:
    return Alert(
        id=f"{data.story.id}:{rule.name}"[-200:],
        story_id=data.story.id,
        event_id=event_id(data),
        rule=rule.name,
        severity=rule.severity,
        channel=channel,
        sentence=_sentence(data, events),
        why=_why(data, rule, events),
        url=data.story.url,
        raised_at=now,
        quote=_quote(data, events),
        sources=tuple({e.source: AlertSource(name=e.source, url=e.url) for e in data.story.entries}.values()),
        matter=tuple(dict.fromkeys(_matter(event) for event in data.events)),
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


def _changed(new: Sequence[CodedEvent], before: Alert, data: FlaggedStory) -> str:
    sources = len({entry.source for entry in data.story.entries}) - len(before.sources)
    parts = [f"new: {'; '.join(dict.fromkeys(event_in_words(event) for event in new))}"] if new else []
    parts += [f"{sources} more sources"] if sources > 0 else []
    return f"since {before.raised_at:%Y-%m-%d %H:%M} UTC: {'; '.join(parts) or 'nothing that matters'}"
