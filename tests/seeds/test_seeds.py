"""The seeds: readable, labelled, and served as a feed."""

from io import BytesIO
from pathlib import Path
from typing import Any

import feedparser
import pytest

from archwatch.configfile import read_yaml
from archwatch.seedfeed import seed_feed


@pytest.fixture(scope="module")
def stories(root: Path) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = read_yaml(root / "seeds/stories.yaml").data
    return read


def test_the_feed_is_the_one_made_from_the_stories(root: Path, stories: list[dict[str, Any]]) -> None:
    assert (root / "seeds/feed.xml").read_bytes() == seed_feed(stories), "run `make seeds`"


def test_the_feed_is_well_formed_and_whole(root: Path, stories: list[dict[str, Any]]) -> None:
    feed = feedparser.parse(BytesIO((root / "seeds/feed.xml").read_bytes()))
    assert not feed.bozo
    assert [entry.id for entry in feed.entries] == [story["id"] for story in stories]
    assert [entry.title for entry in feed.entries] == [story["title"] for story in stories]


def test_labels_and_topics_are_those_of_the_guide(root: Path, stories: list[dict[str, Any]]) -> None:
    topics = {topic["id"] for topic in read_yaml(root / "config/topics.yaml").data["topics"]}
    assert len({story["id"] for story in stories}) == len(stories)
    for story in stories:
        assert story["label"] in (0, 1, 2), story["id"]
        assert set(story["topics"]) <= topics, story["id"]
        assert bool(story["topics"]) == (story["label"] > 0), story["id"]
        assert story["note"], story["id"]


def test_every_topic_and_many_languages_are_there(root: Path, stories: list[dict[str, Any]]) -> None:
    topics = {topic["id"] for topic in read_yaml(root / "config/topics.yaml").data["topics"]}
    assert {topic for story in stories if story["label"] == 2 for topic in story["topics"]} == topics
    languages = {story["language"] for story in stories if story["label"] == 2}
    assert languages >= {"en", "de", "fr", "ru", "pl", "uk", "ro", "es", "it"}
    assert sum(story["label"] == 0 for story in stories) >= 10


def test_stories_of_each_kind_have_a_full_text(stories: list[dict[str, Any]]) -> None:
    texts = [story["label"] for story in stories if story["text"]]
    assert len(texts) * 2 >= len(stories)
    assert set(texts) == {0, 1, 2}, "or the length alone would tell them apart"


def test_each_topic_says_what_it_means_and_shows_it(root: Path) -> None:
    for topic in read_yaml(root / "config/topics.yaml").data["topics"]:
        assert topic.keys() == {"id", "name", "meaning", "example"}
        assert all(topic.values()), topic["id"]
