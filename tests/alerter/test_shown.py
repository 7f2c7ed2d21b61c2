"""What a screen shows of a story."""

from collections.abc import Sequence
from datetime import datetime

import pytest

from archwatch.alerter.shown import SHOWN, row, showing
from archwatch.contracts.codec import decode_event
from archwatch.contracts.event import FlaggedStory
from archwatch.contracts.topics import EVENTS
from archwatch.stage import Handled, Stage
from archwatch.store.latest import StoryRow
from samples import NOW, flagged_story


def test_a_row_says_who_does_what_and_about_what() -> None:
    shown = row(flagged_story(revision=3), NOW)
    assert (shown.story_id, shown.revision, shown.told_at) == ("e1", 3, NOW)
    assert (shown.what, shown.topics, shown.actors) == ("Norway says no", "force-posture", "NOR")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//example.org"])
def test_only_a_web_address_becomes_a_link_and_a_title_is_cut(url: str) -> None:
    story = flagged_story()
    head = story.story.model_copy(update={"url": url, "title": "<script>" * 1_000})
    shown = row(story.model_copy(update={"story": head}), NOW)
    assert shown.url is None
    assert len(shown.title) == SHOWN


def test_each_story_of_a_batch_is_kept_and_a_store_that_is_away_stops_the_batch() -> None:
    kept: list[str] = []

    def keep(rows: Sequence[StoryRow], now: datetime) -> None:
        if len(kept) == 2:
            raise ConnectionError("away")
        kept.extend(one.story_id for one in rows)

    def handle(batch: Sequence[FlaggedStory]) -> list[Handled]:
        return [Handled("quiet") for _ in batch]

    stage = showing(Stage("alerter", EVENTS, decode_event, handle), keep, lambda: NOW)
    assert [one.outcome for one in stage.handle([flagged_story("a"), flagged_story("b")])] == [
        "quiet",
        "quiet",
    ]
    assert kept == ["a", "b"]
    with pytest.raises(ConnectionError):
        stage.handle([flagged_story("c")])
