"""config/alerts.yaml is checked when read: each mistake with its line, and what can never match."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archwatch.alerter.policy import Policy, read_policy
from archwatch.alerter.unreachable import Known

RULE = "  - name: a\n    severity: info\n    meaning: A story worth a look.\n"
KNOWN = Known({"nuclear"}, {"RUS", "NATO"}, {"desk", "log"}, {"THREATEN": (-6.0, -4.0), "AGREE": (1.0, 8.0)})
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


def read(tmp_path: Path, text: str) -> tuple[Policy | None, list[str]]:
    path = tmp_path / "alerts.yaml"
    path.write_text(text)
    policy, errors = read_policy(path, KNOWN)
    return policy, [str(error).removeprefix(f"{path}:") for error in errors]


def policy(**fields: object) -> Policy:
    rule = {"name": "r", "severity": "info", "meaning": "Something happened to the order."}
    return Policy.model_validate({"rules": [rule]} | fields)


def test_the_shipped_rules_have_no_mistake(root: Path) -> None:
    shipped, errors = read_policy(root / "config/alerts.yaml")
    assert not errors
    assert shipped
    assert shipped.at_most == 10


@pytest.mark.parametrize(
    ("added", "line", "words"),
    [
        (
            "    topics: [nuclear, nucular]\n",
            5,
            "rule a can never match: unknown topic 'nucular' (topics.yaml has nuclear)",
        ),
        ("    actors: [RUSSIA]\n", 5, "unknown actor code 'RUSSIA'"),
        ("    recipients:\n      - NATO\n      - XXX\n", 7, "unknown actor code 'XXX'"),
        ("    types: [THREAT]\n", 5, "'AGREE', 'CONSULT'"),
        ("    modality: [maybe]\n", 5, "'asserted'"),
        ("    phase: [old]\n", 5, "'developing'"),
        ("    languages: [english]\n", 5, "unknown language 'english'"),
        ("    min_score: 1.2\n", 5, "less than or equal to 1"),
        ("    independent_sources: 0\n", 5, "greater than or equal to 1"),
        (
            "    min_intensity: 3\n    max_intensity: -3\n",
            5,
            "rule a can never match: min_intensity is over max_intensity",
        ),
        ("    types: [THREATEN]\n    min_intensity: 0\n", 6, "rule a can never match: no event of its types"),
        ("    types: [THREATEN]\n    max_intensity: -7\n", 6, "THREATEN -6 to -4"),
        ("    channels: [deks]\n", 5, "unknown channel 'deks'"),
        ("    topic: nuclear\n", 5, "known here: name, severity"),
        ("    cooldown: {story: -1}\n", 5, "greater than or equal to 0"),
        (RULE, 5, "a second rule named 'a' (rename it)"),
    ],
)
def test_what_can_never_match_is_named_with_its_line(
    tmp_path: Path, added: str, line: int, words: str
) -> None:
    found, errors = read(tmp_path, "rules:\n" + RULE + added)
    assert found is None
    assert len(errors) == 1
    assert errors[0].startswith(f"{line}: ")
    assert words in errors[0]


@pytest.mark.parametrize(
    ("wide", "narrow", "never"),
    [
        ({}, {"topics": ["nuclear"]}, True),
        ({"types": ["THREATEN", "AGREE"]}, {"types": ["AGREE"], "actors": ["RUS"]}, True),
        ({"min_score": 0.5, "max_intensity": 0}, {"min_score": 0.6, "max_intensity": -2}, True),
        ({"types": ["THREATEN"]}, {"types": ["THREATEN", "AGREE"]}, False),
        ({"types": ["THREATEN"]}, {}, False),
        ({"min_score": 0.5}, {}, False),
        ({"independent_sources": 2}, {}, False),
        ({"min_intensity": 0}, {}, False),
        ({"channels": ["desk"]}, {"channels": ["desk"]}, True),
        ({"channels": ["desk"]}, {}, False),
        ({"severity": "info"}, {"types": ["AGREE"]}, False),
    ],
)
def test_a_rule_that_a_louder_one_always_speaks_for_is_named(
    tmp_path: Path, wide: dict[str, object], narrow: dict[str, object], never: bool
) -> None:
    meaning = {"meaning": "Something happened to the order."}
    loud = {"name": "loud", "severity": "critical", **meaning} | wide
    soft = {"name": "soft", "severity": "notice", **meaning} | narrow
    _, errors = read(tmp_path, json.dumps({"rules": [soft, loud]}))
    told = [error for error in errors if "rule soft can never be told: loud tells whatever it would" in error]
    assert (len(told), len(errors)) == (int(never), int(never))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "must hold a list named `rules`"),
        ("- a\n", "must hold a list named `rules`"),
        ("rules: many\n", "must hold a list named `rules`"),
        ("rules: []\n", "holds no rule"),
        ('quiet: {from: "22:00", to: "22:00"}\nrules:\n' + RULE, "empty"),
        ("quiet: {from: 22, to: 7}\nrules:\n" + RULE, 'a time in quotes, such as "07:30"'),
        ('digest: ["25:00"]\nrules:\n' + RULE, "a time in quotes"),
        ("digest: []\nrules:\n" + RULE, "at least 1 item"),
        ("zone: Europe/Brussel\nrules:\n" + RULE, "unknown time zone 'Europe/Brussel'"),
        ("at_most: 2\nreserved: 3\nrules:\n" + RULE, "more alerts are reserved"),
    ],
)
def test_a_mistake_in_the_file_itself_is_named(tmp_path: Path, text: str, words: str) -> None:
    found, errors = read(tmp_path, text)
    assert found is None
    assert any(words in error for error in errors)


def test_quiet_hours_are_those_of_the_zone_and_a_higher_severity_breaks_through() -> None:
    ours = policy(zone="Europe/Brussels", quiet={"from": "22:00", "to": "07:00"})
    night, day = datetime(2026, 7, 1, 20, 30, tzinfo=UTC), datetime(2026, 7, 1, 19, 30, tzinfo=UTC)
    assert ours.is_quiet("warning", night)
    assert not ours.is_quiet("critical", night)
    assert not ours.is_quiet("info", day)
    winter = datetime(2026, 1, 1, 20, 30, tzinfo=UTC)
    assert not ours.is_quiet("info", winter)
    noon = policy(quiet={"from": "12:00", "to": "13:00"})
    assert noon.is_quiet("info", datetime(2026, 1, 1, 12, 30, tzinfo=UTC))
    assert not noon.is_quiet("info", datetime(2026, 1, 1, 13, 0, tzinfo=UTC))


@given(MOMENTS)
def test_a_digest_is_never_more_than_a_day_old_nor_of_the_future(now: datetime) -> None:
    ours = policy(zone="Europe/Brussels", digest=["07:00", "18:30"])
    last = ours.last_digest(now)
    assert last <= now < last + timedelta(hours=14)
    assert ours.last_digest(last) == last
    assert f"{ours.local(last):%H:%M}" in ("07:00", "18:30")
