"""Services put together for a supervisor: one process or many differ only here."""

import random
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from archwatch.alerter.courier import Courier
from archwatch.alerter.service import alerter_stage
from archwatch.alerter.shown import showing
from archwatch.bootstrap.adapters import (
    client_of,
    fetcher_of,
    limits_of,
    opened_log,
    opened_parsers,
    opened_store,
    utc_now,
    waiting,
)
from archwatch.bootstrap.adapters import once as once_only
from archwatch.bootstrap.alerting import channels_of, policy_of
from archwatch.bootstrap.learned import coder_of, model_of
from archwatch.bootstrap.subscribing import subscriber_of
from archwatch.contracts.topics import Topic
from archwatch.errors import TransientError
from archwatch.eventlog.local import LocalLog
from archwatch.eventlog.port import EventLog
from archwatch.scheduler.feedlist import FeedList
from archwatch.scheduler.parsers import Parsers
from archwatch.scheduler.report import Watchers
from archwatch.scheduler.rhythm import Rhythm
from archwatch.scheduler.service import Scheduler
from archwatch.scheduler.telling import told_to
from archwatch.scheduler.websub import Subscriber
from archwatch.settings import Settings, topics_of
from archwatch.stage import Stage, Surroundings, run_stage
from archwatch.store import Store
from archwatch.stories.desk import StoryDesk
from archwatch.supervisor import Part
from archwatch.telemetry.health import Health
from archwatch.telemetry.logs import get_logger
from archwatch.telemetry.metrics import Metrics

if TYPE_CHECKING:
    from archwatch.extractor.articles import ArticlesOf

Service = Literal["scheduler", "classifier", "extractor", "alerter"]
_PRUNE_SECONDS: Final = 3_600.0
SERVICES: Final[tuple[Service, ...]] = ("scheduler", "classifier", "extractor", "alerter")


@dataclass(frozen=True)
class Running:
    """What `assembled` gives: the log, and the parts for a supervisor to run."""

    log: EventLog
    parts: Sequence[Part]


@contextmanager
def assembled(
    settings: Settings,
    services: Sequence[Service],
    *,
    state: Path,
    model: Path,
    once: bool,
    metrics: Metrics,
    health: Health,
    stop: threading.Event,
) -> Iterator[Running]:
    """`services` on the adapters of the settings. `once`: one poll of each feed, then work all off."""
    attempt = once_only if once else waiting(health, stop)
    with opened_log(settings, state, attempt) as log:
        around = Surroundings(
            log,
            metrics,
            health,
            stop,
            batch=settings.log.batch,
            fuse_share=settings.dead_letters.fuse_share,
            fuse_window=settings.dead_letters.fuse_window,
            attempts=settings.dead_letters.attempts,
            retry_pause=settings.dead_letters.retry_pause,
        )
        # each is set when nothing more will come from the service before
        done = {service: threading.Event() for service in services}
        parts: list[Part] = []
        upstream = threading.Event()
        with ExitStack() as stack:
            for service in services:
                if service == "scheduler":
                    store = stack.enter_context(opened_store(settings, state, attempt))
                    parsers = stack.enter_context(opened_parsers(settings, stop))
                    subscriber = None if once else stack.enter_context(subscriber_of(settings, store, stop))
                    watchers = told_to(metrics, health)
                    scheduler = _scheduler(settings, store, log, parsers, watchers, subscriber, stop)
                    work = _polling(scheduler, once, stop)
                elif service == "alerter":
                    store = stack.enter_context(opened_store(settings, state, attempt))
                    stage, courier = _alerting(settings, store, metrics)
                    work = _working(stage, around, upstream)
                    parts.append(Part("courier", partial(courier.run, stop, done[service])))
                else:
                    opening = partial(opened_store, settings, state, attempt)
                    stage = _stage(service, settings, opening, model, metrics, stack, stop)
                    work = _working(stage, around, upstream)
                parts.append(Part(service, _then(work, done[service] if once else None)))
                upstream = done[service]
            if isinstance(log, LocalLog):  # a broker does this by itself
                parts.append(Part("retention", partial(_pruning, log, topics_of(settings), once, stop)))
            yield Running(log, parts)


