"""The entry point: runs the command and says by the exit code how it ended."""

import sys

from archwatch.cli.app import app
from archwatch.cli.outcome import InputsFailed, report
from archwatch.errors import ArchwatchError, BadInput, ConfigError
from archwatch.settings import ConfigErrors
from archwatch.telemetry.logs import configure_logging, get_logger


def main() -> None:
    """0 done; 1 a fault of ours; 2 wrong usage or config; 3 some inputs failed, the rest done."""
    configure_logging("info", "auto")  # `run` sets it anew, as the settings say
    sys.exit(_exit_code())


def _exit_code() -> int:
    try:
        app(prog_name="archwatch")  # ends by SystemExit: 0, or 2 for wrong usage
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
    except ArchwatchError as error:
        report(error)
        return 1
    except Exception:  # noqa: BLE001 - a fault of ours: heard with its trace, and the exit code says so
        get_logger("archwatch").exception("crash")
        return 1
    return 0
