"""`python -m archwatch.seedfeed STORIES.yaml FEED.xml`: the seed stories as an RSS 2.0 feed."""

import sys
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from lxml import etree

from archwatch.configfile import read_yaml

_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_DC = "http://purl.org/dc/elements/1.1/"
HOME = "https://example.org/seeds/"


def seed_feed(stories: list[dict[str, Any]]) -> bytes:
    """An RSS document with one item for each story; the same stories give the same bytes."""
    rss = etree.Element("rss", nsmap={"content": _CONTENT, "dc": _DC}, version="2.0")
    channel = etree.SubElement(rss, "channel")
    _add(channel, "title", "archwatch seeds")
    _add(channel, "link", HOME)
    _add(channel, "description", "Invented stories that show what archwatch flags, and what it does not.")
    for story in stories:
        item = etree.SubElement(channel, "item")
        _add(item, "title", story["title"])
        _add(item, "link", HOME + story["id"])
        _add(item, "guid", story["id"], isPermaLink="false")
        _add(item, "pubDate", format_datetime(_moment(story["published"])))
        _add(item, "description", story["summary"])
        if story["text"]:
            paragraphs = story["text"].split("\n\n")
            _add(item, f"{{{_CONTENT}}}encoded", "".join(f"<p>{_escaped(p)}</p>" for p in paragraphs))
        _add(item, f"{{{_DC}}}language", story["language"])
        _add(item, f"{{{_DC}}}creator", story["source"])
    document: bytes = etree.tostring(rss, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return document


def _moment(published: datetime | str) -> datetime:
    return published if isinstance(published, datetime) else datetime.fromisoformat(published)


def _add(parent: Any, tag: str, text: str, **attributes: str) -> None:
    etree.SubElement(parent, tag, **attributes).text = text


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python -m archwatch.seedfeed STORIES.yaml FEED.xml")
    source, target = sys.argv[1:]
    Path(target).write_bytes(seed_feed(read_yaml(Path(source)).data))
