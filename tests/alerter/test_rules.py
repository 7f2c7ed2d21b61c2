"""Rules are checked when read, and met by the stories they describe."""

from pathlib import Path

import pytest

from archwatch.alerter.alerts import alerts_for
from archwatch.alerter.rules import Rule, matching_events, read_rules
from samples import NOW, flagged_story

ROOT = Path(__file__).parent.parent.parent


def rule(**conditions: object) -> Rule:
    return Rule.model_validate(
        {"name": "r", "severity": "info", "meaning": "Something happened to the order."} | conditions
    )


def test_the_shipped_rules_have_no_mistake() -> None:
    rules, errors = read_rules(ROOT / "config/alerts.yaml")
    assert not errors
    assert rules


def test_every_mistake_is_named_with_its_line_and_the_good_rules_stay(tmp_path: Path) -> None:
    path = tmp_path / "alerts.yaml"
    path.write_text(
        "rules:\n"
        "  - name: good\n    severity: info\n    meaning: A story worth a look.\n"
        "  - name: bad\n    severity: panic\n    meaning: A story worth a look.\n"
        "  - name: good\n    severity: info\n    meaning: A story worth a look.\n"
        "  - name: odd\n    severity: info\n    meaning: A story worth a look.\n    topic: nuclear\n"
    )
    rules, errors = read_rules(path)
    assert [r.name for r in rules] == ["good"]
    assert [str(e).split(": ", 1)[0] for e in errors] == [f"{path}:6", f"{path}:8", f"{path}:14"]
    assert "a rule knows: name, severity" in str(errors[2])


@pytest.mark.parametrize("text", ["", "- a\n", "rules: many\n"])
def test_a_file_without_rules_says_so(tmp_path: Path, text: str) -> None:
    path = tmp_path / "alerts.yaml"
    path.write_text(text)
    assert "must hold a list named `rules`" in str(read_rules(path)[1][0])


@pytest.mark.parametrize(
    "conditions",
    [
        {},
        {"topics": ["force-posture", "nuclear"]},
        {"actors": ["NOR"]},
        {"types": ["REJECT", "THREATEN"], "modality": ["asserted"]},
        {"min_score": 0.9, "languages": ["en"]},
        {"max_intensity": -1},
    ],
)
def test_a_story_meets_what_describes_it(conditions: dict[str, object]) -> None:
    assert matching_events(rule(**conditions), flagged_story()) is not None


@pytest.mark.parametrize(
    "conditions",
    [
        {"topics": ["nuclear"]},
        {"actors": ["RUS"]},
        {"recipients": ["NATO"]},
        {"types": ["REJECT"], "modality": ["negated"]},
        {"min_score": 0.99},
        {"languages": ["de"]},
        {"max_intensity": -5},
    ],
)
def test_a_story_does_not_meet_what_differs(conditions: dict[str, object]) -> None:
    assert matching_events(rule(**conditions), flagged_story()) is None


def test_an_alert_says_what_and_why_and_is_the_same_when_asked_again() -> None:
    rules = [rule(name="no-to-base", types=["REJECT"]), rule(name="other", topics=["nuclear"])]
    (alert,) = alerts_for(flagged_story(), rules, NOW)
    assert alert.id == "e1:1:no-to-base"
    assert alert.sentence == "Norway says no: Norland rejects a second missile base (Example Wire)"
    assert "Something happened to the order." in alert.why
    assert alerts_for(flagged_story(), rules, NOW) == [alert]
