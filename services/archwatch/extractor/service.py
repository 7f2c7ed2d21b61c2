"""The extractor as a stage: stories in, public events out."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from archwatch.contracts.codec import decode_message, encode_event, event_id
from archwatch.contracts.event import ChangeKind, FlaggedStory
from archwatch.contracts.story import Story
from archwatch.contracts.topics import STORIES
from archwatch.contracts.wording import story_in_words
from archwatch.errors import TransientError
from archwatch.extractor.article import Article
from archwatch.extractor.articles import ArticlesOf
from archwatch.extractor.extract import Coder
from archwatch.extractor.sighting import sightings
from archwatch.extractor.story import code_story, coded_text
from archwatch.stage import Handled, Stage
from archwatch.stories.desk import Report, StoryDesk, Told
from archwatch.telemetry.logs import get_logger
from archwatch.telemetry.metrics import Metrics, leads_to
from archwatch.telemetry.pairs import count_events, count_quotes

_TELLS: Final[tuple[ChangeKind, ...]] = (
    "merged", "correction", "event", "type", "modality", "quote", "sources",
)  # fmt: skip


def extractor_stage(
    coder: Coder,
    *,
    articles: ArticlesOf = lambda _: {},
    desk: StoryDesk | None = None,
    source: str,
    metrics: Metrics,
    clock: Callable[[], datetime],
) -> Stage[Story]:
    """Publishes a CloudEvent for each revision of a story; `source` names the publishing instance. `articles`
    gives for a batch the articles that were wanted; without a `desk` each entry is a story of its own."""

    def handle(batch: Sequence[Story]) -> list[Handled]:
        found = articles(batch)
        now = clock()
        coded = [code_story(story, coder, found.get(story.id)) for story in batch]
        if desk is None:
            told = [[Told(data, now)] for data in coded]
        else:
            told = desk.told(_reports(batch, coded, found))
        return [
            one(story, found.get(story.id), revisions, now)
            for story, revisions in zip(batch, told, strict=True)
        ]

    def one(story: Story, article: Article | None, revisions: Sequence[Told], now: datetime) -> Handled:
        messages = tuple(encode_event(told.data, source=source, time=told.at) for told in revisions)
        then = partial(_tell, story, [told.data for told in revisions], article, desk, metrics, now)
        return Handled("published" if messages else "joined", messages, then)

    return Stage("extractor", STORIES, partial(decode_message, STORIES, Story), handle)


def _reports(
    batch: Sequence[Story], coded: Sequence[FlaggedStory], found: Mapping[str, Article]
) -> list[Report]:
    seen = sightings([(story.entry, data) for story, data in zip(batch, coded, strict=True)])
    return [
        # the entry's own time, not the clock's: a replay into an empty store gives the same revisions
        Report(sighting, data, len(coded_text(story.entry, found.get(story.id))), story.entry.fetched_at)
        for story, data, sighting in zip(batch, coded, seen, strict=True)
    ]


def _tell(
    story: Story,
    revisions: Sequence[FlaggedStory],
    article: Article | None,
    desk: StoryDesk | None,
    metrics: Metrics,
    now: datetime,
) -> None:
    if article is not None:
        metrics.articles.labels(article.outcome).inc()
        if article.seconds:  # it was asked for
            metrics.article_seconds.observe(article.seconds)
        get_logger("extractor").info(
            "article",
            story=story.id,
            outcome=article.outcome.value,
            why=article.why,
            seconds=round(article.seconds, 2),
            url=story.entry.url,
        )
    for data in revisions:
        if desk is not None:
            _note_on_log(desk, data)
        _tell_revision(data, metrics, now)


def _note_on_log(desk: StoryDesk, data: FlaggedStory) -> None:
    try:
        desk.on_log(data)
    except TransientError as error:
        # what was published stays: if its entry should ever be read again, it is told again under the same id
        get_logger("extractor").warning("not_noted", event_id=event_id(data), error=str(error))


def _tell_revision(data: FlaggedStory, metrics: Metrics, now: datetime) -> None:
    exemplar = leads_to(data.story.id)
    metrics.stories_published.inc(exemplar=exemplar)
    told = {change.kind for change in data.story.changes}
    tells = next((kind for kind in _TELLS if kind in told), "opened")
    metrics.story_revisions.labels(tells, data.story.phase or "new").inc()
    if data.story.revision == 1:
        _count_news(data, metrics, now)
    elif data.story.independent_sources:
        metrics.story_sources.observe(data.story.independent_sources)
    get_logger("extractor").info(
        "event_published",
        story=data.story.id,
        event_id=event_id(data),
        tells=tells,
        what=story_in_words(data),
        title=data.story.title,
        score=round(data.relevance.score, 3),
        topics=[topic.id for topic in data.topics],
        coded=len(data.events),
        source=data.story.source,
        url=data.story.url,
    )


def _count_news(data: FlaggedStory, metrics: Metrics, now: datetime) -> None:
    """Once a story, however often it is told again: what an update tells of was mostly told before."""
    exemplar = leads_to(data.story.id)
    count_events(metrics, data.events, data.story.id)
    count_quotes(metrics, data.quotes)
    metrics.ingest_delay.observe(max(0.0, (now - data.story.fetched_at).total_seconds()), exemplar)
    if data.story.published_at is not None:
        late = max(0.0, (now - data.story.published_at).total_seconds())
        metrics.publication_delay.observe(late, exemplar)
