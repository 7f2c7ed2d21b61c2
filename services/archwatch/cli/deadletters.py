"""`archwatch dead-letters`: what could not be processed, why, and taking it up again."""

import json
import sys
from collections.abc import Sequence
from datetime import UTC
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from archwatch import bootstrap
from archwatch.cli.options import CONFIG, STATE, ConfigOption, StateOption
from archwatch.cli.outcome import report
from archwatch.contracts.topics import TOPICS
from archwatch.deadletters import DeadLetter, dead_letters, retry
from archwatch.errors import BadInput
from archwatch.settings import load_settings

app = typer.Typer(no_args_is_help=True, help="Messages that no stage could process: list, show, retry.")

StageOption = Annotated[str | None, typer.Option("--stage", help="Only those of this service.")]
ReasonOption = Annotated[str | None, typer.Option("--reason", help="Only those with this reason.")]
PLACES = typer.Argument(metavar="ID...", help="As `list` shows them, e.g. 0/12.")


@app.command("list")
def list_letters(
    stage: StageOption = None,
    reason: ReasonOption = None,
    everything: Annotated[bool, typer.Option("--all", help="Also those taken up again.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    config: ConfigOption = CONFIG,
    state: StateOption = STATE,
) -> None:
    """Every dead letter that waits, oldest first."""
    settings = load_settings(config)
    with bootstrap.opened_log(settings, state) as log:
        found = [one for one in _chosen(dead_letters(log), stage, reason) if everything or not one.retried]
    if as_json:
        for one in found:
            sys.stdout.write(json.dumps(_fields(one), ensure_ascii=False) + "\n")
        return
    table = Table("id", "at", "stage", "reason", "attempts", "key", "error", box=None)
    for one in found:
        last = one.error.splitlines()[-1] if one.error else ""
        at = one.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
        table.add_row(one.place, at, one.stage, one.reason, one.attempts, one.key, last)
    Console(width=None if sys.stdout.isatty() else 250, markup=False, highlight=False).print(table)


@app.command()
def show(
    place: Annotated[str, typer.Argument(metavar="ID", help="As `list` shows it, e.g. 0/12.")],
    config: ConfigOption = CONFIG,
    state: StateOption = STATE,
) -> None:
    """One dead letter with its trace, headers and original bytes, as JSON."""
    settings = load_settings(config)
    with bootstrap.opened_log(settings, state) as log:
        (letter,) = _named(dead_letters(log), [place])
    original = letter.original
    fields = _fields(letter) | {
        "trace": letter.trace,
        "headers": {name: _readable(value) for name, value in original.headers.items()},
        "bytes": len(original.value),
        "value": _readable(original.value),
    }
    sys.stdout.write(json.dumps(fields, ensure_ascii=False, indent=2) + "\n")


@app.command("retry")
def retry_letters(
    places: Annotated[list[str] | None, PLACES] = None,
    stage: StageOption = None,
    reason: ReasonOption = None,
    everything: Annotated[bool, typer.Option("--all", help="All that wait.")] = False,
    republish: Annotated[
        bool, typer.Option("--republish", help="Also on a topic that subscribers read: they see it twice.")
    ] = False,
    config: ConfigOption = CONFIG,
    state: StateOption = STATE,
) -> None:
    """Put dead letters back where they came from, each once: by ID, `--stage`, `--reason`, or `--all`."""
    if not (places or stage or reason or everything):
        raise typer.BadParameter("name dead letters, or --stage, --reason or --all")
    settings = load_settings(config)
    with bootstrap.opened_log(settings, state) as log:
        found = dead_letters(log)
        chosen = _chosen(_named(found, places) if places else found, stage, reason)
        if not republish:
            _refuse_public(chosen)
        put = retry(log, chosen)
    report(f"put back {put} of {len(chosen)} ({len(chosen) - put} were put back before)")


def _chosen(found: Sequence[DeadLetter], stage: str | None, reason: str | None) -> list[DeadLetter]:
    return [one for one in found if stage in (None, one.stage) and reason in (None, one.reason)]


def _named(found: Sequence[DeadLetter], places: Sequence[str]) -> list[DeadLetter]:
    by_place = {one.place: one for one in found}
    for place in places:
        if place not in by_place:
            raise BadInput(
                f"dead letter {place}", "is not on the log", mend="archwatch dead-letters list --all"
            )
    return [by_place[place] for place in dict.fromkeys(places)]


def _refuse_public(chosen: Sequence[DeadLetter]) -> None:
    public = {topic.name for topic in TOPICS if "subscribers" in topic.read_by}
    for one in chosen:
        if not one.retried and one.original.topic in public:
            problem = f"came from {one.original.topic}: subscribers, who have it, would see its id twice"
            raise BadInput(f"dead letter {one.place}", problem, mend="--republish does so all the same")


def _fields(one: DeadLetter) -> dict[str, Any]:
    return {
        "id": one.place,
        "at": one.at.isoformat(),
        "stage": one.stage,
        "reason": one.reason,
        "attempts": one.attempts,
        "key": one.key,
        "origin": one.origin,
        "error": one.error,
        "retried": one.retried,
    }


def _readable(value: bytes) -> str:
    return value.decode("utf-8", "backslashreplace")
