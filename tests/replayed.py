"""Items through the real judge and coder, at times of the caller's choice, without a log between them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from archwatch.bootstrap.learned import coder_of, model_of
from archwatch.classifier.service import classifier_stage
from archwatch.contracts.codec import encode_message
from archwatch.contracts.entry import Entry
from archwatch.contracts.envelope import LogMessage, Record
from archwatch.contracts.topics import ENTRIES
from archwatch.extractor.service import extractor_stage
from archwatch.settings import Settings
from archwatch.stage import process
from archwatch.telemetry.metrics import Metrics

Telling = tuple[float, Callable[[], None]]
BATCH = 200


def tellings(
    entries: Sequence[Entry], settings: Settings, models: Path, metrics: Metrics
) -> Iterator[Telling]:
    """For each entry, in their order: when it was fetched, and what counts it in `metrics`, as scheduler,
    classifier and extractor do. Articles are not fetched."""
    now = [datetime.now(UTC)]
    model = model_of(models)
    judging = classifier_stage(model, model.limit(settings.classifier.threshold), metrics)
    coding = extractor_stage(coder_of(settings), source="urn:replay", metrics=metrics, clock=lambda: now[0])
    for begin in range(0, len(entries), BATCH):
        batch = entries[begin : begin + BATCH]
        arrived = [_record(encode_message(ENTRIES, entry.id, entry), entry.fetched_at) for entry in batch]
        for entry, judged in zip(batch, process(judging, arrived), strict=True):
            now[0] = entry.fetched_at
            coded = process(coding, [_record(message, entry.fetched_at) for message in judged.messages])
            yield (
                entry.fetched_at.timestamp(),
                _all(metrics, entry, [judged.then, *(one.then for one in coded)]),
            )


def _all(metrics: Metrics, entry: Entry, then: Sequence[Callable[[], None]]) -> Callable[[], None]:
    def tell() -> None:
        metrics.entries.inc()
        metrics.source_entries.labels(entry.source).inc()
        for one in then:
            one()

    return tell


def _record(message: LogMessage, at: datetime) -> Record:
    return Record(message.topic, 0, 0, message.key.encode(), message.value, message.headers, at)
