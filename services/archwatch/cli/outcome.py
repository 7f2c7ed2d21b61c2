"""How a command ends, in words on standard error."""

import sys


class InputsFailed(Exception):
    """Some inputs failed, each already named on standard error; the rest is done (exit code 3)."""

    def __init__(self, failed: int, total: int, noun: str) -> None:
        super().__init__(f"{failed} of {total} {noun} failed")


def report(problem: Exception | str) -> None:
    """One line on standard error."""
    print(f"archwatch: {problem}", file=sys.stderr, flush=True)  # noqa: T201 - a command speaks
