"""The event log: a port with two adapters, Kafka and local (SQLite)."""

from archwatch.contracts.envelope import LogMessage, Record
from archwatch.eventlog.port import EventLog, StageConsumer

__all__ = ["EventLog", "LogMessage", "Record", "StageConsumer"]
