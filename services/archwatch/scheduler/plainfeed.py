"""Feeds of plain shape, read fast: what feedparser gives, or nothing.

Most feeds use little of what feedparser knows. Here an expat parser, the same one that feedparser reads
well-formed XML with, takes the elements that have a part in an entry and passes over those of which it is
known that they have none. Anything else makes it give up, and feedparser has its turn: broken XML, a DOCTYPE,
markup inside a text, base64, an element that feedparser handles and this does not.

The rules are those of feedparser 6.0 (mixin.py, namespaces/_base.py), which depend on the order and depth of
elements, with its oddities. That both give the same is measured, on mutants too: tests and bench/parsing.py.
"""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final
from xml.parsers import expat

from feedparser.api import StrictFeedParser
from feedparser.html import _cp1252
from feedparser.urls import _urljoin, make_safe_absolute_uri

from archwatch.scheduler import vocabulary as words
from archwatch.scheduler.bounds import MAX_DEPTH, MAX_TAGS
from archwatch.scheduler.rawitem import Markup, RawFeed, RawItem
from archwatch.scheduler.vocabulary import Namespaces, NotPlain, attributes, without_effect

_HTML: Final = ("text/html", "application/xhtml+xml")
_MEDIA: Final = {"text": "text/plain", "plain": "text/plain", "html": "text/html", "xhtml": _HTML[1]}
_WINDOWS: Final = re.compile("[\x80-\x9f]")  # control characters, but bytes of Windows-1252 in truth
_QUERY: Final = re.compile("&([A-Za-z0-9_]+);")
_ELEMENT: Final = re.compile(r"<\w")
_START: Final = re.compile(r"<\?xml[^>]*\?>|<!--|<\w")  # feedparser puts its own in place of the first
_NONE: Final = Markup()


def read_plain(text: str, max_items: int) -> RawFeed | None:
    """The feed, as read_syndication gives it; None when it is not plain, or has more items."""
    root = _ELEMENT.search(text)
    prolog = text[: root.start()].upper() if root else "<!DOCTYPE"
    if "<!DOCTYPE" in prolog or "<!ENTITY" in prolog or not _START.match(text):
        return None
    parser = expat.ParserCreate("utf-8", " ")
    parser.namespace_prefixes = True
    parser.buffer_text = True
    parser.buffer_size = 1 << 16
    reader = _Reader(parser, max_items)
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except (NotPlain, expat.ExpatError):
        return None
    return reader.result()


@dataclass
class _Item:
    """What an entry of feedparser, or its feed, holds so far; `depths` are those of the fields' elements."""

    fields: dict[str, str] = field(default_factory=dict)
    depths: dict[str, int] = field(default_factory=dict)
    title: Markup = _NONE
    summary: Markup = _NONE
    contents: list[Markup] = field(default_factory=list)
    has_summary: bool = False

    def raw(self) -> RawItem:
        text = max(self.contents, key=lambda one: len(one.value), default=_NONE)
        guid, link = self.fields.get("id", ""), self.fields.get("link", "")
        if link == guid and not link.startswith(("http:", "https:")):
            link = ""  # a guid that is no address, taken for the link that is missing
        dates = (self.fields.get(name) for name in ("published", "updated", "created"))
        return RawItem(
            guid=guid or None,
            link=link or None,
            title=self.title,
            summary=self.summary,
            text=_NONE if text == self.summary else text,
            published=next(filter(None, dates), None),
        )


