"""`archwatch stories` as an analyst uses it."""

import json
from pathlib import Path

import pytest

from archwatch.store import open_store
from archwatch.stories.desk import StoryDesk
from commands import archwatch, write_config
from stories_told import OTHER, TEXT, report, told


@pytest.fixture
def options(tmp_path: Path) -> list[str | Path]:
    """A store with a story of three outlets, one of which denies it, and a story of one."""
    store = open_store(f"sqlite:///{tmp_path / 'state' / 'store.db'}")
    desk = StoryDesk(store)
    first = report("a", outlet="Wire")
    denied = first.data.events[0].model_copy(update={"modality": "negated"})
    told(desk, first, report("z", OTHER, outlet="Other"))
    told(desk, report("b", "Oslo says that it has turned down nothing", outlet="Daily", minutes=20,
                      about=TEXT, events=[denied]))  # fmt: skip
    told(desk, report("c", outlet="Copy", minutes=40))
    store.close()
    return ["--config", write_config(tmp_path, []), "--state", tmp_path / "state"]


def test_stories_are_listed_newest_first_and_shown_with_what_changed(options: list[str | Path]) -> None:
    found = archwatch("stories", "list", "--json", *options).records
    assert [one["id"] for one in found][:1] == ["a"]
    assert (found[0]["source_count"], found[0]["independent_sources"], found[0]["phase"]) == (3, 2, "fading")
    assert archwatch("stories", "list", "--json", "--phase", "new", *options).records == []
    assert "Norland rejects" in archwatch("stories", "list", *options).out

    shown = json.loads(archwatch("stories", "show", "a", "--json", *options).out)
    assert [one["changes"] for one in shown["revisions"]] == [
        ["first sight"],
        ["sources: 2 outlets carry it, now Daily", "modality: Norway says no (negated)"],
        ["sources: 3 outlets carry it, now Copy"],
    ]
    assert [(one["told_by"], one["contested_by"]) for one in shown["events"]] == [
        ("Wire", ["Daily"]), ("Daily", ["Wire"]),
    ]  # fmt: skip
    page = archwatch("stories", "show", "a", *options).out
    assert "3 outlets, 2 independent" in page
    assert "Norway says no (Wire, contested by Daily)" in page
    assert "sources: 3 outlets carry it, now Copy" in page


def test_a_story_that_is_not_there_is_named(options: list[str | Path]) -> None:
    ended = archwatch("stories", "show", "nobody", *options)
    assert (ended.code, "nobody: there is no such story" in ended.err) == (2, True)
