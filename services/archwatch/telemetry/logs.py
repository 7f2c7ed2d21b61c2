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
        # the plain traceback: a rich one prints local variables, and those may hold secrets
        [structlog.dev.ConsoleRenderer(out.isatty(), exception_formatter=structlog.dev.plain_traceback)]
        if console
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    )
    number = logging.getLevelNamesMapping()[level.upper()]
    common: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # kafka-python and apscheduler speak through the standard library: their warnings are wanted, as one line
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *common],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *render],
        )
    )
    logging.basicConfig(level=max(number, logging.WARNING), handlers=[handler], force=True)
    structlog.configure(
        processors=[*common, *render],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(file=out),
        cache_logger_on_first_use=False,
    )


def get_logger(part: str) -> Logger:
    """A logger that names the part of the process that speaks."""
    logger: Logger = structlog.get_logger().bind(part=part)
    return logger
