"""The one place that picks adapters and puts the parts together: one process or many differ only here."""

import hashlib
import random
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from archwatch.alerter.rules import read_rules
from archwatch.alerter.service import alerter_stage
from archwatch.classifier.topics import read_topics, untold
from archwatch.contracts.codec import encode_message
from archwatch.contracts.entry import Entry
from archwatch.contracts.topics import ENTRIES, TOPICS, Topic
from archwatch.errors import BadInput
from archwatch.eventlog.kafka import KafkaLog
from archwatch.eventlog.local import LocalLog
from archwatch.eventlog.port import EventLog
from archwatch.extractor.articles import Articles, ArticlesOf
from archwatch.extractor.extract import Coder, Extraction, extract
from archwatch.extractor.service import extractor_stage
from archwatch.scheduler.feedlist import FeedList
from archwatch.scheduler.feeds import Feed, read_opml
from archwatch.scheduler.fetch import Fetcher
from archwatch.scheduler.publishing import publish_unseen
from archwatch.scheduler.reading import Reading, read_feed
from archwatch.scheduler.service import Scheduler, Watchers
from archwatch.scheduler.telling import told_to
from archwatch.settings import Settings, database_password
from archwatch.stage import Stage, Surroundings, run_stage
from archwatch.store import Store, open_store
from archwatch.supervisor import Part
from archwatch.telemetry.health import Health
from archwatch.telemetry.logs import get_logger
from archwatch.telemetry.metrics import Metrics
from archwatch.web.client import Client, Limits

if TYPE_CHECKING:
    from archwatch.classifier.evaluate import Report
    from archwatch.classifier.judgement import Judgement
    from archwatch.classifier.model import Model
    from archwatch.extractor.examine import Report as CodingReport
    from archwatch.extractor.plv import Report as PlvReport

Service = Literal["scheduler", "classifier", "extractor", "alerter"]
SERVICES: Final[tuple[Service, ...]] = ("scheduler", "classifier", "extractor", "alerter")


def utc_now() -> datetime:
    """The clock of a running process."""
    return datetime.now(UTC)


@contextmanager
def opened_log(settings: Settings, state: Path) -> Iterator[EventLog]:
    """The event log of the settings, its topics in place."""
    log: EventLog
    if settings.log.kind == "kafka":
        log = KafkaLog(
            settings.log.bootstrap_servers,
            client=settings.instance,
            partitions=settings.log.partitions,
            replication=settings.log.replication,
            security=settings.log.security,
        )
    else:
        log = LocalLog(state / "log.db")
    try:
        for difference in log.ensure_topics(TOPICS):
            get_logger("log").warning("topic_differs", difference=difference)
        yield log
    finally:
        log.close()


@contextmanager
def opened_store(settings: Settings, state: Path) -> Iterator[Store]:
    """The state store of the settings."""
    state.mkdir(parents=True, exist_ok=True)
    password = database_password(settings)
    store = open_store(
        settings.store.url or f"sqlite:///{state / 'store.db'}",
        password=password.get_secret_value() if password else None,
    )
    try:
        yield store
    finally:
        store.close()


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
    with opened_log(settings, state) as log:
        around = Surroundings(
            log,
            metrics,
            health,
            stop,
            batch=settings.log.batch,
            fuse_share=settings.dead_letters.fuse_share,
            fuse_window=settings.dead_letters.fuse_window,
        )
        # each is set when nothing more will come from the service before
        done = {service: threading.Event() for service in services}
        parts: list[Part] = []
        upstream = threading.Event()
        with ExitStack() as stack:
            for service in services:
                if service == "scheduler":
                    store = stack.enter_context(opened_store(settings, state))  # no other needs it
                    scheduler = _scheduler(settings, store, log, told_to(metrics, health), stop)
                    work = _polling(scheduler, once, stop)
                else:
                    stage = _stage(service, settings, model, metrics, stack, stop)
                    work = _working(stage, around, upstream)
                parts.append(Part(service, _then(work, done[service] if once else None)))
                upstream = done[service]
            yield Running(log, parts)


