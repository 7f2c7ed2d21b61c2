"""`archwatch config check`: every mistake in config/, with file, line and the mend."""

import typer

from archwatch import bootstrap
from archwatch.cli.options import CONFIG, MODEL, ConfigOption, ModelOption
from archwatch.cli.outcome import report
from archwatch.settings import load_settings

app = typer.Typer(no_args_is_help=True, help="The settings and the lists beside them.")


@app.callback()
def _group() -> None:
    """Keeps `check` a command of its own: typer would else fold a single one into its group."""


@app.command()
def check(config: ConfigOption = CONFIG, model: ModelOption = MODEL) -> None:
    """Read everything that `run` would read, and name every mistake. Exit code 2 when there is one."""
    problems = bootstrap.config_mistakes(load_settings(config), model)
    for problem in problems:
        report(problem)
    if problems:
        raise typer.Exit(2)
    typer.echo(f"{config}: no mistakes in the settings, feeds, actors, topics, alerts and model")
