"""Which server a feed is asked of, and an order in which no server holds up the rest. Pure."""

from collections.abc import Sequence

import httpx

from archwatch.scheduler.feeds import Feed


def server_of(url: str) -> str:
    """Its host, with the port where one is named: that is another server, whoever shares the machine."""
    try:
        parts = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError):
        return ""  # told where it is fetched
    return f"{parts.host}:{parts.port}" if parts.port else parts.host


def over_hosts(feeds: Sequence[Feed]) -> list[Feed]:
    """Files, and the first feed of each host; then the second of each host, and so on: few workers wait for
    their turn with a busy host while there are others to ask."""
    asked: dict[str, int] = {}
    ranked: list[tuple[int, Feed]] = []
    for feed in feeds:
        rank = 0
        if feed.path is None:
            host = server_of(feed.url)
            rank = asked.get(host, 0)
            asked[host] = rank + 1
        ranked.append((rank, feed))
    return [feed for _, feed in sorted(ranked, key=lambda pair: pair[0])]
