"""The alerter as a stage: events in, alerts out to their topic, and notices of them queued in the store."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from archwatch.alerter.alerts import Past, alerts_for
from archwatch.alerter.policy import Policy
from archwatch.contracts.alert import Alert
from archwatch.contracts.codec import decode_event, encode_message
from archwatch.contracts.event import FlaggedStory
from archwatch.contracts.topics import ALERTS, EVENTS
from archwatch.stage import Handled, Stage
from archwatch.store.alerts import AlertBook, Earlier
from archwatch.telemetry.logs import get_logger
from archwatch.telemetry.metrics import Metrics


def alerter_stage(
    policy: Policy,
    channels: tuple[str, ...],
    book: AlertBook,
    *,
    metrics: Metrics,
    clock: Callable[[], datetime],
) -> Stage[FlaggedStory]:
    """Raises every alert once, however often its event comes.

    The store decides first, then the log gets it. A crash between the two repeats the batch: the store
    then gives the same alert, byte for byte, which is what the log has not seen yet.
    """

    def handle(batch: Sequence[FlaggedStory]) -> list[Handled]:
        put: set[str] = set()  # a story may come twice in a batch, before the first is known to be on the log
        return [one(data, put) for data in batch]

    def one(data: FlaggedStory, put: set[str]) -> Handled:
        unlogged, new = decided(data, policy, channels, book, clock())
        fresh = [alert for alert in unlogged if alert.id not in put]
        put.update(alert.id for alert in fresh)
        messages = tuple(encode_message(ALERTS, alert.story_id, alert) for alert in fresh)
        then = partial(_tell, fresh, new, book, metrics)
        return Handled("alerted" if fresh else "quiet", messages, then)

    return Stage("alerter", EVENTS, decode_event, handle)


def decided(
    data: FlaggedStory, policy: Policy, channels: tuple[str, ...], book: AlertBook, now: datetime
) -> tuple[list[Alert], list[Alert]]:
    """As `AlertBook.decide`: what goes on the log, and what is decided now."""

    def decide(earlier: Earlier) -> list[Alert]:
        past = Past(earlier.of_story, earlier.sent_by_rule, earlier.sent_today)
        return alerts_for(data, policy, channels, past, now)

    return book.decide(data.story.id, policy.day_began(now), decide)


def _tell(unlogged: Sequence[Alert], new: Sequence[Alert], book: AlertBook, metrics: Metrics) -> None:
    if unlogged:
        book.mark_logged([alert.id for alert in unlogged])
    for alert in new:
        metrics.alerts.labels(alert.rule, alert.outcome, alert.held or "none").inc()
        tell = get_logger("alerter").debug if alert.outcome == "suppressed" else get_logger("alerter").info
        tell(
            "alert",
            alert=alert.id,
            story=alert.story_id,
            rule=alert.rule,
            severity=alert.severity,
            outcome=alert.outcome,
            reason=alert.reason,
            sentence=alert.sentence,
        )
