"""The command line: parse, build by bootstrap, call, print. Exit codes as docs/operations.md says."""

import sys

import click
import structlog

from archwatch.cli.app import app
from archwatch.cli.outcome import InputsFailed, report
from archwatch.errors import ArchwatchError, BadInput, ConfigError
from archwatch.settings import ConfigErrors

__all__ = ["app", "main"]


def main() -> None:
    """0 done; 1 a fault of ours; 2 wrong usage or config; 3 some inputs failed, the rest done."""
    sys.exit(_exit_code())


def _exit_code() -> int:
    try:
        return int(app(standalone_mode=False, prog_name="archwatch") or 0)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as wrong:
        wrong.show()
        return 2
    except ConfigErrors as errors:
        for error in errors.errors:
            report(error)
        return 2
    except (ConfigError, BadInput) as error:
        report(error)
        return 2
    except InputsFailed as failed:
        report(failed)
        return 3
    except (click.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone: no more to say
        return 0
    except ArchwatchError as error:
        report(error)
        return 1
    except Exception:  # noqa: BLE001 - a fault of ours: heard with its trace, and the exit code says so
        structlog.get_logger().exception("crash")
        return 1
