"""The relevance head learns from words and from sense, and tells their shares."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from archwatch.classifier.encoder import WIDTH, WIDTHS, Vectors
from archwatch.classifier.machine import fit_machine

CORE = np.array([True] * 20 + [False] * 20)


def vectors(told_apart: bool) -> Vectors:
    drawn = np.random.default_rng(1).normal(size=(40, WIDTH)).astype(np.float32)
    start = 0
    for width in WIDTHS:
        part = drawn[:, start : start + width]
        if told_apart:
            part[CORE, 0] += 30
        part /= np.linalg.norm(part, axis=1, keepdims=True)
        start += width
    return drawn


def words(told_apart: bool) -> csr_matrix:
    counts = np.ones((40, 4))
    counts[:, 1] = CORE if told_apart else 1
    return csr_matrix(counts / np.linalg.norm(counts, axis=1, keepdims=True))


@pytest.mark.parametrize(("by_words", "by_sense"), [(True, False), (False, True), (True, True)])
def test_either_tells_core_from_no(by_words: bool, by_sense: bool) -> None:
    weighted, sense = words(by_words), vectors(by_sense)
    machine = fit_machine(weighted, sense, CORE)
    margins = machine.margins(weighted, machine.sense(sense))
    assert margins[CORE].min() > margins[~CORE].max()


def test_the_shares_add_up_to_the_margin() -> None:
    weighted, sense = words(True), vectors(True)
    machine = fit_machine(weighted, sense, CORE)
    shares = weighted @ machine.words + machine.sense(sense) + machine.intercept
    assert machine.margins(weighted, machine.sense(sense)) == pytest.approx(shares)


def test_a_word_of_core_stories_speaks_for() -> None:
    machine = fit_machine(words(True), vectors(False), CORE)
    assert machine.words[1] > 0
    assert machine.words[1] > machine.words[3]