class _Reader:
    """Follows a document as feedparser does. Its handlers raise NotPlain where it cannot."""

    def __init__(self, parser: expat.XMLParserType, max_items: int) -> None:
        self._parser, self._max_items = parser, max_items
        self._namespaces = Namespaces()
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.StartNamespaceDeclHandler = self._namespaces.declare
        parser.StartDoctypeDeclHandler = _give_up
        self._items: list[RawItem] = []
        self._counted = self._depth = self._tags = 0
        self._item: _Item | None = None
        self._feed = _Item()
        self._in_feed = self._has_content = self._guid_is_link = False
        self._title_depth = -1
        self._beside: str | None = None  # the image, textinput or source that is open
        self._text: list[str] | None = None  # of the element that is open, when it may hold nothing else
        self._kind = self._type = ""  # which field it is for, and its media type
        self._base, self._bases = "", list[str]()

    def result(self) -> RawFeed | None:
        if not self._namespaces.version and not self._items:
            return None
        language = self._feed.fields.get("language")
        return RawFeed(tuple(self._items), self._feed.title.value, language or None)

    def _start(self, expat_name: str, given: dict[str, str]) -> None:
        self._depth += 1
        self._tags += 1
        name = self._namespaces.name(expat_name)
        self._bound(name)
        given = attributes(given) if given else {}
        if base := given.get("xml:base", given.get("base")) or self._base:
            self._base = _based(self._base, base)
        self._bases.append(self._base)
        if self._beside:
            if name not in words.IN_BESIDE or self._beside == "source":
                raise NotPlain
            self._open(name)
        elif name in words.FIELDS:
            self._field(name, given)
        elif name in words.PASSIVE_TEXTS:
            self._open("")
        else:
            self._structure(name, given)

    def _structure(self, name: str, given: dict[str, str]) -> None:
        if name in words.ROOTS:
            self._root(name, given)
        elif name in words.ITEMS:
            self._new_item(given)
        elif name == "channel":
            if self._depth != 2 or "lastmod" in given or "href" in given:
                raise NotPlain
            self._in_feed = True
        elif name in words.BESIDE:
            if (name == "source") is not (self._item is not None):
                raise NotPlain
            self._beside, self._title_depth = name, -1
        elif not (name in words.PASSIVE or (name == "items" and not self._item) or without_effect(name)):
            raise NotPlain

    def _bound(self, name: str) -> None:
        self._counted += name.rpartition("_")[2] in words.ITEMS
        if self._text is not None or self._counted > self._max_items:
            raise NotPlain
        if self._depth > MAX_DEPTH or self._tags > MAX_TAGS:
            raise NotPlain

    def _root(self, name: str, given: dict[str, str]) -> None:
        if self._depth != 1:
            raise NotPlain
        language = given.get("xml:lang", given.get("lang"))
        if language and name != "rdf_rdf":
            self._feed.fields["language"] = language.replace("_", "-")
        version = self._namespaces.version
        if name == "rss" and not version.startswith("rss"):
            self._namespaces.version = "rss"
        elif name == "feed":
            self._in_feed, self._namespaces.version = True, version or "atom"

    def _new_item(self, given: dict[str, str]) -> None:
        if self._item is not None or "lastmod" in given or "href" in given:
            raise NotPlain
        self._item, self._guid_is_link, self._title_depth = _Item(), False, -1
        if given.get("rdf:about"):
            self._item.fields["id"] = given["rdf:about"]

    def _field(self, name: str, given: dict[str, str]) -> None:
        if not (self._item or self._in_feed):
            raise NotPlain
        context = self._item or self._feed
        kind = words.PLAIN_FIELDS.get(name)
        if kind is None:
            self._markup(context, name, given)
        elif kind == "link" and ("url" in given or "uri" in given):
            raise NotPlain
        elif kind == "link" and "href" in given:
            media = given.get("type", "text/html")
            if given.get("rel", "alternate") == "alternate" and _MEDIA.get(media, media) in _HTML:
                context.fields["link"] = _urljoin(self._base, given["href"])
        else:
            if kind == "id":
                self._guid_is_link = given.get("ispermalink", "true") == "true"
            self._open(kind)

    def _markup(self, context: _Item, name: str, given: dict[str, str]) -> None:
        media = "text/plain"
        if name in words.TITLES:
            kind = name if name == "media_title" else "title"
        elif name in words.CONTENTS:
            kind, self._has_content = "content", True
            media = "text/plain" if name == "content" else "text/html"
        elif context.has_summary and not self._has_content:
            kind, self._has_content = "content", True  # a second summary
        elif name in words.DESCRIPTIONS:
            kind, media = "summary" if self._item else "", "text/html"
        else:
            kind = "summary"
        media = given.get("type", media)
        media = _MEDIA.get(media, media)
        if media not in ("text/plain", "text/html") or given.get("mode") == "base64":
            raise NotPlain
        self._open(kind, media)

    def _open(self, kind: str, media: str = "") -> None:
        self._text, self._kind, self._type = [], kind, media
        if kind:
            self._parser.CharacterDataHandler = self._text.append

    def _end(self, expat_name: str) -> None:
        if self._text is not None:
            text, self._text = "".join(self._text).strip(), None
            self._parser.CharacterDataHandler = None
            if not self._beside:
                self._close(self._item or self._feed, self._kind, text)
            elif self._kind == "title" and text:
                self._title_depth = self._depth
        else:
            self._end_of(self._namespaces.name(expat_name))
        self._depth -= 1
        self._bases.pop()
        if self._bases and self._bases[-1]:
            self._base = self._bases[-1]  # where there is none, feedparser keeps that of the inner element

    def _end_of(self, name: str) -> None:
        if name == self._beside:
            self._beside = None
        elif name in words.ITEMS:
            assert self._item
            self._items.append(self._item.raw())
            self._item, self._has_content = None, False
        elif name in ("channel", "feed"):
            self._in_feed = False

    def _close(self, context: _Item, kind: str, text: str) -> None:
        if text and (kind == "link" or (kind == "id" and self._guid_is_link)):
            text = _urljoin(self._base, text)
        text = text if text.isascii() else _mended(text)
        if kind in ("title", "media_title"):
            if not -1 < self._title_depth <= self._depth:
                context.title = self._marked(text)
            if text and kind == "title":
                self._title_depth = self._depth
        elif kind == "summary":
            context.summary, context.has_summary = self._marked(text), True
        elif kind == "content":
            context.contents.append(self._marked(text))
            context.has_summary = True
        elif kind == "link":
            context.fields["link"] = _QUERY.sub(r"&\g<1>", text.replace("&amp;", "&"))
        elif kind:
            if context is self._feed or self._depth <= context.depths.get(kind, self._depth):
                context.depths[kind] = self._depth
                context.fields[kind] = text
            if kind == "id" and self._guid_is_link:
                context.fields.setdefault("link", text)

    def _marked(self, text: str) -> Markup:
        if self._type == "text/plain" and not self._namespaces.version.startswith("atom"):
            return Markup(text, StrictFeedParser.looks_like_html(text))
        return Markup(text, self._type == "text/html")


def _give_up(*_: Any) -> None:
    raise NotPlain


@lru_cache(maxsize=256)
def _based(base: str, given: str) -> str:
    return (make_safe_absolute_uri(base, given) or base) if base else _urljoin(base, given)


def _mended(text: str) -> str:
    """Without the marks of a wrong encoding: UTF-8 read as Latin-1 and written again, Windows-1252."""
    with suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return text.translate(_cp1252) if _WINDOWS.search(text) else text
