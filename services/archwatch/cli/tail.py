"""`archwatch tail`: follow the events."""

import sys
from collections.abc import Iterator
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.text import Text

from archwatch import bootstrap
from archwatch.cli.options import CONFIG, STATE, ConfigOption, StateOption
from archwatch.cli.outcome import report
from archwatch.contracts.codec import decode_event
from archwatch.contracts.envelope import Record
from archwatch.contracts.event import FlaggedStory
from archwatch.contracts.topics import EVENTS
from archwatch.contracts.wording import event_in_words
from archwatch.errors import BadMessage
from archwatch.eventlog.port import EventLog
from archwatch.settings import load_settings

WAIT_SECONDS = 1.0


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(tail)


def tail(
    as_json: Annotated[
        bool | None,
        typer.Option("--json/--text", help="CloudEvents, one a line; the default when not in a terminal."),
    ] = None,
    from_beginning: Annotated[
        bool, typer.Option("--from-beginning", help="Begin with the oldest event still on the log.")
    ] = False,
    no_follow: Annotated[
        bool, typer.Option("--no-follow", help="End with the newest instead of waiting for more.")
    ] = False,
    config: ConfigOption = CONFIG,
    state: StateOption = STATE,
) -> None:
    """Follow the published events, in words or (`--json`) as they stand on the topic.

    `archwatch tail --from-beginning` shows all so far and waits; with `--no-follow` it ends.
    """
    settings = load_settings(config)
    in_json = not sys.stdout.isatty() if as_json is None else as_json
    console = Console(highlight=False, soft_wrap=True)
    with bootstrap.opened_log(settings, state) as log:
        for record in records(log, from_beginning=from_beginning, follow=not no_follow):
            if in_json:
                sys.stdout.write(record.value.decode("utf-8", "replace") + "\n")
                sys.stdout.flush()
            else:
                _show(console, record)


def records(log: EventLog, *, from_beginning: bool, follow: bool) -> Iterator[Record]:
    """The records of the events topic; ends after the newest unless it follows."""
    seen = {} if from_beginning else bootstrap.newest(log, EVENTS)
    while True:
        batch = log.read(EVENTS.name, after=seen, timeout=WAIT_SECONDS if follow else 0.0)
        for record in batch:
            seen[record.partition] = record.offset
            yield record
        if not batch and not follow:
            return


def story_lines(data: FlaggedStory) -> list[Text]:
    """A story in a few lines of rich text: head, coded events, quotes, link."""
    when = data.story.published_at or data.story.fetched_at
    topics = " ".join(topic.id for topic in data.topics)
    head = f"[dim]{when:%Y-%m-%d %H:%M}[/] [bold]{escape(data.story.title)}[/]"
    about = f"[dim]{escape(data.story.source)} · {data.relevance.score:.2f} · [/][cyan]{escape(topics)}[/]"
    lines = [head, f"    {about}"]
    lines += [f"    [magenta]+ {change.kind}[/] {escape(change.what)}" for change in data.story.changes]
    lines += [f"    [green]▸[/] {escape(event_in_words(event))}" for event in data.events]
    lines += [
        f"    [yellow]“{escape(quote.text)}”[/] {escape(quote.speaker.name or quote.speaker.text)}"
        for quote in data.quotes
        if quote.speaker and quote.kind == "direct"
    ]
    if data.story.url:
        lines.append(f"    [dim]{escape(data.story.url)}[/]")
    return [Text.from_markup(line) for line in lines]


def _show(console: Console, record: Record) -> None:
    try:
        data = decode_event(record)
    except BadMessage as error:
        report(f"{record.topic}/{record.partition}/{record.offset}: {error}")
        return
    for line in story_lines(data):
        console.print(line)
