"""`archwatch alerts`: what the rules would have sent, before they fire."""

from datetime import timedelta
from pathlib import Path

from archwatch.contracts.codec import encode_event
from commands import archwatch, write_config
from samples import NOW, flagged_story

RULES = """
rules:
  - {name: threat, severity: warning, meaning: Somebody threatens the order., types: [THREATEN]}
  - name: no
    severity: notice
    meaning: Somebody says no to somebody.
    types: [REJECT]
    cooldown: {rule: 2}
"""


def test_a_rule_is_tried_on_past_events_and_nothing_is_sent(tmp_path: Path) -> None:
    (tmp_path / "alerts.yaml").write_text(RULES)
    config = write_config(
        tmp_path, [], alerter={"rules": "alerts.yaml", "alertmanager": "http://127.0.0.1:1"}
    )
    lines = []
    for name, hours in (("a", 0), ("b", 1), ("c", 24)):
        data = flagged_story(name)
        head = data.story.model_copy(update={"published_at": NOW + timedelta(hours=hours)})
        told = encode_event(data.model_copy(update={"story": head}), source="urn:test", time=NOW)
        lines.append(told.value.decode())
    (tmp_path / "events.jsonl").write_text("\n".join(lines) + "\n")

    tried = archwatch("alerts", "test", "no", "--on", tmp_path / "events.jsonl", "--json", "--config", config)
    assert tried.code == 0, tried.err
    assert [(one["story_id"], one["outcome"], one["held"]) for one in tried.records] == [
        ("a", "sent", None),
        ("b", "digest", "rule_cooldown"),
        ("c", "sent", None),
    ]
    assert "2026-03-04: 1 at once, 1 in the digest" in tried.err
    assert "3 items: 2 alerts at once (at most 1 a day), 1 in the digest" in tried.err
    unknown = archwatch("alerts", "test", "nay", "--on", tmp_path / "events.jsonl", "--config", config)
    assert unknown.code == 2
    assert "name one of threat, no, or all" in unknown.err
