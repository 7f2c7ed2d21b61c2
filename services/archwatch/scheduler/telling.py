"""What the scheduler tells of its polls: metrics, log lines, readiness."""

import threading
from collections import Counter
from collections.abc import Sequence
from typing import Final

from archwatch.errors import BadInput, TransientError
from archwatch.scheduler.report import OutboxState, PollReport, Watchers
from archwatch.scheduler.states import PollState
from archwatch.telemetry.health import Health
from archwatch.telemetry.logs import get_logger
from archwatch.telemetry.metrics import Metrics

MANY_RENAMED: Final = 10  # entries of one poll under new ids: no slip, the feed changed them


def told_to(metrics: Metrics, health: Health) -> Watchers:
    """Watchers that count every poll and log it; safe to share between threads."""
    logger = get_logger("scheduler")
    states = _States(metrics)

    def on_poll(report: PollReport) -> None:
        health.ready("scheduler")
        _count(metrics, report)
        states.set(report.feed.url, report.label)
        tell = logger.info if report.state.good else logger.warning
        tell(
            "polled",
            feed=report.feed.url,
            state=report.state.value,
            why=report.detail,
            new=report.entries_new,
            seconds=round(report.seconds, 2),
        )
        if report.notice:
            logger.warning("feed", feed=report.feed.url, notice=report.notice)
        if report.kept_back.get("relaunched") or report.kept_back.get("renamed", 0) >= MANY_RENAMED:
            logger.warning("ids_changed", feed=report.feed.url, **report.kept_back)
        for problem in report.problems:
            logger.warning("bad_item", feed=report.feed.url, problem=str(problem))
        for entry_id in report.new_ids:
            logger.debug("entry", entry=entry_id, feed=report.feed.url)

    def on_list_problems(problems: Sequence[BadInput]) -> None:
        for problem in problems:
            logger.warning("feed_list", problem=str(problem))

    def on_list(urls: Sequence[str]) -> None:
        states.keep(urls)

    def on_trouble(error: TransientError) -> None:
        health.waits("scheduler", str(error))
        logger.warning("waiting", error=str(error))

    def on_outbox(outbox: OutboxState) -> None:
        health.ready("scheduler")  # the store has answered
        metrics.outbox.set(outbox.waiting)
        if outbox.trouble is None:
            health.ready("outbox")
            return
        pause = ", and no feed is polled until they are published" if outbox.full else ""
        health.waits("outbox", f"{outbox.trouble}; {outbox.waiting} entries wait{pause}")
        logger.warning(
            "publishing_waits", error=str(outbox.trouble), entries=outbox.waiting, full=outbox.full
        )

    return Watchers(on_poll, on_list_problems, on_list, on_trouble, on_outbox)


def _count(metrics: Metrics, report: PollReport) -> None:
    metrics.polls.labels(report.label).inc()
    metrics.entries.inc(report.entries_new)
    source = report.feed.title
    metrics.source_entries.labels(source).inc(report.entries_new)
    for outcome, counts in (("good", report.state.good), ("failed", not report.state.good)):
        # both are there from the first poll: an outlet that never fails has a share of 0, not none
        metrics.source_polls.labels(source, outcome).inc(counts)
    if report.entries_new:
        metrics.source_last_entry.labels(source).set_to_current_time()
    for reason, count in (
        ("seen", report.entries_seen),
        ("bad_item", report.entries_bad),
        ("beyond_limit", report.entries_skipped),
        *report.kept_back.items(),
    ):
        metrics.entries_skipped.labels(reason).inc(count)


class _States:
    """How many feeds are in which state, as a metric."""

    def __init__(self, metrics: Metrics) -> None:
        self._gauge, self._lock = metrics.feeds, threading.Lock()
        self._by_url: dict[str, str] = {}
        # a code of HTTP that nobody has any more is told as 0, not left as it was
        self._told = {state.value for state in PollState} - {PollState.HTTP_ERROR.value}

    def set(self, url: str, label: str) -> None:
        with self._lock:
            self._by_url[url] = label
            self._tell()

    def keep(self, urls: Sequence[str]) -> None:
        """Those removed or paused are no more among them."""
        with self._lock:
            for gone in self._by_url.keys() - set(urls):
                del self._by_url[gone]
            self._tell()

    def _tell(self) -> None:
        counts = Counter(self._by_url.values())
        self._told |= counts.keys()
        for state in self._told:
            self._gauge.labels(state).set(counts[state])
