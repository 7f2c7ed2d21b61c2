"""The extractor as a stage: stories in, public events out."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from archwatch.contracts.codec import decode_message, encode_event, event_id
from archwatch.contracts.event import FlaggedStory
from archwatch.contracts.story import Story
from archwatch.contracts.topics import STORIES
from archwatch.contracts.wording import story_in_words
from archwatch.extractor.article import Article
from archwatch.extractor.articles import ArticlesOf
from archwatch.extractor.extract import Coder
from archwatch.extractor.story import code_story
from archwatch.stage import Handled, Stage
from archwatch.telemetry.logs import get_logger
from archwatch.telemetry.metrics import Metrics, leads_to
from archwatch.telemetry.pairs import count_events, count_quotes


def extractor_stage(
    coder: Coder,
    *,
    articles: ArticlesOf = lambda _: {},
    source: str,
    metrics: Metrics,
    clock: Callable[[], datetime],
) -> Stage[Story]:
    """Publishes one CloudEvent for each story; `source` names the publishing instance. `articles` gives for
    a batch the articles that were wanted."""

    def handle(batch: Sequence[Story]) -> list[Handled]:
        found = articles(batch)
        return [one(story, found.get(story.id)) for story in batch]

    def one(story: Story, article: Article | None) -> Handled:
        now = clock()
        data = code_story(story, coder, article)
        message = encode_event(data, source=source, time=now)
        return Handled("published", (message,), partial(_tell, data, article, metrics, now))

    return Stage("extractor", STORIES, partial(decode_message, STORIES, Story), handle)


def _tell(data: FlaggedStory, article: Article | None, metrics: Metrics, now: datetime) -> None:
    if article is not None:
        metrics.articles.labels(article.outcome).inc()
        if article.seconds:  # it was asked for
            metrics.article_seconds.observe(article.seconds)
        get_logger("extractor").info(
            "article",
            story=data.story.id,
            outcome=article.outcome.value,
            why=article.why,
            seconds=round(article.seconds, 2),
            url=data.story.url,
        )
    exemplar = leads_to(data.story.id)
    metrics.stories_published.inc(exemplar=exemplar)
    count_events(metrics, data.events, data.story.id)
    count_quotes(metrics, data.quotes)
    metrics.ingest_delay.observe(max(0.0, (now - data.story.fetched_at).total_seconds()), exemplar)
    if data.story.published_at is not None:
        late = max(0.0, (now - data.story.published_at).total_seconds())
        metrics.publication_delay.observe(late, exemplar)
    get_logger("extractor").info(
        "event_published",
        story=data.story.id,
        event_id=event_id(data),
        what=story_in_words(data),
        title=data.story.title,
        score=round(data.relevance.score, 3),
        topics=[topic.id for topic in data.topics],
        coded=len(data.events),
        source=data.story.source,
        url=data.story.url,
    )
