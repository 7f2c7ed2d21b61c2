"""What stands in a feed document before its first item. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

_HEAD_BYTES: Final = 200_000
_PIECE: Final = 4_096


@dataclass(frozen=True)
class Element:
    """Its name without namespace, in lower case; its text and attributes."""

    name: str
    text: str
    attributes: Mapping[str, str]


def head_of(body: bytes) -> list[Element]:
    """The elements that end before the first item begins, in their order; of what is no XML, none."""
    # a document that is no XML, or names a DTD, gives what it gives
    parser = etree.XMLPullParser(("start", "end"), recover=True, resolve_entities=False, no_network=True)
    found: list[Element] = []
    try:
        for start in range(0, min(len(body), _HEAD_BYTES), _PIECE):
            parser.feed(body[start : start + _PIECE])
            for event, element in parser.read_events():
                name = _local(element.tag)
                if event == "start" and name in ("item", "entry"):
                    return found
                if event == "end":
                    found.append(Element(name, element.text or "", dict(element.attrib)))
    except etree.XMLSyntaxError:
        return found
    return found


def _local(tag: Any) -> str:
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""
