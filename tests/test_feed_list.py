"""The shipped feed list is whole: enough feeds, many languages, none twice."""

from pathlib import Path

from archwatch.scheduler.feeds import read_opml


def test_the_shipped_list_reads_without_a_problem(root: Path) -> None:
    feeds, problems = read_opml(root / "config/feeds.opml")
    assert not problems
    assert len(feeds) >= 150
    assert len({feed.language for feed in feeds}) >= 12
    assert all(feed.language and feed.group and feed.title for feed in feeds)


def test_the_seeds_come_first_and_are_there(root: Path) -> None:
    feeds, _ = read_opml(root / "config/feeds.opml")
    assert feeds[0].path is not None
    assert feeds[0].path.is_file()
