"""The feed list on disk, read again when it changes."""

from pathlib import Path

from archwatch.errors import BadInput
from archwatch.scheduler.feeds import Feed, read_opml


class FeedList:
    """The feeds of an OPML file; without `local`, those of the network only. Not for several threads."""

    def __init__(self, path: Path, *, local: bool = True) -> None:
        self._path, self._local = path, local
        self._stamp: tuple[int, int] | None = None
        self._feeds: dict[str, Feed] = {}

    def refresh(self) -> list[BadInput] | None:
        """Read the file if it changed since the last call: what is wrong in it, None if it did not change.

        Raises BadInput, once for each change, when nothing of it can be used; the feeds then stay.
        """
        stamp = self._now()
        if stamp == self._stamp:
            return None
        self._stamp = stamp
        feeds, problems = read_opml(self._path)
        self._feeds = {feed.url: feed for feed in feeds}
        return problems

    @property
    def active(self) -> list[Feed]:
        """Those to poll, local files first: they cost nothing and answer at once."""
        feeds = [
            feed for feed in self._feeds.values() if not feed.paused and (self._local or feed.path is None)
        ]
        return sorted(feeds, key=lambda feed: feed.path is None)

    def get(self, url: str) -> Feed | None:
        return self._feeds.get(url)

    def _now(self) -> tuple[int, int]:
        try:
            status = self._path.stat()
        except OSError:
            return (0, 0)
        return status.st_mtime_ns, status.st_size
