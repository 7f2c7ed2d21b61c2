"""Entries of several outlets on a real store: what is told, and what is not told twice."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from archwatch.contracts.event import FlaggedStory, StoryHead
from archwatch.store import Store, open_store
from archwatch.stories.desk import Report, StoryDesk
from archwatch.stories.fingerprint import prints
from archwatch.stories.sighting import Sighting
from samples import NOW, flagged_story

TEXT = "Norland has rejected a second missile base in the fjords, its government said on Tuesday in Oslo."
OTHER = "Freedonia and Sylvania have agreed on inspections of each other's bridges and tunnels from May."


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    yield store
    store.close()


def report(name: str, text: str = TEXT, *, outlet: str | None = None, minutes: float = 0) -> Report:
    """An entry of the outlet that is named like it; entries of one text point the same way."""
    at = NOW + timedelta(minutes=minutes)
    vector = np.random.default_rng(len(text)).normal(size=512).astype(np.float32)
    vector /= np.linalg.norm(vector)
    data = flagged_story(name)
    head = data.story.model_dump() | {"source": outlet or name, "published_at": at, "fetched_at": at}
    data = data.model_copy(update={"story": StoryHead.model_validate(head)})
    seen = Sighting(name, outlet or name, None, "en", at, vector, prints(text))
    return Report(seen, data, len(text), at)


def told(desk: StoryDesk, *reports: Report, marked: bool = True) -> list[FlaggedStory]:
    found = [one.data for answer in desk.told(reports) for one in answer]
    for data in found if marked else ():
        desk.on_log(data)
    return found


def ids(stories: Sequence[FlaggedStory]) -> list[tuple[str, int]]:
    return [(data.story.id, data.story.revision) for data in stories]


def test_the_second_outlet_updates_the_story_and_does_not_flag_it_again(store: Store) -> None:
    desk = StoryDesk(store)
    assert ids(told(desk, report("a"), report("z", OTHER))) == [("a", 1), ("z", 1)]
    (update,) = told(desk, report("b", minutes=20))
    assert ids([update]) == [("a", 2)]
    assert [change.kind for change in update.story.changes] == ["sources"]
    assert [ref.id for ref in update.story.entries] == ["a", "b"]
    assert (update.story.source_count, update.story.independent_sources) == (2, 1)  # a copy of one text


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


def test_a_batch_gives_what_its_entries_give_one_by_one(store: Store, tmp_path: Path) -> None:
    batch = [report(name, minutes=20 * n) for n, name in enumerate("abcde")]
    beside = open_store(f"sqlite:///{tmp_path / 'beside.db'}")
    try:
        singly = StoryDesk(beside)
        assert told(StoryDesk(store), *batch) == [data for one in batch for data in told(singly, one)]
    finally:
        beside.close()


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
