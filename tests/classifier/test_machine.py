"""The relevance head learns from words and from sense, and tells their shares."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from archwatch.classifier.machine import BOTH, QUICK, Kernel, Machine, fit_machine, restored
from archwatch.encoders import Vectors

WIDTHS = [part.width for part in BOTH]
ALL = np.arange(40)
CORE = np.array([True] * 20 + [False] * 20)


def vectors(told_apart: bool) -> Vectors:
    drawn = np.random.default_rng(1).normal(size=(40, sum(WIDTHS))).astype(np.float32)
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


def fitted(by_words: bool, by_sense: bool, kernel: Kernel = BOTH) -> Machine:
    width = sum(part.width for part in kernel)
    return fit_machine(kernel, words(by_words), vectors(by_sense)[:, :width], ALL, CORE)


@pytest.mark.parametrize("kernel", [QUICK, BOTH])
@pytest.mark.parametrize(("by_words", "by_sense"), [(True, False), (False, True), (True, True)])
def test_either_tells_core_from_no(by_words: bool, by_sense: bool, kernel: Kernel) -> None:
    machine = fitted(by_words, by_sense, kernel)
    width = sum(part.width for part in kernel)
    margins = machine.margins(words(by_words), machine.sense(vectors(by_sense)[:, :width]))
    assert margins[CORE].min() > margins[~CORE].max()


def test_the_shares_add_up_to_the_margin() -> None:
    weighted, sense = words(True), vectors(True)
    machine = fitted(True, True)
    shares = weighted @ machine.words + machine.sense(sense) + machine.intercept
    assert machine.margins(weighted, machine.sense(sense)) == pytest.approx(shares)


def test_a_word_of_core_stories_speaks_for() -> None:
    machine = fitted(True, False)
    assert machine.words[1] > 0
    assert machine.words[1] > machine.words[3]


def test_what_was_stored_judges_as_before() -> None:
    machine = fitted(True, True)
    again = restored(BOTH, machine.stored(), vectors(True))
    assert again.sense(vectors(True)) == pytest.approx(machine.sense(vectors(True)))
    assert set(machine.rows) <= set(ALL)


def test_what_lies_between_is_kept_near_the_border() -> None:
    drawn, weighted = vectors(True), words(False)
    between = np.arange(40) % 2 == 1
    clear = np.flatnonzero(~between)
    plain = fit_machine(BOTH, weighted[clear], drawn, clear, CORE[clear])
    softer = fit_machine(BOTH, weighted, drawn, ALL, CORE & ~between, between)
    off = [
        np.abs(machine.margins(weighted, machine.sense(drawn))[between]).mean() for machine in (plain, softer)
    ]
    assert off[1] < off[0]
    assert len(set(softer.rows)) == len(softer.rows), "an item supports it once, taught as both or not"
