"""Commands over items: `entries` from feeds, `classify` and `extract` in a pipe, `replay` onto the log."""

import gzip
import json
import sys
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from archwatch import bootstrap
from archwatch.cli.options import CONFIG, MODEL, STATE, ConfigOption, ModelOption, StateOption
from archwatch.cli.outcome import InputsFailed, report
from archwatch.contracts.entry import Entry
from archwatch.errors import BadInput
from archwatch.scheduler.feeds import feed_at
from archwatch.scheduler.items import MAX_ITEM_BYTES, read_item
from archwatch.scheduler.reading import Reading
from archwatch.settings import load_settings

BATCH = 256
FileArgument = Annotated[
    str, typer.Argument(metavar="FILE", help="JSON lines, also gzipped (.gz); `-`: standard input.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command()(entries)
    app.command()(classify)
    app.command()(extract)
    app.command()(replay)


def entries(
    sources: Annotated[list[str], typer.Argument(metavar="SOURCE...", help="Feed files or URLs.")],
    config: ConfigOption = CONFIG,
) -> None:
    """Parse feeds to entries: JSON lines on standard output, problems on standard error."""
    settings = load_settings(config)
    workers = settings.polling.workers
    failed = 0
    with bootstrap.feed_reader(settings) as read, ThreadPoolExecutor(workers) as pool:

        def reading_of(source: str) -> tuple[str, Reading | BadInput]:
            try:
                feed = feed_at(source)
            except BadInput as bad:
                return bad.source, bad
            return feed.url.removeprefix("file:"), read(feed)

        for start in range(0, len(sources), 2 * workers):
            some = sources[start : start + 2 * workers]
            for name, reading in pool.map(reading_of, some):
                failed += not _told(name, reading)
    if failed:
        raise InputsFailed(failed, len(sources), "sources")


def _told(name: str, reading: Reading | BadInput) -> bool:
    """Whether a source was read; its entries, and what is wrong with it, go out. `name` has no password."""
    if isinstance(reading, BadInput):
        report(reading)
        return False
    for entry in reading.entries:
        _print_json(entry.model_dump(mode="json"))
    for problem in reading.problems:
        report(problem)
    if not reading.state.good:
        report(f"{name}: {reading.state}: {reading.detail}")
    return reading.state.good


def classify(
    file: FileArgument = "-",
    config: ConfigOption = CONFIG,
    model: ModelOption = MODEL,
) -> None:
    """Say for each item whether it concerns the European security architecture, and why.

    In: {id, title, summary?, text?, published?, source?, language?}.
    Out: {id, relevance: {score, flagged, threshold, model, reasons}, topics: [{id, score}], language}.
    """
    judge = bootstrap.judge(load_settings(config), model)

    def answers(batch: Sequence[Entry]) -> list[dict[str, Any]]:
        return [
            {
                "id": entry.id,
                "relevance": judged.relevance.model_dump(mode="json"),
                "topics": [topic.model_dump(mode="json") for topic in judged.topics],
                "language": judged.language,
            }
            for entry, judged in zip(batch, judge(batch), strict=True)
        ]

    _pipe(file, answers)


def extract(file: FileArgument = "-", config: ConfigOption = CONFIG) -> None:
    """Say for each item who did or said what to whom, where and when, with the evidence.

    In: as `classify`. Out: {id, events, quotes, places, mentions, reason}.
    """
    coder = bootstrap.coder(load_settings(config))
    from archwatch.extractor.extract import Extraction  # here: it takes seconds, and few commands need it

    as_json = TypeAdapter(Extraction)

    def answers(batch: Sequence[Entry]) -> list[dict[str, Any]]:
        return [{"id": entry.id} | as_json.dump_python(coder(entry), mode="json") for entry in batch]

    _pipe(file, answers)


def replay(
    file: FileArgument,
    rate: Annotated[float | None, typer.Option("--rate", min=0.001, help="Items a second.")] = None,
    as_feed: Annotated[
        bool,
        typer.Option("--as-feed", help="Through the scheduler's memory: what it has seen is not put again."),
    ] = False,
    config: ConfigOption = CONFIG,
    state: StateOption = STATE,
) -> None:
    """Put stored items on the log as if just polled, keeping their ids; the next `run` works them off."""
    settings = load_settings(config)
    total = failed = put = 0
    with (
        bootstrap.entry_sink(settings, state, remember=as_feed) as sink,
        lines_of(file) as lines,
        _progress() as tick,
    ):
        numbered = enumerate(lines, start=1)
        while batch := list(islice(numbered, 1 if rate else BATCH)):
            started = time.monotonic()
            found = [item_at(file, number, line) for number, line in batch]
            good = [entry for entry in found if isinstance(entry, Entry)]
            for bad in found:
                if isinstance(bad, BadInput):
                    report(bad)
            put += sink(good)
            total += len(found)
            failed += len(found) - len(good)
            tick(total)
            if rate:
                time.sleep(max(0.0, 1 / rate - (time.monotonic() - started)))
    report(f"replayed {put} of {total} items ({total - failed - put} seen before, {failed} bad)")
    if failed:
        raise InputsFailed(failed, total, "items")


def _pipe(file: str, answers: Callable[[Sequence[Entry]], list[dict[str, Any]]]) -> None:
    """One line out for each line in, in order; an `error` record in the place of a bad one."""
    total = failed = 0
    with lines_of(file) as lines, _progress() as tick:
        numbered = enumerate(lines, start=1)
        while batch := list(islice(numbered, BATCH)):
            found = [item_at(file, number, line) for number, line in batch]
            good = iter(answers([entry for entry in found if isinstance(entry, Entry)]))
            for (number, _), item in zip(batch, found, strict=True):
                if isinstance(item, BadInput):
                    failed += 1
                    report(item)
                    _print_json({"id": None, "line": number, "error": str(item)})
                else:
                    _print_json(next(good))
            sys.stdout.flush()
            total += len(batch)
            tick(total)
    if failed:
        raise InputsFailed(failed, total, "items")


def item_at(file: str, number: int, line: bytes) -> Entry | BadInput:
    try:
        return read_item(line, place=f"{_name(file)}:{number}", fetched_at=datetime.now(UTC))
    except BadInput as bad:
        return bad


def _name(file: str) -> str:
    return "standard input" if file == "-" else file


@contextmanager
def lines_of(file: str) -> Iterator[Iterable[bytes]]:
    """The lines of FILE. A line longer than an item may be is cut, and so refused where it is read."""
    if file == "-":
        yield _bounded(sys.stdin.buffer)
        return
    path = Path(file)
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            yield _bounded(stream)
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise BadInput(file, str(error.strerror), mend="name a file of JSON lines, or -") from None
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise BadInput(file, f"broken gzip: {error}", mend="fetch or pack it anew") from error


def _bounded(stream: Any) -> Iterator[bytes]:
    while line := stream.readline(MAX_ITEM_BYTES + 2):
        whole = line
        while not line.endswith(b"\n") and len(line) > MAX_ITEM_BYTES:
            line = stream.readline(MAX_ITEM_BYTES)
        if whole.strip():
            yield whole


@contextmanager
def _progress() -> Iterator[Callable[[int], None]]:
    """A count on standard error while a person waits; silent where none looks."""
    columns = (TextColumn("{task.completed:,.0f} items"), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("items", total=None)
        yield lambda total: progress.update(task, completed=total)


def _print_json(record: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")
