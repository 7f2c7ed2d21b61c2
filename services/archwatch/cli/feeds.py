"""`archwatch feeds`: the feed list and how each feed does."""

import json
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from archwatch import bootstrap
from archwatch.cli.feedtable import as_table, standing
from archwatch.cli.options import CONFIG, STATE, ConfigOption, StateOption
from archwatch.cli.outcome import InputsFailed, report
from archwatch.errors import BadInput
from archwatch.scheduler.feeds import Feed, read_opml
from archwatch.scheduler.hosts import over_hosts
from archwatch.scheduler.opml_writing import write_opml
from archwatch.scheduler.states import in_words, label
from archwatch.settings import load_settings

app = typer.Typer(no_args_is_help=True, help="The feed list: show, try, import, export (OPML).")


@app.command("list")
def list_feeds(
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines, as in a pipe.")] = False,
    config: ConfigOption = CONFIG,
    state: StateOption = STATE,
) -> None:
    """Every feed: its state, last success, rhythm, next poll, entries a day, and why it stands so."""
    settings = load_settings(config)
    feeds = _read(settings.polling.feeds)
    with bootstrap.opened_store(settings, state) as store:
        known, counts = store.feed_states(), store.arrival_counts()
    rows = [standing(feed, known.get(feed.url), counts.get(feed.url, (0.0, 0.0))) for feed in feeds]
    if sys.stdout.isatty() and not as_json:
        Console().print(as_table(rows, bootstrap.utc_now()))
        return
    for row in rows:
        sys.stdout.write(json.dumps(row.record(), ensure_ascii=False) + "\n")


@app.command()
def check(
    config: ConfigOption = CONFIG,
    group: Annotated[str | None, typer.Option(help="Only the feeds of this group.")] = None,
) -> None:
    """Try every feed now (not the paused ones), change nothing, and say what each gave."""
    settings = load_settings(config)
    listed = [feed for feed in _read(settings.polling.feeds) if group in (None, feed.group, *feed.also)]
    feeds = over_hosts([feed for feed in listed if not feed.paused])
    states: Counter[str] = Counter()
    failed, started = 0, time.monotonic()
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
            words = in_words(label(reading.state, reading.status))
            states[words] += 1
            progress.advance(task)
            if not reading.state.good:
                failed += 1
                why = "" if reading.detail in (None, words) else f": {reading.detail}"
                report(f"{feed.title} <{feed.url}>: {words}{why}")
            elif reading.moved_to:
                report(
                    f"{feed.title} <{feed.url}>: is well, and says that it has moved to {reading.moved_to}"
                )
    if paused := len(listed) - len(feeds):
        states["paused"] = paused
    summary = ", ".join(f"{count} {words}" for words, count in states.most_common()) or "no feed"
    Console().print(f"{summary}; {len(feeds)} tried in {time.monotonic() - started:.1f} s", soft_wrap=True)
    if failed:
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


def _replace(path: Path, content: bytes) -> None:
    """Write beside, then rename: a reader sees the old or the new, never half."""
    beside = path.with_name(path.name + ".new")
    beside.write_bytes(content)
    beside.replace(path)
