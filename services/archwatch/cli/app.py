"""The tree of commands."""

from typing import Annotated

import typer

from archwatch import __version__
from archwatch.cli import alerts, checks, deadletters, feeds, items, learn, reset, run, stories, tail

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # they print local variables, and those may hold secrets
    rich_markup_mode="markdown",
    help="""Watches the world's news feeds for stories about the **European security architecture** and
publishes each, once, as a structured event.

Begin with `archwatch run`, and read the events with `archwatch tail --from-beginning`.""",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"archwatch {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None: ...


run.register(app)
items.register(app)
tail.register(app)
learn.register(app)
reset.register(app)
app.add_typer(feeds.app, name="feeds")
app.add_typer(stories.app, name="stories")
app.add_typer(alerts.app, name="alerts")
app.add_typer(deadletters.app, name="dead-letters")
app.add_typer(checks.app, name="config")