def _then(work: Callable[[], None], done: threading.Event | None) -> Callable[[], None]:
    def run() -> None:
        work()
        if done is not None:
            done.set()

    return run


def _polling(scheduler: Scheduler, once: bool, stop: threading.Event) -> Callable[[], None]:
    def poll_once() -> None:
        scheduler.poll_all()

    return poll_once if once else partial(scheduler.run, stop)


def _scheduler(
    settings: Settings, store: Store, log: EventLog, watchers: Watchers, stop: threading.Event
) -> Scheduler:
    polling = settings.polling
    return Scheduler(
        store,
        log,
        _fetcher(settings, stop),
        FeedList(polling.feeds, local=polling.local_feeds),
        interval=timedelta(seconds=polling.interval),
        workers=polling.workers,
        max_entries=polling.max_entries,
        clock=utc_now,
        rng=random.Random(),  # noqa: S311 - spreads polls over time: nobody's secret
        watchers=watchers,
    )


def _fetcher(settings: Settings, stop: threading.Event | None = None) -> Fetcher:
    polling = settings.polling
    limits = Limits(
        connect_timeout=polling.connect_timeout,
        read_timeout=polling.read_timeout,
        total_timeout=polling.total_timeout,
        max_body_bytes=polling.max_body_bytes,
        max_redirects=polling.max_redirects,
    )
    return Fetcher(_client(settings, limits, stop))


def _client(settings: Settings, limits: Limits, stop: threading.Event | None) -> Client:
    polling = settings.polling
    return Client(
        limits, user_agent=polling.user_agent, allow_private_hosts=polling.allow_private_hosts, stop=stop
    )


def feed_reader(settings: Settings, stop: threading.Event | None = None) -> Callable[[Feed], Reading]:
    """Fetch and parse one feed now, and change nothing."""
    fetcher = _fetcher(settings, stop)
    return lambda feed: read_feed(
        fetcher, feed, fetched_at=utc_now(), max_entries=settings.polling.max_entries
    )


def _working(stage: Stage[Any], around: Surroundings, upstream: threading.Event) -> Callable[[], None]:
    return lambda: run_stage(stage, around, upstream)


@contextmanager
def _articles(settings: Settings, stop: threading.Event) -> Iterator[ArticlesOf]:
    """What fetches articles, as the settings say; it starts nothing before the first is wanted."""
    ours, polling = settings.extractor, settings.polling
    if ours.full_text == "never":
        yield lambda _: {}
        return
    limits = Limits(
        connect_timeout=polling.connect_timeout,
        read_timeout=polling.read_timeout,
        total_timeout=ours.article_timeout,
        max_body_bytes=ours.article_max_bytes,
        max_redirects=polling.max_redirects,
    )
    articles = Articles(
        _client(settings, limits, stop),
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
    model: Path,
    metrics: Metrics,
    stack: ExitStack,
    stop: threading.Event,
) -> Stage[Any]:
    if service == "classifier":
        from archwatch.classifier.service import classifier_stage

        loaded = _model(model)
        return classifier_stage(loaded, loaded.limit(settings.classifier.threshold), metrics)
    if service == "extractor":
        articles = stack.enter_context(_articles(settings, stop))
        return extractor_stage(
            _coder(settings), articles=articles, source=settings.instance, metrics=metrics, clock=utc_now
        )
    rules, errors = read_rules(settings.alerter.rules)
    if errors:
        raise errors[0]
    return alerter_stage(rules, metrics=metrics, clock=utc_now)


def _coder(settings: Settings) -> Coder:
    extractor = settings.extractor
    return Coder.load(extractor.actors, extractor.verbs, extractor.model or Path("models/events"))


def judge(settings: Settings, models: Path) -> Callable[[Sequence[Entry]], "list[Judgement]"]:
    """The classifier as a plain function."""
    model = _model(models)
    limit = model.limit(settings.classifier.threshold)
    return lambda entries: model.judge(entries, limit)


def newest(log: EventLog, topic: Topic) -> dict[int, int]:
    """Where a reader begins who wants only what comes from now on: `after` of `EventLog.read`."""
    return {partition: end - 1 for partition, end in log.end_offsets(topic.name).items()}


