"""The text of an article out of its page: trafilatura, in a process of its own that can be killed.

A page can be built so that reading it takes minutes (half a megabyte of `<br>` does), and a thread cannot be
stopped. `python -m archwatch.web.pagetext FD` is that process: pages in, texts out, on the socket FD.
"""

import logging
import resource
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Final

from w3lib.encoding import html_to_unicode

MAX_CHARS: Final = 100_000
_MEMORY_BYTES: Final = 1 << 29  # address space of the process: a page that needs more is not read
# a page that nobody waits for any more, as who asked was killed, ends the process all the same
_LAST_RESORT_SECONDS: Final = 120
_RENEW_AFTER: Final = 1_000  # pages: what a library keeps of each is given back then
_READY: Final = b"ready"
# what would split a word in two that a reader sees as one, and what no message can hold
_UNSEEN: Final = dict.fromkeys(map(ord, "\x00\xad\u200b\u2060\ufeff"))


class Unreadable(Exception):
    """No text came out of the page in time."""


class PageReader:
    """Reads one page at a time, at most `seconds` each; safe to share between threads. `close` ends it."""

    def __init__(self, seconds: float = 3.0) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._pages = 0
        self._socket: Connection

    def read(self, page: bytes, content_type: str | None, *, wait: float) -> str:
        """The text of the article, "" if the page holds none: a paragraph a line, at most 100,000 characters.

        Raises Unreadable, and TimeoutError when there was no time to begin within `wait` seconds.
        """
        begins_by = time.monotonic() + wait
        if not self._lock.acquire(timeout=max(0.0, wait)):
            raise TimeoutError("other pages were being read")
        try:
            self._start()
            # the first answer of the process: that it is ready
            if self._pages == 0 and not self._socket.poll(begins_by - time.monotonic()):
                raise TimeoutError("the reader had not started")
            return self._read(page, content_type)
        except (EOFError, OSError) as error:
            if isinstance(error, TimeoutError):
                raise
            self._end()
            raise Unreadable("the reader died of it") from error
        finally:
            self._lock.release()

    def start(self) -> None:
        """Start the process, for a page that is on its way; it takes a second or two until it can read."""
        with self._lock:
            self._start()

    def close(self) -> None:
        """End the process; nothing is read any more."""
        with self._lock:
            self._closed = True
            self._end()

    def _read(self, page: bytes, content_type: str | None) -> str:
        if self._pages == 0:
            self._socket.recv_bytes()
        self._pages += 1
        self._socket.send_bytes((content_type or "").encode("latin-1", "replace"))
        self._socket.send_bytes(page)
        if not self._socket.poll(self._seconds):
            self._end()
            raise Unreadable(f"not read within {self._seconds:g} s")
        answer = self._socket.recv_bytes().decode("utf-8", "replace")
        if self._pages >= _RENEW_AFTER:
            self._end()
        if answer[0] != "+":
            raise Unreadable(answer[1:])
        return answer[1:]

    def _start(self) -> None:
        if self._closed:
            raise TimeoutError("the reader is closed")
        if self._process is not None:
            return
        ours, theirs = Pipe()
        command = [sys.executable, "-P", "-m", __name__, str(theirs.fileno())]
        # a session of its own: Ctrl-C is for us, who then let it end
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, start_new_session=True
        )
        theirs.close()
        self._socket, self._pages = ours, 0

    def _end(self) -> None:
        if self._process is not None:
            self._socket.close()
            self._process.kill()
            self._process.wait()
            self._process = None


def page_text(page: bytes, content_type: str | None) -> str:
    """The text of the article in a page, "" if there is none. Unbounded in time: see PageReader."""
    from trafilatura import extract

    _, html = html_to_unicode(content_type, page, default_encoding="utf-8")
    found = extract(html, include_comments=False, include_tables=False)
    lines = (" ".join(line.split()) for line in (found or "").translate(_UNSEEN).splitlines())
    return "\n".join(filter(None, lines))[:MAX_CHARS]


def _serve(socket: Connection) -> None:
    import trafilatura  # noqa: F401 - before the first page comes, whose time is counted

    logging.disable()  # what is odd about a page is told in its answer
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    with suppress(EOFError, OSError):  # who asked is gone
        socket.send_bytes(_READY)
        while True:
            content_type, page = socket.recv_bytes().decode("latin-1"), socket.recv_bytes()
            signal.alarm(_LAST_RESORT_SECONDS)
            try:
                answer = "+" + page_text(page, content_type or None)
            except Exception as error:  # noqa: BLE001 - told to who asked: a page must not end the process
                answer = f"-{type(error).__name__}: {error}"[:200]
            signal.alarm(0)
            socket.send_bytes(answer.encode("utf-8", "replace"))


if __name__ == "__main__":
    _serve(Connection(int(sys.argv[1])))
