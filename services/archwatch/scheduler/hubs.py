"""Which hub tells of a feed's news: WebSub (W3C, 2018), section 4, discovery. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

import httpx

from archwatch.scheduler.head import Element

_LONGEST: Final = 2_000


@dataclass(frozen=True)
class Hub:
    """Asked at `url` about `topic`, which is what the publisher calls the feed."""

    url: str
    topic: str


def hub_of(head: Sequence[Element], link_header: str, address: str) -> Hub | None:
    """By the Link header, else by the links before the first item; a hub and the feed's own name (`self`) are
    both needed. `address`: where the document was fetched; others may be relative to it."""
    headers = httpx.Response(200, headers=[(b"link", link_header.encode())]).links.values()
    links = (element.attributes for element in head if element.name == "link")
    return _hub(((link["url"], link.get("rel", "")) for link in headers), address) or _hub(
        ((link.get("href", ""), link.get("rel", "")) for link in links), address
    )


def _hub(links: Iterable[tuple[str, str]], address: str) -> Hub | None:
    named: dict[str, str] = {}
    for target, relations in links:
        for relation in relations.lower().split():
            named.setdefault(relation, _absolute(address, target))
    hub, topic = named.get("hub"), named.get("self")
    return Hub(hub, topic) if hub and topic else None


def _absolute(address: str, target: str) -> str:
    """Empty for what is no URL of http or https."""
    try:
        url = urljoin(address, target.strip())
    except ValueError:
        return ""
    return url if url.lower().startswith(("http://", "https://")) and len(url) <= _LONGEST else ""
