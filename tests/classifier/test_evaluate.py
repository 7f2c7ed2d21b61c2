"""Figures: worked out by hand once, and null where nothing can be told."""

from dataclasses import replace
from typing import Literal

import numpy as np
import pytest

from archwatch.classifier.data import Item
from archwatch.classifier.evaluate import Report, evaluate
from archwatch.classifier.lessons import Lesson, lessons_of


def item(
    name: str, label: Literal[0, 1, 2], title: str, *, language: str = "en", topics: tuple[str, ...] = ()
) -> Lesson:
    return lessons_of([Item(name, title, "", "", label, topics, language, source="s", group="g")])[0]


HIT = item("hit", 2, "NATO and Moscow resume talks", topics=("dialogue", "order"))
MISS = item("miss", 2, "Moskau lehnt Forderung ab", language="de", topics=("order",))
ALARM = item("alarm", 0, "Airline alliance adds routes", language="de")
QUIET = item("quiet", 0, "Rain in the north")
BETWEEN = item("between", 1, "NATO veteran writes memoirs", topics=("dialogue",))
ITEMS = [HIT, BETWEEN, MISS, ALARM, QUIET]
SCORES = np.array([0.9, 0.7, 0.2, 0.8, 0.1])


@pytest.fixture
def report() -> Report:
    given = [["dialogue"], ["dialogue"], [], ["order"], []]
    return evaluate(ITEMS, SCORES, SCORES >= 0.5, given)


def test_core_against_no_is_what_is_measured(report: Report) -> None:
    overall = report.overall
    assert (overall.items, overall.core) == (4, 2)
    assert (overall.precision, overall.recall, overall.f1) == (0.5, 0.5, 0.5)
    assert overall.false_alarms == 0.5
    assert overall.average_precision == pytest.approx((1 + 2 / 3) / 2)
    assert overall.calibration_error == pytest.approx((0.1 + 0.8 + 0.8 + 0.1) / 4)


def test_borderline_items_are_told_apart(report: Report) -> None:
    assert report.borderline_flagged == 1.0
    assert not any("between" in line for line in [*report.missed, *report.false_alarms])


def test_the_keyword_list_is_judged_on_the_same_items(report: Report) -> None:
    assert (report.keywords.items, report.keywords.core) == (4, 2)
    assert (report.keywords.precision, report.keywords.recall) == (1.0, 0.5)
    assert report.keywords.average_precision is None


def test_each_language_has_figures_of_its_own(report: Report) -> None:
    assert set(report.parts) == {"language de", "language en"}, "one source alone is the whole"
    assert report.parts["language en"].f1 == 1.0
    assert report.parts["language de"].recall == 0.0


def test_topics_are_measured_on_what_is_relevant(report: Report) -> None:
    assert report.topics["dialogue"].f1 == 1.0
    assert (report.topics["order"].core, report.topics["order"].recall) == (2, 0.0)


def test_false_alarms_on_hard_negatives_are_told_by_kind() -> None:
    hard = [replace(QUIET, kind=kind) for kind in ("sport", "sport", "finance")]
    report = evaluate([HIT, *hard], np.array([0.9, 0.8, 0.1, 0.1]), np.array([True, True, False, False]))
    told = {name: part.false_alarms for name, part in report.parts.items() if name.startswith("hard")}
    assert told == {
        "hard negatives": pytest.approx(1 / 3),
        "hard negatives: finance": 0.0,
        "hard negatives: sport": 0.5,
    }


def test_what_the_sieve_lets_through_is_a_figure_of_its_own() -> None:
    passed = np.array([True, True, False, True, False])
    sieve = evaluate(ITEMS, SCORES, SCORES >= 0.5, passed=passed).sieve
    assert sieve is not None
    assert (sieve.recall, sieve.others) == (0.5, 0.5)
    assert str(sieve) == "the sieve lets through 50.0% of core and 50.0% of the others"


def test_mistakes_are_named_the_worst_first() -> None:
    items = [MISS, HIT, ALARM, QUIET]
    report = evaluate(items, np.array([0.4, 0.1, 0.6, 0.95]), np.array([False, False, True, True]))
    assert report.missed == [
        "0.10 hit NATO and Moscow resume talks",
        "0.40 miss Moskau lehnt Forderung ab",
    ]
    assert report.false_alarms == ["0.95 quiet Rain in the north", "0.60 alarm Airline alliance adds routes"]


def test_what_cannot_be_told_is_null_not_nought() -> None:
    report = evaluate([ALARM, QUIET], np.array([0.3, 0.1]), np.array([False, False]))
    figures = report.overall
    assert (figures.precision, figures.recall, figures.f1, figures.average_precision) == (None,) * 4
    assert report.borderline_flagged is None


def test_the_table_has_a_cell_for_each_column(report: Report) -> None:
    header, *rows = report.rows()
    assert [row[0] for row in rows] == ["model", "keyword list", "language de", "language en"]
    assert all(len(row) == len(header) for row in rows)
    assert report.as_dict()["overall"]["f1"] == 0.5
    header, *rows = report.topic_rows()
    assert [row[0] for row in rows] == ["dialogue", "order"]
    assert all(len(row) == len(header) for row in rows)


@pytest.mark.parametrize(("judged", "score"), [(HIT, 0.0), (QUIET, 1.0)])
def test_a_sure_mistake_is_counted_at_either_end(judged: Lesson, score: float) -> None:
    report = evaluate([judged], np.array([score]), np.array([score > 0]))
    assert report.overall.calibration_error == 1.0
