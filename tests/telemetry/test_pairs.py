"""Who acts towards whom is counted under a closed list of names, and only what is said to have happened."""

from archwatch.contracts.event import ActorRef, CodedEvent, Evidence, Modality, Quote, Speaker
from archwatch.telemetry.metrics import Metrics
from archwatch.telemetry.pairs import count_events, count_quotes, pairs_of

LISTED = frozenset({"RUS", "NATO", "USA"})


def party(code: str | None) -> ActorRef:
    return ActorRef(text=code or "somebody", start=0, end=1, code=code)


def event(
    actors: list[str | None],
    recipients: list[str | None],
    intensity: float = -4,
    modality: Modality = "asserted",
) -> CodedEvent:
    return CodedEvent(
        event_type="REJECT",
        quad_code=3,
        intensity=intensity,
        actors=tuple(map(party, actors)),
        recipients=tuple(map(party, recipients)),
        modality=modality,
        evidence=Evidence(text="x", start=0, end=1),
        confidence=0.9,
    )


def test_each_pair_counts_once_and_nobody_acts_on_himself() -> None:
    assert pairs_of(event(["RUS", "RUS"], ["NATO", "USA", "RUS"]), LISTED) == {
        ("RUS", "NATO"),
        ("RUS", "USA"),
    }


def test_who_is_not_listed_is_other_and_an_empty_side_is_none() -> None:
    assert pairs_of(event(["RUS"], ["LIE", None]), LISTED) == {("RUS", "other")}
    assert pairs_of(event(["LIE"], ["AND"]), LISTED) == {("other", "other")}
    assert pairs_of(event(["RUS"], []), LISTED) == {("RUS", "none")}


def test_conflict_and_cooperation_are_summed_apart() -> None:
    metrics = Metrics(LISTED)
    count_events(metrics, [event(["RUS"], ["NATO"], -4), event(["RUS"], ["NATO"], 1.5)], "s1")
    pair = {"actor": "RUS", "recipient": "NATO"}
    assert metrics.value("archwatch_pair_events_total", **pair) == 2
    assert metrics.value("archwatch_pair_conflict_intensity_total", **pair) == 4
    assert metrics.value("archwatch_pair_cooperation_intensity_total", **pair) == 1.5


def test_what_did_not_happen_moves_no_tension_but_is_counted_by_type() -> None:
    metrics = Metrics(LISTED)
    count_events(metrics, [event(["RUS"], ["NATO"], modality="negated")], "s1")
    assert metrics.total("archwatch_pair_events_total") == 0
    assert metrics.total("archwatch_events_total", event_type="REJECT", modality="negated") == 1


def test_who_says_it_is_counted_by_code() -> None:
    metrics = Metrics(LISTED)
    for speaker in (Speaker(text="Moscow", code="RUS"), Speaker(text="an envoy"), None):
        count_quotes(metrics, [Quote(text="no", speaker=speaker, kind="direct", start=0, end=2)])
    for label in ("RUS", "other", "none"):
        assert metrics.value("archwatch_quotes_total", speaker=label) == 1
