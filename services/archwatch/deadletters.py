"""Dead letters: messages that a stage could not process, put aside as they came, with the reason.

A dead letter is the original key, bytes and headers on a topic of its own; headers of ours, `archwatch-...`,
say what happened. Taking one up again publishes the original where it came from, and a note beside the
dead letter, in one transaction.
"""

import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from archwatch.contracts.envelope import LogMessage, Record
from archwatch.contracts.topics import DEAD_LETTERS
from archwatch.errors import BadInput, BadMessage
from archwatch.eventlog.port import EventLog

REASON: Final = "archwatch-reason"
ORIGIN: Final = "archwatch-origin"
_STAGE: Final = "archwatch-stage"
_ERROR: Final = "archwatch-error"
_TRACE: Final = "archwatch-trace"
_ATTEMPTS: Final = "archwatch-attempts"
_OURS: Final = (_STAGE, REASON, _ERROR, _TRACE, _ATTEMPTS, ORIGIN)
# on a note: the place of the dead letter that was taken up again
_RETRIED: Final = "archwatch-retried"
_MAX_ERROR: Final = 2_000
_MAX_TRACE: Final = 8_000


def dead_letter(stage: str, record: Record, error: Exception, attempts: int) -> LogMessage:
    """`record` as it came, and why `stage` gave it up after so many attempts."""
    reason = error.reason if isinstance(error, BadMessage) else "handler_failed"
    words = str(error) if isinstance(error, BadMessage) else f"{type(error).__name__}: {error}"
    headers = dict(record.headers) | {
        _STAGE: stage.encode(),
        REASON: reason.encode(),
        _ERROR: words[-_MAX_ERROR:].encode("utf-8", "backslashreplace"),
        _TRACE: "".join(traceback.format_exception(error))[-_MAX_TRACE:].encode("utf-8", "backslashreplace"),
        _ATTEMPTS: str(attempts).encode(),
        ORIGIN: f"{record.topic}/{record.partition}/{record.offset}".encode(),
    }
    key = (record.key or b"").decode("utf-8", "backslashreplace")
    return LogMessage(DEAD_LETTERS.name, key, record.value, headers)


@dataclass(frozen=True)
class DeadLetter:
    """As found on the log. `place` (PARTITION/OFFSET) names it; `retried`: it was taken up again."""

    record: Record
    retried: bool

    @property
    def place(self) -> str:
        return f"{self.record.partition}/{self.record.offset}"

    @property
    def key(self) -> str:
        return (self.record.key or b"").decode("utf-8", "replace")

    @property
    def at(self) -> datetime:
        return self.record.timestamp

    @property
    def stage(self) -> str:
        return self._header(_STAGE)

    @property
    def reason(self) -> str:
        return self._header(REASON)

    @property
    def error(self) -> str:
        return self._header(_ERROR)

    @property
    def trace(self) -> str:
        return self._header(_TRACE)

    @property
    def attempts(self) -> str:
        return self._header(_ATTEMPTS)

    @property
    def origin(self) -> str:
        """TOPIC/PARTITION/OFFSET."""
        return self._header(ORIGIN)

    @property
    def original(self) -> LogMessage:
        """The message as it was before it was put aside."""
        headers = {name: value for name, value in self.record.headers.items() if name not in _OURS}
        return LogMessage(self.origin.split("/")[0], self.key, self.record.value, headers)

    def _header(self, name: str) -> str:
        return self.record.headers.get(name, b"").decode("utf-8", "replace")


def dead_letters(log: EventLog) -> list[DeadLetter]:
    """All that are still on the log, oldest first."""
    letters, retried = [], set()
    for record in _all(log):
        if (place := record.headers.get(_RETRIED)) is not None:
            retried.add(place.decode())
        else:
            letters.append(record)
    return [DeadLetter(r, f"{r.partition}/{r.offset}" in retried) for r in letters]


def retry(log: EventLog, letters: Sequence[DeadLetter]) -> int:
    """Publish the originals where they came from, once each; says how many.

    Raises BadInput for one that does not say where it came from."""
    waiting = [letter for letter in letters if not letter.retried]
    for letter in waiting:
        if letter.origin.count("/") != 2:
            raise BadInput(f"dead letter {letter.place}", "does not say from which topic it came")
    for letter in waiting:
        note = LogMessage(DEAD_LETTERS.name, letter.key, b"", {_RETRIED: letter.place.encode()})
        log.append([letter.original, note])
    return len(waiting)


def _all(log: EventLog) -> Iterator[Record]:
    after: dict[int, int] = {}
    while batch := log.read(DEAD_LETTERS.name, after=after):
        yield from batch
        after |= {record.partition: record.offset for record in batch}