def train(
    data: Sequence[Path],
    out: Path,
    *,
    onto: Path | None,
    version: str | None,
    seed: int,
    progress: Callable[[str, float], None],
) -> Path:
    """Train a model on the files `data`, beside what the current model of the folder `onto` was taught, and
    make it current; returns its folder."""
    from archwatch.classifier.data import read_items

    items = read_items(data)  # first: a mistake in it should be told before the wait for scikit-learn
    from archwatch.classifier.train import train

    older = None if onto is None else _model(onto)
    parts = sorted(f"{item.id} {item.label} {' '.join(item.topics)}" for item in items)
    parts += [older.version] if older else []
    # the day, and a hash of what it learns: two sets of labels never share a name
    name = version or f"{utc_now():%Y%m%d}-{hashlib.sha256(chr(10).join(parts).encode()).hexdigest()[:8]}"
    lessons = None if older is None else older.lessons
    return train(items, out, version=name, seed=seed, progress=progress, onto=lessons)


def evaluate(
    data: Sequence[Path], settings: Settings, models: Path, plots: Path | None
) -> "tuple[Report, int, list[Path]]":
    """How good the current model is on the files `data`, how many of their items were left out because it
    was trained on them, and the plots written to the folder `plots`.

    Raises BadInput when none is left.
    """
    from archwatch.classifier.data import read_items
    from archwatch.classifier.examine import examine

    items = read_items(data)
    model = _model(models)
    return examine(model, items, model.limit(settings.classifier.threshold), plots)


def evaluate_events(
    gold: Path, data: Sequence[Path], settings: Settings
) -> "tuple[CodingReport | PlvReport, list[BadInput]]":
    """How well the file `gold` is coded, its texts in it or in the files `data`; and the cases of no use.

    Raises BadInput when all are of no use.
    """
    from archwatch.classifier.language import detect_or_declared
    from archwatch.extractor.examine import examine_file

    return examine_file(gold, data, _coder(settings), lambda text: detect_or_declared(text, None))


def _model(models: Path) -> "Model":
    """Imported where it is used: scikit-learn takes seconds, and most commands never need it."""
    from archwatch.classifier.model import load_model

    return load_model(models)


def coder(settings: Settings) -> Callable[[Entry], Extraction]:
    """The extractor as a plain function."""
    from archwatch.classifier.language import detect_or_declared

    ours = _coder(settings)

    def code(entry: Entry) -> Extraction:
        return extract(
            entry.title,
            entry.summary,
            entry.text,
            published_at=entry.published_at,
            language=detect_or_declared(entry.reading(), entry.language),
            coder=ours,
        )

    return code


@contextmanager
def entry_sink(
    settings: Settings, state: Path, *, remember: bool
) -> Iterator[Callable[[Sequence[Entry]], int]]:
    """Puts entries on the log and says how many; with `remember` only those never seen before."""
    with opened_log(settings, state) as log:
        if not remember:

            def append(entries: Sequence[Entry]) -> int:
                log.append([encode_message(ENTRIES, entry.id, entry) for entry in entries])
                return len(entries)

            yield append
            return
        with opened_store(settings, state) as store:
            yield lambda entries: publish_unseen(store, log, entries, utc_now())


def config_mistakes(settings: Settings, models: Path) -> list[Exception]:
    """Every mistake in what `run` would read beside the settings."""
    mistakes: list[Exception] = []

    def attempt(read: Callable[[], Sequence[Exception]]) -> None:
        try:
            mistakes.extend(read())
        except BadInput as error:
            mistakes.append(error)

    def loaded(load: Callable[[], object]) -> Sequence[Exception]:
        load()
        return ()

    attempt(lambda: read_opml(settings.polling.feeds)[1])
    attempt(lambda: loaded(lambda: _coder(settings)))
    attempt(lambda: read_topics(settings.classifier.topics)[1])
    attempt(lambda: read_rules(settings.alerter.rules)[1])

    def unknown_topics() -> Sequence[Exception]:
        manifest = _model(models).manifest
        return untold(settings.classifier.topics, manifest.topics, manifest.version)

    attempt(unknown_topics)
    return mistakes
