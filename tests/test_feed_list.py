"""The shipped feed list is whole: enough feeds, many languages, none twice."""

from pathlib import Path

from archwatch.scheduler.feedlist import FeedList
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


def test_without_local_feeds_the_invented_stories_are_not_polled(root: Path) -> None:
    every, network = (FeedList(root / "config/feeds.opml", local=local) for local in (True, False))
    for feeds in (every, network):
        feeds.refresh()
    assert [feed.title for feed in every.active if feed not in network.active] == ["archwatch seeds"]
