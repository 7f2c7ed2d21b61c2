"""What screens show of stories: the last revision of each, a month long, on both databases."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from archwatch.store import Store, engine
from archwatch.store.engine import transaction
from archwatch.store.latest import KEPT, StoryRow, latest_stories

Titles = Callable[[], dict[str, tuple[int, str]]]
NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
ROW = StoryRow("s1", 1, NOW, "Norland says no", "Norway says no", None, "Wire", 1, "en", "order", "NOR", 0.9)


@pytest.fixture
def titles(store_url: str, store: Store) -> Iterator[Titles]:
    opened = engine.create(store_url, None)

    def read() -> dict[str, tuple[int, str]]:
        with transaction(opened, read_only=True) as connection:
            rows = connection.execute(select(latest_stories))
            return {row.story_id: (row.revision, row.title) for row in rows}

    yield read
    opened.dispose()


def test_a_later_revision_takes_the_place_of_an_earlier(store: Store, titles: Titles) -> None:
    second = replace(ROW, revision=2, title="Norland says yes")
    store.keep_latest([ROW], NOW)
    store.keep_latest([second], NOW)
    store.keep_latest([ROW], NOW)
    assert titles() == {"s1": (2, "Norland says yes")}


def test_several_revisions_in_a_batch_leave_the_last(store: Store, titles: Titles) -> None:
    store.keep_latest([replace(ROW, revision=2, title="later"), ROW, replace(ROW, story_id="s2")], NOW)
    assert titles() == {"s1": (2, "later"), "s2": (1, "Norland says no")}


def test_what_is_older_than_a_month_is_forgotten(store: Store, titles: Titles) -> None:
    store.keep_latest([ROW, replace(ROW, story_id="s2", told_at=NOW + timedelta(days=1))], NOW)
    store.keep_latest([], NOW + KEPT + timedelta(hours=1))
    assert list(titles()) == ["s2"]
