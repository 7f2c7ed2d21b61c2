"""Structured logs: one line an event, on standard error or in a file, with the ids to follow a story."""

import logging
import sys
from typing import Literal, TextIO

import structlog
from structlog.typing import FilteringBoundLogger, Processor

Logger = FilteringBoundLogger


def configure_logging(
    level: str, style: Literal["auto", "console", "json"], stream: TextIO | None = None
) -> None:
    """Set up once, at the start of a process. `stream` (default: standard error) is not closed."""
    out = stream or sys.stderr
    console = style == "console" or (style == "auto" and out.isatty())
    render: list[Processor] = (
        [structlog.dev.ConsoleRenderer(colors=out.isatty())]
        if console
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    number = logging.getLevelNamesMapping()[level.upper()]
    # kafka-python and apscheduler speak through the standard library: their warnings are wanted, one a line
    logging.basicConfig(stream=out, level=max(number, logging.WARNING), force=True, format=_FOREIGN)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=out),
        cache_logger_on_first_use=False,
    )


def get_logger(part: str) -> Logger:
    """A logger that names the part of the process that speaks."""
    logger: Logger = structlog.get_logger().bind(part=part)
    return logger


_FOREIGN = (
    '{"level": "%(levelname)s", "timestamp": "%(asctime)s", "part": "%(name)s", "event": "%(message)s"}'
)
