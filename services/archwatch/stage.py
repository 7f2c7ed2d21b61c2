"""The shell that every service is: take a batch, call a pure function, publish and commit in one.

The function sees decoded messages and returns, for each, what to publish. A message that cannot
be decoded or handled goes to the dead letters with the reason, and the rest goes on; when too
many fail, the stage stops (the fuse): a fault of ours should be heard, not drained into a topic.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from tenacity import Retrying, retry_if_exception_type, stop_when_event_set, wait_exponential_jitter
from tenacity import sleep_using_event as sleep_unless

from archwatch.contracts.codec import SCHEMA_HEADER
from archwatch.contracts.envelope import LogMessage, Record
from archwatch.contracts.topics import Topic
from archwatch.deadletters import ORIGIN, REASON, dead_letter
from archwatch.errors import ArchwatchError, BadMessage, Fenced, TransientError
from archwatch.eventlog.port import EventLog, StageConsumer
from archwatch.telemetry.health import Health
from archwatch.telemetry.logs import get_logger
from archwatch.telemetry.metrics import Metrics

T = TypeVar("T")
POLL_SECONDS: Final = 1.0
# what a broker takes by default is 1,048,576 bytes, headers and all
MAX_RESULT_BYTES: Final = 1_000_000


def _nothing() -> None: ...


@dataclass(frozen=True)
class Handled:
    """What became of one message. `then` is called once what it led to is committed: counters, logs."""

    outcome: str
    messages: tuple[LogMessage, ...] = ()
    then: Callable[[], None] = _nothing


@dataclass(frozen=True)
class Stage(Generic[T]):
    """A service: its name is its consumer group. `handle` gives one Handled for each message, in order."""

    name: str
    topic: Topic
    decode: Callable[[Record], T]
    handle: Callable[[Sequence[T]], Sequence[Handled]]

    @property
    def group(self) -> str:
        return f"archwatch.{self.name}"


@dataclass(frozen=True)
class Surroundings:
    """What a stage runs in: the log, what it tells, and when it must end."""

    log: EventLog
    metrics: Metrics
    health: Health
    stop: threading.Event
    batch: int
    fuse_share: float
    fuse_window: int
    attempts: int = 3
    retry_pause: float = 0.2


@dataclass(frozen=True)
class Patience:
    """How often a message is tried whose handler failed, and the first pause (seconds; it doubles)."""

    attempts: int = 1
    pause: float = 0.0
    stop: threading.Event = field(default_factory=threading.Event)


class FuseBlown(ArchwatchError):
    """Too many messages of a stage could not be processed."""


@dataclass
class _Fuse:
    share: float
    window: int
    _last: deque[bool] = field(default_factory=deque)

    def note(self, failed: Sequence[bool]) -> bool:
        """True when the last `window` messages hold more than `share` failures."""
        self._last.extend(failed)
        while len(self._last) > self.window:
            self._last.popleft()
        return len(self._last) == self.window and sum(self._last) > self.share * self.window


def run_stage(stage: Stage[T], around: Surroundings, upstream_done: threading.Event) -> None:
    """Work until `around.stop`, or until `upstream_done` is set and nothing is left to read.

    Waits with growing pauses while the log is away. Raises FuseBlown.
    """
    fuse = _Fuse(around.fuse_share, around.fuse_window)
    ended = False
    while not ended and not around.stop.is_set():
        # made anew after each time of work, so that the pauses of an outage begin short
        retrying = Retrying(
            retry=retry_if_exception_type(TransientError),
            wait=wait_exponential_jitter(multiplier=0.2, max=30),
            sleep=sleep_unless(around.stop),
            stop=stop_when_event_set(around.stop),
            before_sleep=lambda state: _waits(stage.name, around, state.outcome),
            retry_error_callback=lambda _state: True,
        )
        ended = retrying(_work, stage, around, upstream_done, fuse)
    get_logger(stage.name).debug("stage_ended")


def process(stage: Stage[T], records: Sequence[Record], patience: Patience = Patience()) -> list[Handled]:
    """What becomes of each record, in order; the outcome of a failed one is `dead_letter`."""
    results: list[Handled | None] = [None] * len(records)
    decoded: list[tuple[int, T]] = []
    for position, record in enumerate(records):
        try:
            decoded.append((position, stage.decode(record)))
        except BadMessage as error:
            results[position] = _dead(stage.name, record, error, 1)
    for position, handled in _handle(stage, records, decoded, patience):
        results[position] = handled
    return [result for result in results if result is not None]


def _work(stage: Stage[T], around: Surroundings, upstream_done: threading.Event, fuse: _Fuse) -> bool:
    """Join the group and work. True when there is nothing more to do, False when the log went away
    meanwhile; raises TransientError when it was away from the first."""
    worked = False
    try:
        with around.log.consume(stage.group, stage.topic.name) as consumer:
            get_logger(stage.name).info("joined", group=stage.group)
            while not around.stop.is_set():
                last_round = upstream_done.is_set()
                records = consumer.poll(around.batch, 0.05 if last_round else POLL_SECONDS)
                if records:
                    _batch(stage, around, consumer, records, fuse)
                lag = consumer.lag() if records else around.log.group_lag(stage.group, stage.topic.name)
                around.metrics.stage_lag.labels(stage.name).set(lag)
                around.health.ready(stage.name)
                worked = True
                if last_round and not records and lag == 0:
                    break
    except TransientError as error:
        if not worked:
            raise
        around.health.waits(stage.name, str(error))
        get_logger(stage.name).warning("waiting", error=str(error))
        return False
    return True


def _batch(
    stage: Stage[T], around: Surroundings, consumer: StageConsumer, records: Sequence[Record], fuse: _Fuse
) -> None:
    started = time.monotonic()
    results = process(stage, records, Patience(around.attempts, around.retry_pause, around.stop))
    try:
        consumer.commit([message for result in results for message in result.messages])
    except Fenced:
        around.metrics.stage_retries.labels(stage.name, "fenced").inc()
        get_logger(stage.name).warning("batch_fenced", records=len(records))
        consumer.rollback()
        return
    around.metrics.stage_batch.labels(stage.name).observe(time.monotonic() - started)
    for result in results:
        around.metrics.stage_records.labels(stage.name, result.outcome).inc()
        result.then()
    failed = [_count_dead(stage.name, around.metrics, r) for r in results]
    if fuse.note(failed):
        detail = (
            f"{stage.name}: over {fuse.share:.0%} of the last {fuse.window} messages could not be processed"
        )
        raise FuseBlown(f"{detail}; see the dead letters, mend the cause and start again")


def _handle(
    stage: Stage[T], records: Sequence[Record], decoded: Sequence[tuple[int, T]], patience: Patience
) -> list[tuple[int, Handled]]:
    """The whole batch at once; if that fails, one at a time, so that only the culprit is put aside."""
    if not decoded:
        return []
    try:
        handled = _sized(stage.handle([message for _, message in decoded]))
        return [(position, one) for (position, _), one in zip(decoded, handled, strict=True)]
    except TransientError:
        raise
    except Exception as error:  # noqa: BLE001 - a bug in a handler must not stop the partition
        if len(decoded) > 1:
            return [pair for one in decoded for pair in _handle(stage, records, [one], patience)]
        return [(decoded[0][0], _again(stage, records[decoded[0][0]], decoded[0][1], error, patience))]


def _again(stage: Stage[T], record: Record, message: T, error: Exception, patience: Patience) -> Handled:
    """A single message failed: it may pass at a later attempt, but for one that is bad in itself."""
    attempts = 1
    while attempts < patience.attempts and not isinstance(error, BadMessage):
        if patience.stop.wait(patience.pause * 2 ** (attempts - 1)):
            raise TransientError("told to stop while a message was tried again")  # it stays where it is
        attempts += 1
        try:
            return _sized(stage.handle([message]))[0]
        except TransientError:
            raise
        except Exception as another:  # noqa: BLE001 - as above
            error = another
    return _dead(stage.name, record, error, attempts)


def _sized(results: Sequence[Handled]) -> Sequence[Handled]:
    """A result that no log would take is the fault of its message, not of the batch."""
    for result in results:
        for message in result.messages:
            if len(message.value) > MAX_RESULT_BYTES:
                detail = f"{len(message.value):,} bytes for {message.topic}; at most {MAX_RESULT_BYTES:,}"
                raise BadMessage("too_large", detail)
    return results


def _dead(stage: str, record: Record, error: Exception, attempts: int) -> Handled:
    message = dead_letter(stage, record, error, attempts)

    def then() -> None:
        get_logger(stage).warning(
            "dead_letter",
            key=message.key,
            origin=message.headers[ORIGIN].decode(),
            reason=message.headers[REASON].decode(),
            error=str(error).splitlines()[-1] if str(error) else type(error).__name__,
            attempts=attempts,
            schema=record.headers.get(SCHEMA_HEADER, b"").decode("utf-8", "replace"),
        )

    return Handled("dead_letter", (message,), then)


def _count_dead(stage: str, metrics: Metrics, result: Handled) -> bool:
    if result.outcome != "dead_letter":
        return False
    metrics.dead_letters.labels(stage, result.messages[0].headers[REASON].decode()).inc()
    return True


def _waits(stage: str, around: Surroundings, outcome: object) -> None:
    error = outcome.exception() if hasattr(outcome, "exception") else None
    around.metrics.stage_retries.labels(stage, "unavailable").inc()
    around.health.waits(stage, str(error))
    get_logger(stage).warning("waiting", error=str(error))
