"""`archwatch run` and the single services."""

import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.live import Live

from archwatch import bootstrap
from archwatch.bootstrap import Service
from archwatch.cli.options import CONFIG, MODEL, STATE, ConfigOption, ModelOption, StateOption
from archwatch.cli.outcome import report
from archwatch.cli.view import View
from archwatch.contracts.topics import EVENTS
from archwatch.errors import ConfigError
from archwatch.scheduler.states import FINE
from archwatch.settings import Settings, load_settings
from archwatch.supervisor import stopping_on_signals, supervise
from archwatch.telemetry.health import Health
from archwatch.telemetry.logs import configure_logging, get_logger
from archwatch.telemetry.metrics import Metrics
from archwatch.telemetry.server import serve

ForOption = Annotated[
    float | None, typer.Option("--for", metavar="SECONDS", min=0.1, help="End after so many seconds.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command()(run)
    for service in bootstrap.SERVICES:
        app.command(service, help=_HELP[service])(_single(service))


def run(
    once: Annotated[
        bool, typer.Option("--once", help="Poll every feed once, work everything off, end.")
    ] = False,
    seconds: ForOption = None,
    plain: Annotated[bool, typer.Option("--plain", help="Log lines even in a terminal.")] = False,
    config: ConfigOption = CONFIG,
    state: StateOption = STATE,
    model: ModelOption = MODEL,
) -> None:
    """Run all services in one process: poll the feeds, flag, code, publish, alert.

    Needs nothing else installed: log and store live in `--state`. Ctrl-C ends after the batch in hand.
    """
    settings = load_settings(config)
    live = sys.stdout.isatty() and not plain
    _run(settings, list(bootstrap.SERVICES), state, model, once=once, seconds=seconds, live=live)


def _single(service: Service) -> Callable[..., None]:
    def command(
        seconds: ForOption = None,
        config: ConfigOption = CONFIG,
        state: StateOption = STATE,
        model: ModelOption = MODEL,
    ) -> None:
        settings = load_settings(config)
        _run(settings, [service], state, model, once=False, seconds=seconds, live=False)

    return command


def _run(
    settings: Settings,
    services: Sequence[Service],
    state: Path,
    model: Path,
    *,
    once: bool,
    seconds: float | None,
    live: bool,
) -> None:
    state.mkdir(parents=True, exist_ok=True)
    watched, stop = settings.watching, threading.Event()
    metrics = Metrics(watched.actors, watched.languages)
    health = Health(lambda part, waits: metrics.waiting.labels(part).set(waits))
    with ExitStack() as stack:
        log_file = state / "archwatch.log"
        stream = stack.enter_context(log_file.open("a", encoding="utf-8")) if live else None
        configure_logging(settings.logging.level, settings.logging.format, stream)
        if settings.http.enabled:
            _serve(stack, settings, metrics, health)
        stack.enter_context(stopping_on_signals(stop))
        running = stack.enter_context(
            bootstrap.assembled(
                settings,
                services,
                state=state,
                model=model,
                once=once,
                metrics=metrics,
                health=health,
                stop=stop,
            )
        )
        if live:
            view = View(metrics, health, running.log, log_file, bootstrap.newest(running.log, EVENTS))
            screen = stack.enter_context(Live(get_renderable=view.render, refresh_per_second=4))
            screen.refresh()
        supervise(running.parts, stop, health, seconds=seconds, grace=settings.stop_grace)
        if live:
            screen.refresh()
    try:
        metrics.write(state / "metrics.prom")
    except OSError as error:  # a full disk: the work is done all the same
        get_logger("run").warning("metrics_not_written", error=str(error))
    if "classifier" in services:
        report(summary(metrics))


def _serve(stack: ExitStack, settings: Settings, metrics: Metrics, health: Health) -> None:
    host, port = settings.http.host, settings.http.port
    try:
        bound = stack.enter_context(serve(metrics, health, host=host, port=port))
    except ConfigError as taken:
        # a second process on the same machine is no mistake: it works, only nobody can watch it
        get_logger("http").warning("not_served", why=str(taken))
        return
    get_logger("http").info("serving", metrics=f"http://{host}:{bound}/metrics")


def summary(metrics: Metrics) -> str:
    """The account of a run: every message that the classifier took is flagged, not flagged or dead."""
    total, stage = metrics.total, "archwatch_stage_records_total"
    flagged, rest, dead = (
        total(stage, stage="classifier", outcome=outcome)
        for outcome in ("flagged", "not_flagged", "dead_letter")
    )
    polls = total("archwatch_polls_total")
    fine = sum(total("archwatch_polls_total", state=state) for state in FINE)
    return (
        f"{polls:.0f} polls ({polls - fine:.0f} failed), {total('archwatch_entries_total'):.0f} new entries; "
        f"judged {flagged + rest + dead:.0f} = {flagged:.0f} flagged + {rest:.0f} not flagged + "
        f"{dead:.0f} dead letters; {total('archwatch_stories_published_total'):.0f} stories published, "
        f"{total('archwatch_alerts_total', outcome='sent'):.0f} alerts"
    )


_HELP = {
    "scheduler": "Poll the feeds and put what is new on the log. Several may share the feeds.",
    "classifier": "Flag the entries that concern the European security architecture.",
    "extractor": "Code the flagged stories and publish them as events.",
    "alerter": "Alert people of the events that meet a rule.",
}
