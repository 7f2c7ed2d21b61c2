"""Which alerts a story leads to: what each says, and why it is sent at once, later, or not at all."""

from datetime import datetime, timedelta

import pytest

from archwatch.alerter.alerts import Past, alerts_for
from archwatch.alerter.policy import Policy
from archwatch.contracts.alert import Alert
from archwatch.contracts.event import FlaggedStory
from samples import NOW, flagged_story

HOUR = timedelta(hours=1)


def policy(*rules: dict[str, object], **fields: object) -> Policy:
    common = {"severity": "notice", "meaning": "Something happened to the order."}
    given = rules or ({"name": "no", "types": ["REJECT"]},)
    return Policy.model_validate({"rules": [common | rule for rule in given]} | fields)


def one(
    ours: Policy, past: Past | None = None, now: datetime = NOW, data: FlaggedStory | None = None
) -> Alert:
    (alert,) = alerts_for(data or flagged_story(), ours, ("desk",), past or Past(), now)
    return alert


def revised(kind: str = "THREATEN") -> FlaggedStory:
    """The story again, with another event of `kind` in it."""
    data = flagged_story(revision=2)
    added = data.events[0].model_copy(update={"event_type": kind})
    return data.model_copy(update={"events": (*data.events, added)})


def test_an_alert_says_what_and_why_with_the_words_and_who_carries_it() -> None:
    alert = one(policy())
    assert alert.id == "e1:no"
    assert alert.sentence == "Norway says no: Norland rejects a second missile base (Example Wire)"
    assert alert.why == "Something happened to the order. (relevance 0.93; REJECT, asserted)"
    assert alert.quote == "“the alliance had not been asked” (The foreign minister)"
    assert [(s.name, s.url) for s in alert.sources] == [("Example Wire", "https://example.org/e1")]
    assert (alert.outcome, alert.reason, alert.channel) == ("sent", None, "desk")
    assert alert.changed is None
    assert one(policy()) == alert


def test_without_a_channel_it_goes_to_the_log() -> None:
    (alert,) = alerts_for(flagged_story(), policy(), (), Past(), NOW)
    assert alert.channel == "log"


def test_an_edit_that_changes_nothing_is_not_told_again() -> None:
    before = one(policy())
    again = one(policy(), Past([before]), NOW + 99 * HOUR, flagged_story(revision=2))
    assert (again.outcome, again.reason) == ("suppressed", "nothing new since it was said by no")


def test_something_new_of_a_story_is_told_after_its_cooldown_with_what_is_new() -> None:
    ours = policy({"name": "no", "types": ["REJECT", "THREATEN"], "cooldown": {"story": 10}})
    before = one(ours)
    soon = one(ours, Past([before]), NOW + 9 * HOUR, revised())
    assert (soon.id, soon.outcome, soon.reason) == ("e1:no:r2", "digest", "the story's cool-down")
    later = one(ours, Past([before]), NOW + 10 * HOUR, revised())
    assert later.outcome == "sent"
    assert later.changed == "since 2026-03-04 12:00 UTC: new: Norway makes threats"


def test_of_several_rules_the_most_severe_is_told() -> None:
    ours = policy({"name": "low"}, {"name": "high", "severity": "critical"}, {"name": "other"})
    alerts = alerts_for(flagged_story(), ours, ("desk",), Past(), NOW)
    assert [(a.rule, a.outcome) for a in alerts] == [
        ("high", "sent"),
        ("low", "suppressed"),
        ("other", "suppressed"),
    ]
    assert alerts[1].reason == "said by high"


def test_a_channel_that_was_not_told_yet_is_told_by_its_own_rule() -> None:
    ours = policy({"name": "high", "severity": "critical", "channels": ["desk"]}, {"name": "low"})
    alerts = alerts_for(flagged_story(), ours, ("desk", "mail"), Past(), NOW)
    assert [a.outcome for a in alerts] == ["sent", "sent"]


def test_a_weaker_rule_is_silent_on_what_a_stronger_one_said_before_and_tells_what_is_new() -> None:
    high: dict[str, object] = {"name": "high", "severity": "critical", "types": ["REJECT"]}
    said = one(policy(high))
    ours = policy(high, {"name": "low", "types": ["REJECT", "THREATEN"]})
    again = alerts_for(flagged_story(revision=2), ours, ("desk",), Past([said]), NOW + 99 * HOUR)
    assert [(a.rule, a.outcome, a.held) for a in again] == [
        ("high", "suppressed", "repeated"),
        ("low", "suppressed", "repeated"),
    ]
    soon, later = (
        alerts_for(revised(), ours, ("desk",), Past([said]), NOW + hours * HOUR)[1] for hours in (1, 99)
    )
    assert (soon.outcome, soon.held) == ("digest", "story_cooldown")
    assert (later.outcome, later.changed) == (
        "sent",
        "since 2026-03-04 12:00 UTC: new: Norway makes threats",
    )


@pytest.mark.parametrize(
    ("fields", "past", "outcome", "reason"),
    [
        ({"rules_": {"digest": True}}, Past(), "digest", "this rule goes to the digest"),
        ({"quiet": {"from": "11:00", "to": "13:00"}}, Past(), "digest", "quiet hours"),
        (
            {"quiet": {"from": "11:00", "to": "13:00", "through": "notice"}},
            Past(),
            "sent",
            None,
        ),
        (
            {"rules_": {"cooldown": {"rule": 2}}},
            Past(sent_by_rule={"no": NOW - HOUR}),
            "digest",
            "the rule's cool-down",
        ),
        ({"rules_": {"cooldown": {"rule": 1}}}, Past(sent_by_rule={"no": NOW - HOUR}), "sent", None),
        ({}, Past(sent_today=6), "sent", None),
        ({}, Past(sent_today=7), "digest", "7 were sent today"),
        ({"rules_": {"severity": "critical"}}, Past(sent_today=9), "sent", None),
        ({"rules_": {"severity": "critical"}}, Past(sent_today=10), "digest", "10 were sent today"),
    ],
)
def test_what_is_held_back_comes_in_the_digest_with_the_reason(
    fields: dict[str, object], past: Past, outcome: str, reason: str | None
) -> None:
    rule: dict[str, object] = {"name": "no", "types": ["REJECT"]}
    changed = fields.pop("rules_", {})
    assert isinstance(changed, dict)
    alert = one(policy(rule | changed, **fields), past)
    assert (alert.outcome, alert.reason) == (outcome, reason)
