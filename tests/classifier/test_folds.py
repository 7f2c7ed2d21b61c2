"""Splits: a source is never on both sides, nor is a headline that two sources share."""

from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from archwatch.classifier.data import Label
from archwatch.classifier.folds import AT_RANDOM, BY_SOURCE, MAX_FOLDS, by_time, folds
from archwatch.classifier.lessons import Lesson

LABELS: Sequence[Label] = (0, 2)
ROW = st.tuples(st.sampled_from("abcdefghijklmno"), st.sampled_from(LABELS), st.integers(0, 25))


def lesson(label: Label, group: str, digest: object, year: int | None = None) -> Lesson:
    return Lesson(str(digest), label, (), "en", group, year, str(digest))


@settings(max_examples=60, deadline=None)
@given(st.lists(ROW, max_size=40))
def test_every_item_is_tested_once_by_what_saw_neither_its_source_nor_its_headline(
    drawn: list[tuple[str, Label, int]],
) -> None:
    whole = [(group, label, 100 * at + label) for at, group in enumerate("abc") for label in LABELS]
    told = [lesson(label, group, headline) for group, label, headline in (*whole, *drawn)]
    pairs, how = folds(np.arange(len(told)), told, seed=1)
    assert how == BY_SOURCE
    assert len(pairs) == min(len({one.group for one in told}), MAX_FOLDS)
    assert sorted(row for _, test in pairs for row in test) == list(range(len(told)))
    for train, test in pairs:
        assert not {told[row].group for row in train} & {told[row].group for row in test}
        assert not {told[row].digest for row in train} & {told[row].digest for row in test}


def test_only_the_rows_asked_for_are_split() -> None:
    labels: list[Label] = [0, 2, 0, 2, 1, 1]
    told = [lesson(*row) for row in zip(labels, "aabbcc", "uvwxyz", strict=True)]
    pairs, _ = folds(np.array([0, 1, 2, 3]), told, seed=1)
    assert {int(row) for pair in pairs for part in pair for row in part} == {0, 1, 2, 3}


def test_one_source_alone_is_split_at_random_and_says_so() -> None:
    told = [lesson(LABELS[at % 2], "only", at) for at in range(20)]
    pairs, how = folds(np.arange(20), told, seed=1)
    assert how == AT_RANDOM
    assert sorted(row for _, test in pairs for row in test) == list(range(20))
    again, _ = folds(np.arange(20), told, seed=1)
    assert [test.tolist() for _, test in pairs] == [test.tolist() for _, test in again]


def test_sources_of_one_class_each_cannot_be_held_out() -> None:
    told = [lesson(label, f"all {label}", f"{label}-{at}") for label in LABELS for at in range(6)]
    pairs, how = folds(np.arange(12), told, seed=1)
    assert how == AT_RANDOM
    assert all({told[row].label for row in train} == {0, 2} for train, _ in pairs)


def test_later_years_are_judged_by_what_was_told_before_them() -> None:
    told = [lesson(LABELS[at % 2], "s", at, year=2000 + at // 20) for at in range(400)]
    repeated = lesson(2, "s", 399, year=2001)
    split = by_time([*told, repeated, lesson(2, "s", "undated")])
    assert split is not None
    assert split.year == 2016
    assert {told[row].year for row in split.later} == {2016, 2017, 2018, 2019}
    assert max(told[row].year or 0 for row in split.earlier) == 2015
    assert len(split.earlier) == 320, "neither the undated item nor the headline that is told again later"


def test_too_few_dated_items_give_no_split_by_time() -> None:
    assert by_time([lesson(LABELS[at % 2], "s", at, year=2000 + at) for at in range(40)]) is None
