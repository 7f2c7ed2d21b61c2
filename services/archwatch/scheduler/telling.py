"""What the scheduler tells of its polls: metrics, log lines, readiness."""

import threading
from collections import Counter
from collections.abc import Sequence
from typing import Final

from archwatch.errors import BadInput, TransientError
from archwatch.scheduler.service import PollReport, Watchers
from archwatch.scheduler.states import PollState
from archwatch.telemetry.health import Health
from archwatch.telemetry.logs import get_logger
from archwatch.telemetry.metrics import Metrics

MANY_RENAMED: Final = 10  # entries of one poll under new ids: no slip, the feed changed them


def told_to(metrics: Metrics, health: Health) -> Watchers:
    """Watchers that count every poll and log it; safe to share between threads."""
    logger = get_logger("scheduler")
    states: dict[str, str] = {}
    lock = threading.Lock()

    def on_poll(report: PollReport) -> None:
        health.ready("scheduler")
        metrics.polls.labels(report.state).inc()
        metrics.entries.inc(report.entries_new)
        for reason, count in (
            ("seen", report.entries_seen),
            ("bad_item", report.entries_bad),
            ("beyond_limit", report.entries_skipped),
            *report.kept_back.items(),
        ):
            metrics.entries_skipped.labels(reason).inc(count)
        with lock:
            states[report.feed.url] = report.state
            counts = Counter(states.values())
            for state in PollState:
                metrics.feeds.labels(state).set(counts[state])
        tell = logger.info if report.state.good else logger.warning
        tell(
            "polled",
            feed=report.feed.url,
            state=report.state.value,
            why=report.detail,
            new=report.entries_new,
            seconds=round(report.seconds, 2),
        )
        if report.kept_back.get("relaunched") or report.kept_back.get("renamed", 0) >= MANY_RENAMED:
            logger.warning("ids_changed", feed=report.feed.url, **report.kept_back)
        for problem in report.problems:
            logger.warning("bad_item", feed=report.feed.url, problem=str(problem))
        for entry_id in report.new_ids:
            logger.debug("entry", entry=entry_id, feed=report.feed.url)

    def on_list_problems(problems: Sequence[BadInput]) -> None:
        for problem in problems:
            logger.warning("feed_list", problem=str(problem))

    def on_trouble(error: TransientError) -> None:
        health.waits("scheduler", str(error))
        logger.warning("waiting", error=str(error))

    return Watchers(on_poll, on_list_problems, on_trouble)
