"""Feeds in an order in which no host holds up the rest. Pure."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from archwatch.scheduler.feeds import Feed


def over_hosts(feeds: Sequence[Feed]) -> list[Feed]:
    """Files, and the first feed of each host; then the second of each host, and so on: few workers wait for
    their turn with a busy host while there are others to ask."""
    asked: dict[str, int] = {}
    ranked: list[tuple[int, Feed]] = []
    for feed in feeds:
        rank = 0
        if feed.path is None:
            host = urlsplit(feed.url).hostname or ""
            rank = asked.get(host, 0)
            asked[host] = rank + 1
        ranked.append((rank, feed))
    return [feed for _, feed in sorted(ranked, key=lambda pair: pair[0])]
