"""The classifier as a stage: entries in, the flagged ones out as stories."""

from collections.abc import Sequence
from functools import partial

from archwatch.classifier.judgement import Judgement
from archwatch.classifier.model import Model
from archwatch.contracts.codec import decode_message, encode_message
from archwatch.contracts.entry import Entry
from archwatch.contracts.story import Story
from archwatch.contracts.topics import ENTRIES, STORIES
from archwatch.stage import Handled, Stage
from archwatch.telemetry.logs import get_logger
from archwatch.telemetry.metrics import Metrics, leads_to


def classifier_stage(model: Model, threshold: float, metrics: Metrics) -> Stage[Entry]:
    """Flags entries at `threshold` and above."""
    metrics.model_info.labels(model.version).set(1)

    def handle(batch: Sequence[Entry]) -> list[Handled]:
        judged = model.judge(batch, threshold)
        return [_handled(entry, one, metrics) for entry, one in zip(batch, judged, strict=True)]

    return Stage("classifier", ENTRIES, partial(decode_message, ENTRIES, Entry), handle)


def story_of(entry: Entry, judged: Judgement) -> Story:
    """The story of a flagged entry; for now each entry is a story of its own."""
    return Story(
        id=entry.id,
        entry=entry,
        language=judged.language,
        relevance=judged.relevance,
        topics=judged.topics,
        missing=judged.missing,
    )


def _handled(entry: Entry, judged: Judgement, metrics: Metrics) -> Handled:
    then = partial(_tell, entry, judged, metrics)
    if not judged.relevance.flagged:
        return Handled("not_flagged", (), then)
    story = story_of(entry, judged)
    return Handled("flagged", (encode_message(STORIES, story.id, story),), then)


def _tell(entry: Entry, judged: Judgement, metrics: Metrics) -> None:
    flagged = judged.relevance.flagged
    outcome = "flagged" if flagged else "not_flagged"
    language = metrics.language(judged.language)
    metrics.classified.labels(outcome, language).inc()
    metrics.classified_by_source.labels(outcome, entry.source).inc()
    metrics.relevance_score.labels(language).observe(judged.relevance.score)
    if flagged:
        for topic in judged.topics:
            metrics.topics.labels(topic.id, language).inc(exemplar=leads_to(entry.id))
    logger = get_logger("classifier")
    # one line for each entry would drown the log: what was not flagged is told at level debug
    (logger.info if flagged else logger.debug)(
        outcome, entry=entry.id, title=entry.title, score=round(judged.relevance.score, 3), feed=entry.feed
    )
