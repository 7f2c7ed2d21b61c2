"""`archwatch feeds`: the feed list and how each feed does."""

import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from archwatch import bootstrap
from archwatch.cli.options import CONFIG, STATE, ConfigOption, StateOption
from archwatch.cli.outcome import InputsFailed, report
from archwatch.errors import BadInput
from archwatch.scheduler.feeds import Feed, read_opml
from archwatch.scheduler.opml_writing import write_opml
from archwatch.settings import load_settings

app = typer.Typer(no_args_is_help=True, help="The feed list: show, try, import, export (OPML).")


@app.command("list")
def list_feeds(config: ConfigOption = CONFIG, state: StateOption = STATE) -> None:
    """Every feed with its state, last success and next poll."""
    settings = load_settings(config)
    feeds = _read(settings.polling.feeds)
    table = Table("state", "feed", "group", "language", "last success", "next poll", "why", box=None)
    with bootstrap.opened_store(settings, state) as store:
        known = store.feed_states()
    for feed in feeds:
        now = known.get(feed.url)
        table.add_row(
            now.state if now else "not polled",
            feed.title,
            feed.group or "",
            feed.language or "",
            _when(now.last_success_at if now else None),
            _when(now.next_poll_at if now else None),
            (now.detail or "") if now else "",
        )
    # in a pipe nobody turns lines: what is cut there is lost
    Console(width=None if sys.stdout.isatty() else 250).print(table)


@app.command()
def check(
    config: ConfigOption = CONFIG,
    group: Annotated[str | None, typer.Option(help="Only the feeds of this group.")] = None,
) -> None:
    """Try every feed now, change nothing, and say what each gave."""
    settings = load_settings(config)
    feeds = [feed for feed in _read(settings.polling.feeds) if group in (None, feed.group)]
    states: Counter[str] = Counter()
    console = Console(stderr=True)
    with (
        bootstrap.feed_reader(settings) as read,
        ThreadPoolExecutor(settings.polling.workers) as pool,
        Progress(console=console, transient=True, disable=not console.is_terminal) as progress,
    ):
        task = progress.add_task("feeds", total=len(feeds))
        tried = {pool.submit(read, feed): feed for feed in feeds}
        for future in as_completed(tried):
            feed, reading = tried[future], future.result()
            states[reading.state] += 1
            progress.advance(task)
            if not reading.state.good:
                report(f"{feed.title} <{feed.url}>: {reading.state}: {reading.detail}")
    Console().print(", ".join(f"{count} {state}" for state, count in states.most_common()))
    if failed := len(feeds) - states["ok"]:
        raise InputsFailed(failed, len(feeds), "feeds")


@app.command("import")
def import_feeds(
    file: Annotated[Path, typer.Argument(help="An OPML file, as other readers export it.")],
    config: ConfigOption = CONFIG,
) -> None:
    """Add the feeds of an OPML file to the feed list; those already there stay as they are."""
    settings = load_settings(config)
    ours = _read(settings.polling.feeds)
    theirs, problems = read_opml(file)
    for problem in problems:
        report(problem)
    known = {feed.url for feed in ours}
    new = [feed for feed in theirs if feed.url not in known]
    _replace(settings.polling.feeds, write_opml([*ours, *new]))
    report(f"added {len(new)} feeds, {len(theirs) - len(new)} were there already")
    if problems:
        raise InputsFailed(len(problems), len(theirs) + len(problems), "outlines")


@app.command("export")
def export_feeds(
    file: Annotated[str, typer.Argument(help="Where to; `-`: standard output.")] = "-",
    config: ConfigOption = CONFIG,
) -> None:
    """Write the feed list as OPML 2.0."""
    document = write_opml(_read(load_settings(config).polling.feeds))
    if file == "-":
        sys.stdout.buffer.write(document)
    else:
        Path(file).write_bytes(document)


def _read(path: Path) -> list[Feed]:
    feeds, problems = read_opml(path)
    for problem in problems:
        report(problem)
    if not feeds and problems:
        raise BadInput(str(path), "holds no feed that can be used")
    return feeds


def _when(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M") if moment else ""


def _replace(path: Path, content: bytes) -> None:
    """Write beside, then rename: a reader sees the old or the new, never half."""
    beside = path.with_name(path.name + ".new")
    beside.write_bytes(content)
    beside.replace(path)