def _then(work: Callable[[], None], done: threading.Event | None) -> Callable[[], None]:
    def run() -> None:
        work()
        if done is not None:
            done.set()

    return run


def _pruning(log: LocalLog, topics: Sequence[Topic], once: bool, stop: threading.Event) -> None:
    """What the topics' retention no longer keeps is deleted, now and every hour."""
    while True:
        try:
            get_logger("retention").info("pruned", messages=log.prune(topics))
        except TransientError as error:
            get_logger("retention").warning("waiting", error=str(error))  # till the next hour
        if once or stop.wait(_PRUNE_SECONDS):
            return


def _polling(scheduler: Scheduler, once: bool, stop: threading.Event) -> Callable[[], None]:
    def poll_once() -> None:
        scheduler.poll_all()

    return poll_once if once else partial(scheduler.run, stop)


def _scheduler(
    settings: Settings,
    store: Store,
    log: EventLog,
    parsers: Parsers,
    watchers: Watchers,
    subscriber: Subscriber | None,
    stop: threading.Event,
) -> Scheduler:
    polling = settings.polling
    return Scheduler(
        store,
        log,
        fetcher_of(settings, stop),
        FeedList(polling.feeds, local=polling.local_feeds),
        rhythm=Rhythm(
            store,
            timedelta(seconds=polling.interval),
            timedelta(seconds=polling.min_interval),
            timedelta(seconds=polling.max_interval),
        ),
        workers=polling.workers,
        max_age=timedelta(seconds=settings.polling.max_age),
        max_entries=polling.max_entries,
        max_outbox=polling.max_outbox,
        clock=utc_now,
        rng=random.Random(),  # noqa: S311 - spreads polls over time: nobody's secret
        watchers=watchers,
        subscriber=subscriber,
        parse=parsers.parse,
    )


def _working(stage: Stage[Any], around: Surroundings, upstream: threading.Event) -> Callable[[], None]:
    return lambda: run_stage(stage, around, upstream)


@contextmanager
def _articles(settings: Settings, stop: threading.Event) -> "Iterator[ArticlesOf]":
    """What fetches articles, as the settings say; it starts nothing before the first is wanted."""
    from archwatch.extractor.articles import Articles

    ours = settings.extractor
    if ours.full_text == "never":
        yield lambda _: {}
        return
    limits = limits_of(settings, total_timeout=ours.article_timeout, max_body_bytes=ours.article_max_bytes)
    articles = Articles(
        client_of(settings, limits, stop),
        mode=ours.full_text,
        batch=ours.article_batch_timeout,
        pause=ours.article_pause,
        stop=stop,
    )
    try:
        yield articles.of
    finally:
        articles.close()


def _stage(
    service: Service,
    settings: Settings,
    opening: Callable[[], AbstractContextManager[Store]],
    model: Path,
    metrics: Metrics,
    stack: ExitStack,
    stop: threading.Event,
) -> Stage[Any]:
    if service == "classifier":
        from archwatch.classifier.service import classifier_stage

        loaded = model_of(model)
        return classifier_stage(loaded, loaded.limit(settings.classifier.threshold), metrics)
    if service == "extractor":
        from archwatch.extractor.service import extractor_stage

        articles = stack.enter_context(_articles(settings, stop))
        return extractor_stage(
            coder_of(settings),
            articles=articles,
            desk=StoryDesk(stack.enter_context(opening())),
            source=settings.instance,
            metrics=metrics,
            clock=utc_now,
        )
    raise ValueError(f"no stage {service}")


def _alerting(settings: Settings, store: Store, metrics: Metrics) -> tuple[Stage[Any], Courier]:
    """The stage that decides, and the courier that tells people."""
    policy, senders = policy_of(settings), channels_of(settings)
    stage = alerter_stage(policy, tuple(senders), store.alerts, metrics=metrics, clock=utc_now)
    courier = Courier(store.alerts, senders, policy, metrics=metrics, clock=utc_now)
    return showing(stage, store.keep_latest, utc_now), courier
