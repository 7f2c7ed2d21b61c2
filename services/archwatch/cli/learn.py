"""`archwatch train` and `archwatch evaluate`: a model of your own labels, and how good it is."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from archwatch import bootstrap
from archwatch.cli import measure
from archwatch.cli.options import CONFIG, MODEL, ConfigOption, ModelOption
from archwatch.cli.outcome import report
from archwatch.settings import load_settings

if TYPE_CHECKING:  # it takes seconds to import
    from archwatch.classifier.evaluate import Report

_WIDE = 140
DataArgument = Annotated[
    list[Path], typer.Argument(metavar="DATA...", help="Labelled items: JSON lines (also .gz) or YAML.")
]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command()(train)
    measure.app.command("relevance")(evaluate)
    app.add_typer(measure.app, name="evaluate")


def train(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder of models to add it to.")],
    data: DataArgument = (),  # type: ignore[assignment]
    onto: Annotated[
        Path | None,
        typer.Option("--onto", metavar="DIR", help="Learn beside what the current model of DIR was taught."),
    ] = None,
    version: Annotated[
        str | None, typer.Option("--version", help="Its name; the default is made of the date and the data.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed and data give the same model.")] = 1,
) -> None:
    """Train a model on labelled items, measure it on sources it did not see, and make it `current`.

    Items are as for `classify`, plus label (2 core, 1 borderline, 0 no) and topics. Several files may be
    given. Your labels beside ours: `archwatch train mine.jsonl --onto models --out models`.
    """
    if not data and onto is None:
        raise typer.BadParameter("give labelled items, or --onto a folder of models", param_hint="DATA...")
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("reading", total=1.0)

        def told(step: str, share: float) -> None:
            progress.update(task, description=step, completed=share)

        folder = bootstrap.train(data, out, onto=onto, version=version, seed=seed, progress=told)
    typer.echo(f"{folder} is now current: read {folder / 'MODEL_CARD.md'} before you trust it")


def evaluate(
    data: DataArgument,
    as_json: Annotated[bool, typer.Option("--json", help="Figures as JSON.")] = False,
    plots: Annotated[
        Path | None, typer.Option("--plots", metavar="DIR", help="Draw two plots there, as PNG.")
    ] = None,
    config: ConfigOption = CONFIG,
    model: ModelOption = MODEL,
) -> None:
    """Measure the current model on labelled items, beside a keyword list in the same run.

    Core against no; borderline items are counted apart. Items that it was trained on are left out. The
    plots are reliability and precision against recall.
    """
    figures, left_out, drawn = bootstrap.evaluate(data, load_settings(config), model, plots)
    if left_out:
        report(f"{left_out} items left out: the model was trained on them")
    if figures.unlearnt:
        report(f"topics that the model was not taught, and never gives: {', '.join(figures.unlearnt)}")
    if plots is not None and not drawn:
        report("no plots: they need core items and others")
    if as_json:
        json.dump(figures.as_dict(), sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")
        return
    _print(figures)
    for path in drawn:
        typer.echo(f"drawn: {path}")


def _print(figures: "Report") -> None:
    """The tables, what the sieve lets through, and the worst mistakes."""
    console = Console()
    if not console.is_terminal:
        console.width = _WIDE  # in a file nothing is cut
    for rows in (figures.rows(), figures.topic_rows()):
        if len(rows) > 1:
            console.print(measure.table(rows))
    if figures.sieve is not None:
        console.print(f"{str(figures.sieve).capitalize()}: more than that the model cannot recall")
    for title, lines in (("Missed", figures.missed), ("False alarms", figures.false_alarms)):
        if lines:
            console.print(f"\n{title}, the worst first: score, id, headline")
            for line in lines:
                console.print(f"  {line}", markup=False, highlight=False, soft_wrap=True)
