"""The embedded event log, in one SQLite file."""

from archwatch.eventlog.local.file import MAX_MESSAGE_BYTES
from archwatch.eventlog.local.log import LocalLog

__all__ = ["MAX_MESSAGE_BYTES", "LocalLog"]
