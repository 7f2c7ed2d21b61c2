"""Scoring: gold and coded events paired one to one, and the figures made of the pairs."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archwatch.contracts.event import Quote, Speaker
from archwatch.extractor.gold import Case, GoldEvent
from archwatch.extractor.pairing import Coded, Pair, paired
from archwatch.extractor.plover import TYPES
from archwatch.extractor.plv import Sentence, examine_plv
from archwatch.extractor.scoring import (
    COLUMNS,
    Group,
    Scored,
    by_gold,
    figures,
    mistakes,
    parts,
    quote_figures,
    score,
)
from archwatch.extractor.scoring_quotes import GoldQuote


def gold(types: str, actors: str = "", recipients: str | None = "", **more: Any) -> GoldEvent:
    whom = None if recipients is None else recipients.split()
    return GoldEvent.model_validate(
        {"type": types.split("|"), "actors": actors.split(), "recipients": whom, **more}
    )


def coded(kind: Any, actors: str = "", recipients: str = "", modality: Any = "asserted") -> Coded:
    return Coded(kind, frozenset(actors.split()), frozenset(recipients.split()), modality)


def case(*events: GoldEvent, name: str = "a", **more: Any) -> Case:
    fields = {"summary": "", "text": "", "published_at": None, "language": "en", **more}
    return Case(id=name, title="A title", events=events, **fields)


def test_an_event_is_found_by_an_accepted_type_and_one_right_actor() -> None:
    wanted = gold("REJECT|ACCUSE", "FRA DEU", "RUS")
    assert Pair(wanted, coded("ACCUSE", "DEU")).hit
    assert not Pair(wanted, coded("SUPPORT", "DEU")).hit
    assert not Pair(wanted, coded("ACCUSE", "RUS")).hit
    assert Pair(gold("ACCUSE"), coded("ACCUSE", "POL")).hit, "gold that names no actor takes any"
    assert Pair(gold("ACCUSE", "-"), coded("ACCUSE", "-")).hit, "a party without code is told by -"


@pytest.mark.parametrize(
    ("wanted", "found", "right"),
    [
        (gold("ACCUSE", "FRA", "RUS BLR"), coded("ACCUSE", "FRA", "BLR"), True),
        (gold("ACCUSE", "FRA", "RUS"), coded("ACCUSE", "FRA", ""), False),
        (gold("ACCUSE", "FRA", ""), coded("ACCUSE", "FRA", "RUS"), False),
        (gold("ACCUSE", "FRA", None), coded("ACCUSE", "FRA", "RUS"), None),
        (gold("CONSULT", "FRA", "RUS"), coded("CONSULT", "RUS FRA", ""), True),
        (gold("CONSULT", "FRA RUS", ""), coded("CONSULT", "RUS", "FRA"), True),
        (gold("CONSULT", "FRA RUS", ""), coded("CONSULT", "FRA", ""), False),
        (gold("SUPPORT", "ALB MKD", ""), coded("SUPPORT", "ALB", "MKD"), True),
        (gold("SUPPORT", "ALB MKD", ""), coded("SUPPORT", "ALB MKD", "USA"), False),
    ],
)
def test_a_recipient_is_right_on_either_side_of_what_is_done_together(
    wanted: GoldEvent, found: Coded, right: bool | None
) -> None:
    pair = Pair(wanted, found)
    assert pair.hit
    assert pair.recipient_right is right


def test_each_event_has_one_partner_and_the_pairing_is_the_best_as_a_whole() -> None:
    narrow, broad = gold("REJECT", "RUS", "USA"), gold("REJECT|ACCUSE", "RUS", "USA")
    accuse, reject = coded("ACCUSE", "RUS", "USA"), coded("REJECT", "RUS", "USA")
    pairs = paired([broad, narrow], [reject, accuse])  # taken in order, broad would take what narrow needs
    assert [(pair.gold, pair.found) for pair in pairs] == [(broad, accuse), (narrow, reject)]
    twice = paired([narrow], [reject, reject])
    assert [pair.hit for pair in twice] == [True, False]


def test_optional_gold_takes_only_what_it_accepts_and_after_the_rest() -> None:
    sure, maybe = gold("REJECT", "RUS"), gold("REJECT", "RUS", optional=True)
    assert paired([maybe, sure], [coded("REJECT", "RUS")])[0].gold is sure
    assert [pair.found for pair in paired([maybe], [coded("ACCUSE", "RUS")])] == [
        None,
        coded("ACCUSE", "RUS"),
    ]


events = st.builds(
    lambda types, actors, recipients, optional: gold("|".join(types), actors, recipients, optional=optional),
    st.lists(st.sampled_from(TYPES[:4]), min_size=1, max_size=2),
    st.sampled_from(["", "FRA", "RUS", "FRA RUS"]),
    st.sampled_from(["", "USA", "FRA"]),
    st.booleans(),
)
found = st.builds(
    coded, st.sampled_from(TYPES[:4]), st.sampled_from(["", "FRA", "RUS"]), st.sampled_from(["", "USA"])
)


@given(st.lists(events, max_size=5), st.lists(found, max_size=5))
def test_nothing_is_lost_or_counted_twice(wanted: list[GoldEvent], other: list[Coded]) -> None:
    pairs = paired(wanted, other)
    assert sorted(map(str, (pair.gold for pair in pairs if pair.gold))) == sorted(map(str, wanted))
    assert sorted(map(str, (pair.found for pair in pairs if pair.found))) == sorted(map(str, other))
    greedy, left = 0, list(other)
    for event in wanted:
        partner = next((one for one in left if Pair(event, one).hit), None)
        if partner is not None:
            left.remove(partner)
            greedy += 1
    assert sum(pair.hit for pair in pairs) >= greedy
    made = figures([Scored(case(*wanted), tuple(pairs))])
    assert all(0 <= share <= 1 for share in (made.precision, made.recall, made.f1) if share is not None)


def test_figures_by_hand() -> None:
    scored = [
        score(
            case(gold("REJECT", "RUS", "USA"), gold("CONSULT", "RUS", "USA", modality="future")),
            [
                coded("REJECT", "RUS", "USA"),
                coded("REJECT", "RUS", "USA"),  # told twice
                coded("CONSULT", "USA", "RUS"),  # not yet
                coded("ASSAULT", "POL"),  # nobody would accept
            ],
        ),
        score(case(gold("AID", "DEU", "UKR"), name="b"), [coded("SUPPORT", "DEU", "UKR")]),
        score(case(gold("AID", "DEU", optional=True), name="c"), []),
        score(case(gold("AID", "DEU", "UKR", optional=True), name="d"), [coded("AID", "DEU", "UKR")]),
    ]
    made = figures(scored)
    assert (made.texts, made.events, made.coded) == (4, 3, 6)
    assert made.precision == pytest.approx(3 / 6)
    assert made.recall == pytest.approx(2 / 3)
    assert made.f1 == pytest.approx(2 * (1 / 2) * (2 / 3) / (1 / 2 + 2 / 3))
    assert made.type == pytest.approx(3 / 4), "of four with a right actor one has another type"
    assert made.actor == 1
    assert made.recipient == 1
    assert made.modality == pytest.approx(2 / 3)
    assert made.spurious == pytest.approx(50)
    assert made.repeated == pytest.approx(25)
    assert len(made.row("all")) == len(COLUMNS)
    assert mistakes(scored) == [
        "a: A title",
        "    - CONSULT RUS -> USA (future)",
        "    + CONSULT USA -> RUS (asserted)",
        "    + REJECT RUS -> USA (asserted)",
        "    + ASSAULT POL -> nobody (asserted)",
        "b: A title",
        "    - AID DEU -> UKR (asserted)",
        "    + SUPPORT DEU -> UKR (asserted)",
    ]


def test_types_are_told_apart_with_what_they_were_read_as() -> None:
    one = score(
        case(gold("AID", "DEU"), gold("AID", "POL"), gold("REJECT", "RUS")),
        [coded("AID", "DEU"), coded("SUPPORT", "POL"), coded("AID", "USA")],
    )

    def wanted(pair: Pair) -> str:
        return pair.gold.types[0] if pair.gold else ""

    groups = by_gold([one], wanted, lambda pair: pair.found.type if pair.found else "")
    assert groups == {
        "AID": Group(events=2, found=1, extra=1, read_as={"SUPPORT": 1}),
        "REJECT": Group(events=1, found=0, extra=0, read_as={}),
        "SUPPORT": Group(events=0, found=0, extra=1, read_as={}),
    }
    assert groups["AID"].row("AID") == ("AID", "2", "1", "0.500", "1", "SUPPORT 1")
    assert groups["SUPPORT"].row("SUPPORT") == ("SUPPORT", "0", "0", "-", "1", "-")


def test_figures_of_nothing_are_told_as_none() -> None:
    made = figures([score(case(), [])])
    assert (made.precision, made.recall, made.f1, made.type) == (None,) * 4
    assert made.spurious == 0
    assert "-" in made.row("none")
    assert figures([]).spurious is None


def test_languages_are_told_apart_where_there_are_several() -> None:
    one, other = score(case(), []), score(case(name="b", language=None), [coded("AID", "DEU")])
    assert parts([one]) == {}
    assert {name: part.spurious for name, part in parts([one, other]).items()} == {
        "language en": 0,
        "language unknown": 100,
    }


def quote(start: int, end: int, speaker: str | None = None, code: str | None = None) -> Quote:
    who = Speaker(text=speaker, code=code) if speaker else None
    return Quote(text="x", speaker=who, kind="direct", start=start, end=end)


def test_quotes_are_scored_where_gold_has_some_and_optional_ones_do_no_harm() -> None:
    sure, maybe = GoldQuote(0, 20, "direct", "RUS", "RUS"), GoldQuote(40, 60, "direct", "baker", None)
    judged = case(quotes=(sure,), maybe=(maybe,))
    both = score(judged, (), [quote(1, 20, "Lavrov", "RUS"), quote(40, 60, "a baker")]).quotes
    assert both is not None
    assert (both.gold, both.found, both.matched, both.speakers) == (2, 2, 2, 2)
    one = score(judged, (), [quote(12, 40, "Lavrov", "RUS")]).quotes
    assert one is not None
    assert (one.gold, one.found, one.matched) == (1, 1, 0), "eight characters of 28 are not half"
    assert score(case(), (), [quote(0, 9)]).quotes is None
    assert quote_figures([score(case(), (), [])]) is None


def test_a_sentence_of_a_pair_is_right_when_its_type_is_among_those_coded() -> None:
    rows = [
        Sentence(f"{verb} {n}", root)
        for n in range(6)
        for verb, root in (("gave", "YIELD"), ("hit", "ASSAULT"))
    ]
    report = examine_plv(rows, lambda text: ["RETREAT", "ACCUSE"] if text.startswith("gave") else [])
    assert report.types["YIELD"][:2] == (6, 1.0)
    assert report.types["ASSAULT"][:2] == (6, 0.0)
    assert (report.pairs, report.share, report.events) == (12, 0.5, 1.0)
    assert report.plain == 1.0, "the words tell these types apart"
    assert len(report.mistakes) == 6
    assert report.mistakes[0] == "ASSAULT, found nothing: hit 0"


def test_source_and_target_are_masked() -> None:
    assert Sentence("Paris sued Rome.", "ACCUSE", "Paris", "Rome").masked == " SOURCE  sued  TARGET ."
