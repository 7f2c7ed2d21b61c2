"""`archwatch evaluate`: how good the model is, and, with `events`, how good the coding of events is."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.table import Table
from typer.core import TyperGroup

from archwatch import bootstrap
from archwatch.cli.options import CONFIG, ConfigOption
from archwatch.cli.outcome import InputsFailed, report
from archwatch.settings import load_settings

_WIDE: Final = 140
_RELEVANCE: Final = "relevance"


class Evaluations(TyperGroup):
    """`evaluate DATA...` is `evaluate relevance DATA...`; a file called like a command is ./events."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args[:1] != ["--help"] and not self.commands.keys() & set(args[:1]):
            args = [_RELEVANCE, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=Evaluations, help="Measure: `evaluate DATA...` the model, `evaluate events GOLD` the coder."
)


@app.command()
def events(
    gold: Annotated[
        Path,
        typer.Argument(
            metavar="GOLD",
            help="Coded cases: JSON lines (also .gz), YAML (or a folder), or a PLV table (.tsv).",
        ),
    ],
    data: Annotated[
        list[Path],
        typer.Argument(metavar="DATA", help="JSON lines with the texts of gold that holds ids only."),
    ] = [],  # noqa: B006 - typer copies it
    as_json: Annotated[bool, typer.Option("--json", help="Figures as JSON.")] = False,
    mistakes: Annotated[
        bool, typer.Option("--mistakes", help="Show what was expected (-) and what was found (+).")
    ] = False,
    config: ConfigOption = CONFIG,
) -> None:
    """Measure the coding of events and quotes on gold, beside a plain coder in the same run.

    A case: {id, title, summary?, text?, published?, language?, events, quotes?}, an event of them {type,
    actors, recipients, modality}; type and modality may list all that a reader would accept. tests/gold has
    examples. A table (.tsv) with the columns sentence and gold_root is measured by type alone.
    """
    if gold.suffix == ".tsv" and data:
        raise typer.BadParameter("a .tsv table holds its own texts", param_hint="DATA...")
    found, failed = bootstrap.evaluate_events(gold, data, load_settings(config))
    for bad in failed:
        report(bad)
    if as_json:
        json.dump(found.as_dict(), sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
    else:
        _print(found.tables(), found.mistakes if mistakes else [])
    if failed:
        raise InputsFailed(len(failed), found.read + len(failed), "cases")


def _print(tables: list[list[tuple[str, ...]]], mistakes: list[str]) -> None:
    console = Console()
    if not console.is_terminal:
        console.width = _WIDE  # in a file nothing is cut
    for number, rows in enumerate(tables):
        if number:
            console.print()
        console.print(table(rows))
    if mistakes:
        console.print("\nMistakes: expected (-), found (+)")
    for line in mistakes:
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def table(rows: list[tuple[str, ...]]) -> Table:
    """A header and rows, the first column to the left."""
    header, *body = rows
    made = Table(header[0], box=None)
    for name in header[1:]:
        made.add_column(name, justify="right")
    made.columns[0].no_wrap = True
    for row in body:
        made.add_row(*row)
    return made
