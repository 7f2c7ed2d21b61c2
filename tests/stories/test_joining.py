"""Which story an entry joins, from candidates whose likeness is given by what they share."""

from dataclasses import replace
from datetime import timedelta

import numpy as np

from archwatch.stories.joining import HORIZON, WINDOW, Candidate, joined
from archwatch.stories.sighting import Sighting, as_kept
from samples import NOW
from stories_told import OTHER, TEXT, report

ASKED = report("asked", TEXT).sighting
SAME = replace(report("same", TEXT).sighting, entry="same")
NO_PRINTS = np.arange(64, dtype=np.uint32)


def cosine(other: Sighting) -> float:
    return float(ASKED.vector @ other.vector)


def candidate(sighting: Sighting, story: str) -> Candidate:
    return Candidate(sighting, story, cosine(sighting))


def test_a_copy_joins_within_three_days_and_is_followed_within_a_month() -> None:
    for late, story, predecessor in (
        (timedelta(), "s", None),
        (WINDOW, "s", None),
        (WINDOW + timedelta(hours=1), None, "s"),
        (HORIZON + timedelta(hours=1), None, None),
    ):
        found = joined(ASKED, [candidate(replace(SAME, at=NOW - late), "s")])
        assert (found.story, found.predecessor) == (story, predecessor), late


def test_other_news_does_not_join() -> None:
    other = report("other", OTHER).sighting
    assert joined(ASKED, [candidate(other, "s")]).story is None
    assert joined(ASKED, []).story is None


def test_other_actors_and_acts_are_a_veto() -> None:
    """The same words about the same parties, from another text."""
    like = replace(SAME, prints=NO_PRINTS, acts=frozenset({"REJECT"}), actors=frozenset({"NOR"}))
    asked = replace(ASKED, acts=frozenset({"REJECT"}), actors=frozenset({"NOR"}))
    unlike = replace(like, acts=frozenset({"THREATEN"}), actors=frozenset({"RUS"}))
    sure, unsure = (joined(asked, [Candidate(one, "s", 0.6)]).likeness for one in (like, unlike))
    assert unsure < sure / 2


def test_stories_are_one_when_the_entry_is_surely_of_both_and_they_are_alike() -> None:
    other = replace(SAME, entry="other")
    found = joined(ASKED, [candidate(SAME, "s"), candidate(other, "t")])
    assert (found.story, found.others) == ("s", ("t",))


def test_what_is_of_two_stories_that_are_not_alike_merges_none() -> None:
    left, right = (report(name, text).sighting for name, text in (("l", TEXT), ("r", OTHER)))
    # a round-up: as like one as the other
    roundup = replace(ASKED, vector=(left.vector + right.vector) / np.float32(2**0.5), prints=NO_PRINTS,
                      words=left.words | right.words, headline=left.headline | right.headline)  # fmt: skip
    candidates = [Candidate(one, name, 1.0) for one, name in ((left, "l"), (right, "r"))]
    assert joined(roundup, candidates).others == ()


def test_a_sighting_is_kept_whole_but_for_the_last_bits_of_its_vector() -> None:
    kept = as_kept(ASKED)
    assert kept == replace(ASKED)
    assert float(kept.vector @ ASKED.vector) > 0.999
    assert np.array_equal(kept.prints, ASKED.prints)
