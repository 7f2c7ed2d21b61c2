"""The options that commands share."""

from pathlib import Path
from typing import Annotated

import typer

ConfigOption = Annotated[
    Path, typer.Option("--config", metavar="FILE", help="The settings.", show_default=True)
]
StateOption = Annotated[
    Path, typer.Option("--state", metavar="DIR", help="Where the embedded log and store live.")
]
ModelOption = Annotated[
    Path, typer.Option("--model", metavar="DIR", help="The folder of trained models (uses its `current`).")
]

CONFIG = Path("config/archwatch.yaml")
STATE = Path("state")
MODEL = Path("models")
