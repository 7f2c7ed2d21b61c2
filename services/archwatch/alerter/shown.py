"""What a screen shows of each story that the alerter reads: kept before the batch is committed."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from archwatch.contracts.event import FlaggedStory
from archwatch.contracts.wording import story_in_words
from archwatch.stage import Handled, Stage
from archwatch.store.latest import StoryRow

SHOWN: Final = 300  # characters of a text


def showing(
    stage: Stage[FlaggedStory],
    keep: Callable[[Sequence[StoryRow], datetime], None],
    clock: Callable[[], datetime],
) -> Stage[FlaggedStory]:
    """The stage, with each story of a batch given to `keep` too: a batch that comes again is kept again."""

    def handle(batch: Sequence[FlaggedStory]) -> Sequence[Handled]:
        handled = stage.handle(batch)
        now = clock()
        keep([row(data, now) for data in batch], now)
        return handled

    return replace(stage, handle=handle)


def row(data: FlaggedStory, now: datetime) -> StoryRow:
    story = data.story
    codes = {party.code for event in data.events for party in (*event.actors, *event.recipients)}
    return StoryRow(
        story_id=story.id,
        revision=story.revision,
        told_at=now,
        title=story.title[:SHOWN],
        what=story_in_words(data)[:SHOWN],
        url=story.url if story.url and story.url.startswith(("https://", "http://")) else None,
        source=story.source[:SHOWN],
        source_count=story.source_count,
        language=story.language,
        topics=" ".join(topic.id for topic in data.topics),
        actors=" ".join(sorted(code for code in codes if code)),
        score=data.relevance.score,
    )
