"""JSON Feed 1.0 and 1.1 to raw items (https://www.jsonfeed.org/version/1.1/)."""

import json
from typing import Any

from archwatch.scheduler.rawitem import Markup, RawFeed, RawItem
from archwatch.scheduler.syndication import NotAFeed, Unparsable


def looks_like_json(text: str) -> bool:
    return text.lstrip()[:1] in ("{", "[")


def read_jsonfeed(text: str, max_items: int) -> tuple[RawFeed, int]:
    """The feed's first `max_items` items, and how many were left out. Raises NotAFeed, Unparsable."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unparsable(f"no JSON: {error}") from error
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        raise NotAFeed
    if "jsonfeed.org" not in _string(document, "version"):
        raise NotAFeed
    items = document["items"]
    raw = tuple(_item(item) if isinstance(item, dict) else RawItem() for item in items[:max_items])
    language = _string(document, "language") or None
    return RawFeed(raw, _string(document, "title"), language), max(0, len(items) - max_items)


def _item(item: dict[str, Any]) -> RawItem:
    html, text = _string(item, "content_html"), _string(item, "content_text")
    return RawItem(
        guid=_string(item, "id") or None,
        link=_string(item, "url") or _string(item, "external_url") or None,
        title=Markup(_string(item, "title")),
        summary=Markup(_string(item, "summary")),
        text=Markup(html, html=True) if html else Markup(text),
        published=_string(item, "date_published") or _string(item, "date_modified") or None,
    )


def _string(mapping: dict[str, Any], name: str) -> str:
    """A text; a number as its digits, as some write ids; anything else counts as missing."""
    value = mapping.get(name)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""
