"""The articles of a batch of stories: fetched in parallel and politely, in a time that is bounded."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from typing import Final

from archwatch.contracts.entry import Entry
from archwatch.contracts.story import Story
from archwatch.errors import TransientError
from archwatch.extractor.article import Article, Mode, Outcome, doubt, no_link, wanted, web_host
from archwatch.web.address import Deadline
from archwatch.web.client import Answer, Client, web_url
from archwatch.web.failure import FetchFailure, Stopped
from archwatch.web.pagetext import PageReader, Unreadable
from archwatch.web.polite import PoliteClient
from archwatch.web.robots import Robots

ArticlesOf = Callable[[Sequence[Story]], Mapping[str, Article]]

_WORKERS: Final = 16
_GRACE_SECONDS: Final = 1.0  # for threads to notice the deadline; those stuck in the resolver are left behind
_KEPT: Final = 500
_MEDIA_TYPES: Final = ("text/html", "application/xhtml+xml")
_HEADERS: Final = {"Accept": ", ".join(_MEDIA_TYPES)}


class Articles:
    """Fetches what is wanted of each batch; `close` it at the end. Seconds: `batch` for all of a batch,
    `pause` between two requests to a host. Setting `stop` gives the batch up."""

    def __init__(
        self, client: Client, *, mode: Mode, batch: float, pause: float, stop: threading.Event
    ) -> None:
        self._client, self._mode, self._batch, self._stop = client, mode, batch, stop
        self._polite = PoliteClient(client, Robots(client), pause=pause)
        self._reader = PageReader()
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="article")
        # a batch that is taken again, whole or story by story, does not ask the publishers again; a fault of
        # ours is kept too, so that only its story is put aside
        self._kept: OrderedDict[str, Article | Exception] = OrderedDict()

    def of(self, stories: Sequence[Story]) -> dict[str, Article]:
        """By story id, for each story whose article is wanted; takes `batch` seconds and a few more at most.

        Raises TransientError when told to stop: the batch is then for the next run.
        """
        asked = {story.id: story.entry for story in stories if wanted(story.entry, self._mode)}
        fresh = {story: entry for story, entry in asked.items() if story not in self._kept}
        if fresh:
            self._kept |= self._fetched(fresh)
        found: dict[str, Article] = {}
        for story in asked:
            kept = self._kept[story]
            if isinstance(kept, Exception):
                raise kept
            found[story] = kept
        while len(self._kept) > max(_KEPT, len(asked)):
            self._kept.popitem(last=False)
        return found

    def close(self) -> None:
        """Ends the threads and the reader; waits for no request."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._reader.close()

    def _fetched(self, entries: Mapping[str, Entry]) -> dict[str, Article | Exception]:
        found: dict[str, Article | Exception] = {}
        hosts: dict[str | None, list[tuple[str, Entry]]] = {}
        for story, entry in entries.items():
            if why := no_link(entry):
                found[story] = Article(Outcome.NO_LINK, why)
            else:
                hosts.setdefault(web_host(entry.url or ""), []).append((story, entry))
        if hosts:
            self._reader.start()
        deadline = Deadline(self._batch, self._stop)
        # a thread a host, so that a slow one holds up no other
        threads = [self._pool.submit(self._one_host, queue, found, deadline) for queue in hosts.values()]
        done, running = wait(threads, self._batch + _GRACE_SECONDS, FIRST_EXCEPTION)
        if any(thread.exception() for thread in done):
            raise TransientError("stopped while articles were fetched: the batch waits")
        for thread in running:
            thread.cancel()
        late = Article(Outcome.LATE, f"not reached within the {self._batch:g} s for a batch")
        return {story: found.get(story, late) for story in entries}

    def _one_host(
        self,
        queue: Sequence[tuple[str, Entry]],
        found: dict[str, Article | Exception],
        batch: Deadline,
    ) -> None:
        """Raises Stopped when told to stop."""
        for story, entry in queue:
            try:
                batch.left()
            except FetchFailure:
                return
            started = time.monotonic()
            try:
                outcome, why, text = self._fetch(entry, batch)
                found[story] = Article(outcome, why, text, time.monotonic() - started)
            except Stopped:
                raise
            except Exception as error:  # noqa: BLE001 - raised again for its story alone
                found[story] = error

    def _fetch(self, entry: Entry, batch: Deadline) -> tuple[Outcome, str | None, str]:
        try:
            answer = self._polite.get(
                entry.url or "",
                _HEADERS,
                self._client.deadline(batch.left()),
                public_only=self._is_from_outside(entry.feed),
                media_types=_MEDIA_TYPES,
            )
            return self._read(answer, entry, batch)
        except FetchFailure as failure:
            return Outcome(failure.kind.value), failure.detail, ""
        except Unreadable as error:
            return Outcome.UNREADABLE, str(error), ""
        except TimeoutError as error:
            return Outcome.LATE, str(error), ""

    def _read(self, answer: Answer, entry: Entry, batch: Deadline) -> tuple[Outcome, str | None, str]:
        if not 200 <= answer.status < 300:
            return Outcome.HTTP_ERROR, f"HTTP {answer.status}", ""
        if answer.url.path == "/" and web_url(entry.url or "").path != "/":
            return Outcome.UNUSABLE, "leads to the front page", ""
        if not answer.body.strip():
            return Outcome.NO_TEXT, "an empty page", ""
        text = self._reader.read(answer.body, answer.headers.get("content-type"), wait=batch.left())
        if not text:
            return Outcome.NO_TEXT, "no article in the page", ""
        if why := doubt(text, entry):
            return Outcome.UNUSABLE, why, ""
        return Outcome.READ, None, text

    def _is_from_outside(self, feed: str) -> bool:
        """A feed of the public web must not lead to the private hosts that the operator allows."""
        host = web_host(feed)
        return host is not None and not self._client.may_be_private(host)
