"""Splits: a source is never on both sides, nor is a headline that two sources share."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from archwatch.classifier.folds import AT_RANDOM, BY_SOURCE, MAX_FOLDS, folds

ROW = st.tuples(st.sampled_from("abcdefghijklmno"), st.sampled_from([0, 2]), st.integers(0, 25))


@settings(max_examples=60, deadline=None)
@given(st.lists(ROW, max_size=40))
def test_every_item_is_tested_once_by_what_saw_neither_its_source_nor_its_headline(
    drawn: list[tuple[str, int, int]],
) -> None:
    whole = [(group, label, 100 * at + label) for at, group in enumerate("abc") for label in (0, 2)]
    groups, labels, headlines = zip(*whole, *drawn, strict=True)
    digests = [str(headline) for headline in headlines]
    pairs, how = folds(np.arange(len(groups)), labels, groups, digests, seed=1)
    assert how == BY_SOURCE
    assert len(pairs) == min(len(set(groups)), MAX_FOLDS)
    assert sorted(row for _, test in pairs for row in test) == list(range(len(groups)))
    for train, test in pairs:
        assert not {groups[row] for row in train} & {groups[row] for row in test}
        assert not {digests[row] for row in train} & {digests[row] for row in test}


def test_only_the_rows_asked_for_are_split() -> None:
    rows = np.array([0, 1, 2, 3])
    pairs, _ = folds(rows, [0, 2, 0, 2, 1, 1], list("aabbcc"), list("uvwxyz"), seed=1)
    assert {int(row) for pair in pairs for part in pair for row in part} == {0, 1, 2, 3}


def test_one_source_alone_is_split_at_random_and_says_so() -> None:
    labels = [0, 2] * 10
    digests = [str(at) for at in range(20)]
    pairs, how = folds(np.arange(20), labels, ["only"] * 20, digests, seed=1)
    assert how == AT_RANDOM
    assert sorted(row for _, test in pairs for row in test) == list(range(20))
    again, _ = folds(np.arange(20), labels, ["only"] * 20, digests, seed=1)
    assert [test.tolist() for _, test in pairs] == [test.tolist() for _, test in again]


def test_sources_of_one_class_each_cannot_be_held_out() -> None:
    labels = [0] * 6 + [2] * 6
    groups = ["no"] * 6 + ["core"] * 6
    pairs, how = folds(np.arange(12), labels, groups, [str(at) for at in range(12)], seed=1)
    assert how == AT_RANDOM
    assert all({labels[row] for row in train} == {0, 2} for train, _ in pairs)
