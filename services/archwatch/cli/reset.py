"""`archwatch reset`: let a service read again from a moment on."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from archwatch import bootstrap
from archwatch.cli.options import CONFIG, STATE, ConfigOption, StateOption
from archwatch.cli.outcome import report
from archwatch.contracts.topics import TOPICS
from archwatch.settings import load_settings


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(reset)


def reset(
    service: Annotated[str, typer.Argument(help="classifier, extractor or alerter; it must be stopped.")],
    to: Annotated[
        str, typer.Option("--to", metavar="TIME", help="ISO 8601, UTC if no zone is given; or `beginning`.")
    ],
    config: ConfigOption = CONFIG,
    state: StateOption = STATE,
) -> None:
    """Set a service back (or on) to a moment: it works off again what was published since.

    What it makes of a message has the same id as before, so that whoever goes by ids sees nothing new twice.
    """
    topic = next(
        (topic for topic in TOPICS if service in topic.read_by and service in bootstrap.SERVICES), None
    )
    if topic is None:
        raise typer.BadParameter(f"{service} reads no topic: classifier, extractor or alerter")
    moment = _moment(to)
    with bootstrap.opened_log(load_settings(config), state) as log:
        waiting = log.reset(f"archwatch.{service}", topic.name, moment)
    when = moment.isoformat() if moment else "the beginning"
    report(f"{service} begins at {when} of {topic.name}: {waiting} wait")


def _moment(text: str) -> datetime | None:
    if text == "beginning":
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no time; e.g. 2026-11-24T13:00:00Z, or beginning") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
