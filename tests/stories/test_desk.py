"""Entries of several outlets on a real store: what is told, and what is not told twice."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archwatch.store import Store, open_store
from archwatch.stories.desk import Report, StoryDesk
from stories_told import OTHER, TEXT, ids, report, told

BASE = "missile base norland"  # what several texts of different words are about


def test_the_second_outlet_updates_the_story_and_does_not_flag_it_again(store: Store) -> None:
    desk = StoryDesk(store)
    assert ids(told(desk, report("a"), report("z", OTHER))) == [("a", 1), ("z", 1)]
    (update,) = told(desk, report("b", minutes=20))
    assert ids([update]) == [("a", 2)]
    assert [change.kind for change in update.story.changes] == ["sources"]
    assert [ref.id for ref in update.story.entries] == ["a", "b"]
    assert (update.story.source_count, update.story.independent_sources) == (2, 1)  # a copy of one text


def test_outlets_of_one_owner_are_one_voice_and_others_are_not(store: Store) -> None:
    desk = StoryDesk(store)
    texts = (TEXT, "The government in Oslo turns down another base for missiles", "No to a base, says Oslo")
    owners = ("the state", "the state", None)
    last = [
        told(desk, report(f"e{n}", text, owner=owner, minutes=20 * n, about=BASE))
        for n, (text, owner) in enumerate(zip(texts, owners, strict=True))
    ][-1][-1]
    assert (last.story.source_count, last.story.independent_sources) == (3, 2)


def test_the_fourth_outlet_tells_nothing_and_haste_is_made_up_for_later(store: Store) -> None:
    desk = StoryDesk(store)
    told(desk, report("a"))
    assert told(desk, report("b", minutes=1)) == []  # ten minutes are not over: but it is not forgotten
    (update,) = told(desk, report("c", minutes=30))
    assert [change.what for change in update.story.changes] == [
        "2 outlets carry it, now b",
        "3 outlets carry it, now c",
    ]
    assert told(desk, report("d", minutes=60)) == []


def test_what_waits_is_told_with_the_next_entry_of_any_story(store: Store) -> None:
    desk = StoryDesk(store)
    told(desk, report("a"), report("b", minutes=1))
    assert ids(told(StoryDesk(store), report("z", OTHER, minutes=15))) == [("z", 1), ("a", 2)]


def test_an_edit_tells_nothing_whatever_is_coded_from_it(store: Store) -> None:
    desk = StoryDesk(store)
    (first,) = told(desk, report("a"))
    event = first.events[0].model_copy(update={"event_type": "ACCUSE"})
    edited = TEXT.replace("fjords, its", "fjords; its")
    assert told(desk, report("a2", edited, outlet="a", minutes=60, about=TEXT, events=[event])) == []


def test_a_correction_is_told_at_once(store: Store) -> None:
    desk = StoryDesk(store)
    told(desk, report("a"))
    (update,) = told(desk, report("a2", outlet="a", minutes=1, title="Correction: Norland has not decided"))
    assert [change.kind for change in update.story.changes] == ["correction"]


def test_a_replay_and_a_restart_tell_nothing_again(store: Store) -> None:
    batch = [report("a"), report("z", OTHER), report("b", minutes=20)]
    told(StoryDesk(store), *batch)
    again = StoryDesk(store)
    assert told(again, *batch) == []
    assert ids(told(again, report("c", minutes=40))) == [("a", 3)]  # three outlets


def test_what_may_not_have_reached_the_log_is_told_again_word_for_word(store: Store) -> None:
    batch = [report("a"), report("b", minutes=20)]
    first = told(StoryDesk(store), *batch, marked=False)
    assert ids(first) == [("a", 1), ("a", 2)]
    late = told(StoryDesk(store), *batch, marked=False)
    assert late[0] == first[0]
    assert late[-1] == first[-1]  # the newest revision stands last on the log


def test_two_instances_on_one_store_see_one_story(store: Store) -> None:
    one, other = StoryDesk(store), StoryDesk(store)
    told(one, report("a"))
    assert ids(told(other, report("b", minutes=20))) == [("a", 2)]
    assert ids(told(one, report("c", minutes=40))) == [("a", 3)]


def test_instances_at_work_at_once_open_one_story(store: Store) -> None:
    desks = [StoryDesk(store) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(lambda n: told(desks[n % 4], report(f"e{n}", minutes=n / 100)), range(12))
        stories = [one for answer in answers for one in ids(answer)]
    assert [revision for _, revision in stories] == [1]


def test_after_days_it_is_a_new_story_with_a_predecessor(store: Store) -> None:
    desk = StoryDesk(store)
    told(desk, report("a"))
    (later,) = told(desk, report("b", minutes=5 * 24 * 60))
    assert (later.story.id, later.story.predecessor) == ("b", "a")


def test_a_failed_transaction_leaves_no_entry_behind(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = StoryDesk(store)

    def fails(*given: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr("archwatch.store.stories.StoryBook.save", fails)
        with pytest.raises(ZeroDivisionError):
            desk.told([report("a")])
    assert ids(told(desk, report("b"))) == [("b", 1)]


def near(name: str, vector: np.ndarray, words: str, *, minutes: float = 0) -> Report:
    """A report of a text of its own with just these words."""
    one = report(name, f"{words} {name}", minutes=minutes)
    names = frozenset(words)
    seen = replace(one.sighting, vector=vector.astype(np.float32), words=names, headline=names)
    return replace(one, sighting=seen)


def test_stories_that_turn_out_to_be_one_are_merged_and_both_say_so(store: Store) -> None:
    left, right = np.zeros(512), np.zeros(512)
    left[0], right[0], right[1] = 1.0, 0.62, (1 - 0.62**2) ** 0.5
    both = (left + right) / np.linalg.norm(left + right)
    desk, other = StoryDesk(store), StoryDesk(store)
    parts = told(desk, near("l", left, "abcdefghijklm"), near("r", right, "ghijklmnopqrst", minutes=1))
    assert ids(parts) == [("l", 1), ("r", 1)]
    bridge = near("b", both, "abcdefghijklmnopqrst", minutes=2)
    merged = told(other, bridge)
    assert ids(merged) == [("r", 2), ("l", 2)]
    assert merged[0].story.merged_into == "l"
    assert [ref.id for ref in merged[1].story.entries] == ["l", "r", "b"]
    # an instance that knew them as two, and one that starts now
    assert told(desk, bridge) == []
    assert told(desk, near("r2", right, "ghijklmnopqrst", minutes=60)) == []  # the fourth outlet
    assert ids(told(StoryDesk(store), near("r3", right, "ghijklmnopqrst", minutes=70))) == [("l", 3)]


FOUND = [
    report(f"e{n}", text, outlet=outlet, minutes=minutes)
    for n, (text, outlet, minutes) in enumerate(
        (text, outlet, minutes)
        for text in (TEXT, OTHER, "The two sides speak about a treaty on ships in northern waters again.")
        for outlet in ("one", "two", "three")
        for minutes in (0, 30)
    )
]


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.permutations(FOUND),
    cuts=st.lists(st.integers(1, 8), min_size=3, max_size=8),
    repeated=st.lists(st.sampled_from(FOUND), max_size=6),
)
def test_any_order_in_any_batches_on_any_instance_tells_the_same(
    order: list[Report], cuts: list[int], repeated: list[Report], tmp_path_factory: pytest.TempPathFactory
) -> None:
    def run(batches: list[list[Report]], size: int) -> list[tuple[str, int]]:
        folder: Path = tmp_path_factory.mktemp("order")
        store = open_store(f"sqlite:///{folder}/store.db")
        try:
            desks = [StoryDesk(store, size=100) for _ in range(size)]
            found = [told(desks[n % size], *batch) for n, batch in enumerate(batches)]
            assert told(StoryDesk(store, size=100), *order, *repeated) == []
            return [one for answer in found for one in ids(answer)]
        finally:
            store.close()

    queue, batches = list(order), list[list[Report]]()
    while queue:
        size = cuts[len(batches) % len(cuts)]
        batches.append(queue[:size])
        queue = queue[size:]
    by_two = run(batches, 2)
    assert by_two == run([[one] for one in order], 1)
    for story in {story for story, _ in by_two}:
        revisions = [revision for of, revision in by_two if of == story]
        assert revisions == list(range(1, len(revisions) + 1))
    assert len({story for story, _ in by_two}) == 3
