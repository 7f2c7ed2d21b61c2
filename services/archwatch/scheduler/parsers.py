"""Feed bodies parsed in processes of their own, each of which can be killed.

A body can be built so that parsing it takes minutes or gigabytes, and a thread cannot be stopped. Such a body
costs one process, which is killed and started anew; all others go on. `python -m archwatch.scheduler.parsers
FD BYTES` is such a process: bodies in, parsed feeds out, on the socket FD. It imports the parser and nothing
else (0.3 s and 40 MB; multiprocessing and the pools on it would import the whole command line again).
"""

import logging
import resource
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from queue import Empty, LifoQueue
from typing import Final

from archwatch.scheduler.feeds import Feed
from archwatch.scheduler.parse import ParsedFeed, parse_feed
from archwatch.scheduler.states import PollState
from archwatch.web.failure import Stopped

_START_SECONDS: Final = 60.0  # until a process is ready, on a machine that has no time for it
# who asked was killed, and nobody waits for the body any more: it ends the process all the same
_LAST_RESORT_SECONDS: Final = 300
_RENEW_AFTER: Final = 2_000  # bodies: what the libraries keep of each is given back then
_SLICE_SECONDS: Final = 0.2  # so often a wait looks whether it is to stop
_READY: Final = b"ready"


@dataclass(frozen=True)
class Task:
    """What parse_feed is given."""

    body: bytes
    feed: Feed
    content_type: str | None
    fetched_at: datetime
    max_entries: int
    base_url: str | None


class Parsers:
    """At most `workers` processes, started when first wanted; safe to share between threads.

    A body may take `seconds` and a process `memory` bytes of address space. `close` ends them all.
    """

    def __init__(
        self,
        workers: int,
        *,
        seconds: float = 10.0,
        memory: int = 1 << 30,
        stop: threading.Event | None = None,
    ) -> None:
        self._stop, self._closed = stop or threading.Event(), threading.Event()
        self._workers = [_Worker(seconds, memory, self._stop) for _ in range(workers)]
        # the last one used is taken first: who asks for one body at a time starts one process
        self._idle: LifoQueue[_Worker] = LifoQueue()
        for worker in self._workers:
            self._idle.put(worker)

    def parse(
        self,
        body: bytes,
        *,
        feed: Feed,
        content_type: str | None,
        fetched_at: datetime,
        max_entries: int,
        base_url: str | None = None,
    ) -> ParsedFeed:
        """As parse_feed, or state parser_killed and why. Raises Stopped when told to stop meanwhile."""
        # what is secret is none of a parser's business
        known = replace(feed, login=None, others=())
        task = Task(body, known, content_type, fetched_at, max_entries, base_url)
        worker = self._free_one()
        try:
            return worker.parse(task)
        finally:
            self._idle.put(worker)

    def close(self) -> None:
        """End the processes, each when it is through with what it is at; nothing is parsed any more."""
        self._closed.set()
        for _ in self._workers:
            self._idle.get().end()

    def _free_one(self) -> "_Worker":
        while not (self._stop.is_set() or self._closed.is_set()):
            with suppress(Empty):
                return self._idle.get(timeout=_SLICE_SECONDS)
        raise Stopped


class _Worker:
    """One process, there when it is wanted. For one thread at a time."""

    def __init__(self, seconds: float, memory: int, stop: threading.Event) -> None:
        self._seconds, self._memory, self._stop = seconds, memory, stop
        self._process: subprocess.Popen[bytes] | None = None
        self._bodies = 0
        self._socket: Connection

    def parse(self, task: Task) -> ParsedFeed:
        try:
            if self._process is None and not self._start():
                return self._killed(f"no parser starts within {_START_SECONDS:g} s")
            self._socket.send(task)
            if not self._answered(self._seconds):
                return self._killed(f"not parsed within {self._seconds:g} s")
            answer = self._socket.recv()
        except (EOFError, OSError):
            return self._killed(self._death())
        self._bodies += 1
        if self._bodies >= _RENEW_AFTER:
            self.end()
        if answer is None:
            return self._killed(f"needs more than {self._memory // 1_000_000:,} MB")
        assert isinstance(answer, ParsedFeed)
        return answer

    def end(self) -> None:
        if self._process is not None:
            self._socket.close()
            self._process.kill()
            self._process.wait()
            self._process = None

    def _killed(self, why: str) -> ParsedFeed:
        self.end()
        return ParsedFeed(PollState.PARSER_KILLED, f"{why}: its parser is started anew")

    def _death(self) -> str:
        """How the process came to its end by itself."""
        try:
            code = self._process.wait(1) if self._process else None
        except subprocess.TimeoutExpired:
            code = None
        return f"ended the parser (signal {-code})" if code and code < 0 else "ended the parser"

    def _start(self) -> bool:
        ours, theirs = Pipe()
        command = [sys.executable, "-P", "-m", __name__, str(theirs.fileno()), str(self._memory)]
        # a session of its own: Ctrl-C is for us, who then let it end
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, start_new_session=True
        )
        theirs.close()
        self._socket, self._bodies = ours, 0
        if not self._answered(_START_SECONDS):
            return False
        self._socket.recv_bytes()
        return True

    def _answered(self, seconds: float) -> bool:
        """Whether there is an answer within `seconds`. Raises Stopped."""
        ends = time.monotonic() + seconds
        while not self._socket.poll(min(_SLICE_SECONDS, max(0.0, ends - time.monotonic()))):
            if self._stop.is_set():
                self.end()
                raise Stopped
            if time.monotonic() >= ends:
                return False
        return True


def _serve(socket: Connection, memory: int) -> None:
    logging.disable()  # what is odd about a body is told in its answer
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with suppress(EOFError, OSError):  # who asked is gone
        socket.send_bytes(_READY)
        while True:
            try:
                task: Task = socket.recv()
                signal.alarm(_LAST_RESORT_SECONDS)
                answer = _parsed(task)
            except MemoryError:
                answer = None
            signal.alarm(0)
            socket.send(answer)


def _parsed(task: Task) -> ParsedFeed:
    try:
        return parse_feed(
            task.body,
            feed=task.feed,
            content_type=task.content_type,
            fetched_at=task.fetched_at,
            max_entries=task.max_entries,
            base_url=task.base_url,
        )
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - told to who asked: one body must not end the polling of all
        return ParsedFeed(PollState.PARSE_ERROR, f"the parser fails: {type(error).__name__}: {error}"[:300])


if __name__ == "__main__":
    # by its name, so that what is sent is not of this __main__
    from archwatch.scheduler import parsers

    parsers._serve(Connection(int(sys.argv[1])), int(sys.argv[2]))
