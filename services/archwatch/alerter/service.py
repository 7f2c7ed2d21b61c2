"""The alerter as a stage: events in, alerts out (to their topic and the log, for now)."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from archwatch.alerter.alerts import alerts_for
from archwatch.alerter.rules import Rule
from archwatch.contracts.alert import Alert
from archwatch.contracts.codec import decode_event, encode_message
from archwatch.contracts.event import FlaggedStory
from archwatch.contracts.topics import ALERTS, EVENTS
from archwatch.stage import Handled, Stage
from archwatch.telemetry.logs import get_logger
from archwatch.telemetry.metrics import Metrics


def alerter_stage(
    rules: Sequence[Rule], *, metrics: Metrics, clock: Callable[[], datetime]
) -> Stage[FlaggedStory]:
    """Raises every alert once for each event that reaches it."""

    def handle(batch: Sequence[FlaggedStory]) -> list[Handled]:
        return [_handled(alerts_for(data, rules, clock()), metrics) for data in batch]

    return Stage("alerter", EVENTS, decode_event, handle)


def _handled(alerts: Sequence[Alert], metrics: Metrics) -> Handled:
    messages = tuple(encode_message(ALERTS, alert.story_id, alert) for alert in alerts)
    return Handled("alerted" if alerts else "quiet", messages, partial(_tell, alerts, metrics))


def _tell(alerts: Sequence[Alert], metrics: Metrics) -> None:
    for alert in alerts:
        metrics.alerts.labels("sent").inc()
        get_logger("alerter").info(
            "alert",
            alert=alert.id,
            story=alert.story_id,
            rule=alert.rule,
            severity=alert.severity,
            sentence=alert.sentence,
        )
