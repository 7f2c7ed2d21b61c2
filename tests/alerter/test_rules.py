"""Rules are met by the stories they describe, and by no others."""

import pytest

from archwatch.alerter.rules import Rule, matching_events
from archwatch.contracts.event import FlaggedStory
from samples import flagged_story


def rule(**conditions: object) -> Rule:
    return Rule.model_validate(
        {"name": "r", "severity": "info", "meaning": "Something happened to the order."} | conditions
    )


def clustered() -> FlaggedStory:
    """What several outlets carry."""
    data = flagged_story()
    many = data.story.model_copy(update={"independent_sources": 3, "phase": "developing"})
    return data.model_copy(update={"story": many})


@pytest.mark.parametrize(
    "conditions",
    [
        {},
        {"topics": ["force-posture", "nuclear"]},
        {"actors": ["NOR"]},
        {"types": ["REJECT", "THREATEN"], "modality": ["asserted"]},
        {"min_score": 0.9, "languages": ["en"]},
        {"max_intensity": -1},
        {"min_intensity": -3},
        {"phase": ["new"]},
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
        {"min_intensity": 0},
        {"phase": ["developing"]},
        {"independent_sources": 2},
    ],
)
def test_a_story_does_not_meet_what_differs(conditions: dict[str, object]) -> None:
    assert matching_events(rule(**conditions), flagged_story()) is None


def test_a_story_of_several_outlets_is_judged_by_them() -> None:
    wanted = rule(independent_sources=3, phase=["developing", "sustained"])
    assert matching_events(wanted, clustered()) is not None
    assert matching_events(rule(independent_sources=4), clustered()) is None
    assert matching_events(rule(phase=["new"]), clustered()) is None
