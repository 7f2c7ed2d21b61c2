"""RSS, RDF and Atom to raw items, by feedparser with its traps disarmed.

It is given bytes in memory only (it would open a file, or fetch a URL, that a body names), always
UTF-8 (one bad byte would make mojibake of all), no HTML cleaning (we take plain text), and its
dates are not used (see `dates`).
"""

import io
from typing import Any, Final

import feedparser

from archwatch.scheduler.rawitem import Markup, RawFeed, RawItem

_HTML: Final = ("text/html", "application/xhtml+xml")


class NotAFeed(Exception):
    """The document is something else than a feed."""


class Unparsable(Exception):
    """The parser could make nothing of the document, and says why."""


def read_syndication(text: str) -> RawFeed:
    """Items in the document's order; those before a broken tail are kept. Raises NotAFeed, Unparsable.

    Links are relative where the document has them so, but for its xml:base. feedparser is not told
    the feed's address: it would resolve guids against it, and so change them when the feed moves.
    """
    try:
        found = feedparser.parse(
            io.BytesIO(text.encode("utf-8", "replace")),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            resolve_relative_uris=False,
            sanitize_html=False,
        )
        feed, entries, version = found.feed, found.entries, found.get("version", "")
    except Exception as error:  # it raises AttributeError and more on odd documents
        raise Unparsable(f"feedparser: {type(error).__name__}: {error}") from error
    if not version and not entries:
        raise NotAFeed
    if found.bozo and not entries and not version:
        raise Unparsable(str(found.get("bozo_exception", "")))
    return RawFeed(
        tuple(_item(entry) for entry in entries),
        title=_string(feed, "title"),
        language=_string(feed, "language") or None,
    )


def _item(entry: Any) -> RawItem:
    texts = [_markup(content) for content in _list(entry, "content")]
    summary = _markup(dict.get(entry, "summary_detail") or {})
    text = max(texts, key=lambda one: len(one.value), default=Markup())
    if text == summary:
        text = Markup()
    dates = (_string(entry, name) for name in ("published", "updated", "created"))
    guid, link = _string(entry, "id"), _string(entry, "link")
    if link == guid and not link.startswith(("http:", "https:")):
        link = ""  # a guid that is no address, taken for the link that is missing
    return RawItem(
        guid=guid or None,
        link=link or None,
        title=_markup(dict.get(entry, "title_detail") or {}),
        summary=summary,
        text=text,
        published=next(filter(None, dates), None),
    )


def _markup(detail: Any) -> Markup:
    return Markup(_string(detail, "value"), dict.get(detail, "type") in _HTML)


# past the mapping of feedparser's dict, which gives other fields for those that are missing


def _string(mapping: Any, name: str) -> str:
    value = dict.get(mapping, name)
    return value if isinstance(value, str) else ""


def _list(mapping: Any, name: str) -> list[Any]:
    value = dict.get(mapping, name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
