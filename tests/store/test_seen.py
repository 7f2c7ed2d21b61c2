"""What is remembered, and what is published of it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archwatch.contracts import Entry
from archwatch.scheduler.publishing import found
from archwatch.store import Found, Remembered, Store, open_store

FEED = "https://n.example/feed"
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
MAX_AGE = timedelta(days=14)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    yield opened
    opened.close()


def one(
    number: int, *, guid: str = "", now: datetime = MONDAY, age: timedelta = timedelta(), **parts: str
) -> Found:
    feed = parts.pop("feed", FEED)
    given = {
        "url": f"https://n.example/news/{1000 + number}",
        "title": f"Norland talks with its neighbours, round {number}",
    } | parts
    entry = Entry(
        id=guid or f"guid-{number}", feed=feed, source="N", guid=guid or f"guid-{number}", **given,
        published_at=now - age, fetched_at=now,
        missing={"group": "-", "language": "-", "published_raw": "-"},
    )  # fmt: skip
    return found(entry, MAX_AGE)


def poll(store: Store, *entries: Found, now: datetime = MONDAY) -> Remembered:
    return store.record_found(entries, now)


def test_an_entry_under_another_id_is_not_published_again(store: Store) -> None:
    assert len(poll(store, one(1)).new) == 1
    again = poll(store, one(1, guid="changed"))
    assert (again.new, again.renamed) == ((), 1)
    assert poll(store, one(1, guid="changed")).renamed == 0  # its new id is known by now


def test_other_words_are_an_update_once(store: Store) -> None:
    poll(store, one(1))
    assert (poll(store, one(1, title="Norland ends its talks")).updated) == 1
    again = poll(store, one(1, title="Norland ends its talks"))
    assert (again.updated, again.new) == (0, ())


def test_items_of_one_document_that_share_a_link_are_kept_apart(store: Store) -> None:
    link = "https://n.example/news/4711"
    assert len(poll(store, one(1, url=link), one(2, url=link)).new) == 2


def test_an_old_entry_is_counted_and_stays_unpublished_when_its_date_is_bumped(store: Store) -> None:
    old = poll(store, one(1, age=timedelta(days=15)))
    assert (old.new, old.too_old) == ((), 1)
    assert poll(store, one(1)).new == ()
    assert len(poll(store, one(2, age=timedelta(days=15), feed="file:seeds.xml")).new) == 1


def test_a_relaunch_does_not_flood(store: Store) -> None:
    poll(store, *(one(n) for n in range(20)))
    friday = MONDAY + timedelta(days=4)
    moved = [
        one(
            n,
            guid=f"new-{n}",
            now=friday,
            age=timedelta(days=6),
            url=f"https://n.example/{n}",
            title=f"Anew {n}",
        )
        for n in range(20)
    ]
    news = one(99, guid="new-99", now=friday)
    became = poll(store, *moved, news, now=friday)
    assert ([new.entry_id for new in became.new], became.relaunched) == (["new-99"], 20)


def test_a_feed_that_turned_over_between_two_polls_is_no_relaunch(store: Store) -> None:
    poll(store, *(one(n) for n in range(20)))
    tuesday = MONDAY + timedelta(days=1)
    fresh = [one(100 + n, now=tuesday, age=timedelta(hours=2)) for n in range(20)]
    assert len(poll(store, *fresh, now=tuesday).new) == 20
