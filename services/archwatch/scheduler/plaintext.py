"""Plain text out of what feeds carry: HTML, entities, control characters, without end."""

import re
import unicodedata
from html import unescape
from typing import Final

from lxml import etree

from archwatch.scheduler.decoding import with_xml_characters

TITLE_CHARS: Final = 500
SUMMARY_CHARS: Final = 5_000
TEXT_CHARS: Final = 100_000

_TAG: Final = re.compile(
    r"</?(?:a|abbr|article|aside|b|blockquote|body|br|center|cite|code|dd|div|dl|dt|em|figcaption|figure|font"
    r"|footer|h[1-6]|head|header|hr|html|i|iframe|img|li|main|meta|nav|ol|p|picture|pre|q|s|script|section"
    r"|small|source|span|strong|style|sub|sup|svg|table|tbody|td|th|thead|title|tr|tt|u|ul|video)"
    r"(?:\s[^<>]*)?/?>|<!--|<!\[CDATA\[",
    re.I,
)
_ENTITY: Final = re.compile(r"&#?\w{1,31};")
# not text: what a browser does not show, or shows as something else than words
_HIDDEN: Final = ("script", "style", "noscript", "template", "iframe", "svg", "object", "head", "textarea")
_BLOCKS: Final = (
    "address", "article", "aside", "blockquote", "br", "center", "dd", "div", "dl", "dt", "figcaption",
    "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p",
    "pre", "section", "table", "td", "th", "tr", "ul",
)  # fmt: skip
# C0 and C1 controls but for white space; soft hyphen, zero width space, byte order mark; halves of pairs
_UNWANTED: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u2060\ufeff\ufffe\uffff]")
_UNWANTED_ASCII: Final = dict.fromkeys((*range(0x09), *range(0x0E, 0x20), 0x7F))
_BREAKS: Final = {0x0B: "\n", 0x0C: "\n"}  # lines end there in a text, and no XML can hold them
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
# of HTML, so much is looked at for each character wanted
_MARKUP_FACTOR: Final = 10


def plain(value: str, limit: int, *, html: bool = False) -> str:
    """At most `limit` characters of text; blocks of HTML become lines. `html`: it is said to be HTML."""
    value = _without_noise(value[: limit * _MARKUP_FACTOR])
    if (html and "<" in value) or _TAG.search(value):
        value = _text_of(value)
    if _ENTITY.search(value):
        value = _without_noise(unescape(value))
    lines = [words for line in value.splitlines() if (words := " ".join(line.split()))]
    return unicodedata.normalize("NFC", "\n".join(lines))[:limit].strip()


def one_line(value: str, limit: int, *, html: bool = False) -> str:
    """As `plain`, on one line: for a title."""
    return " ".join(plain(value, limit, html=html).split())


def storable(value: str) -> str:
    """The same text at the same offsets, without what neither JSON nor PostgreSQL can hold."""
    return _SURROGATE.sub("\ufffd", value).replace("\x00", "\ufffd")


def _without_noise(value: str) -> str:
    if value.isascii():
        return value.translate(_UNWANTED_ASCII)  # four times as fast as the patterns
    return _SURROGATE.sub("\ufffd", _UNWANTED.sub("", value))


def _text_of(html: str) -> str:
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    # what no XML can hold would cost the whole feed below, where lines are put in
    safe = with_xml_characters(html.translate(_BREAKS))
    root = etree.fromstring(f"<div>{safe}</div>".encode(), parser)
    if root is None:
        return ""
    etree.strip_elements(root, *_HIDDEN, with_tail=False)
    for block in root.iter(*_BLOCKS):
        block.text = "\n" + (block.text or "")
        block.tail = "\n" + (block.tail or "")
    return str(etree.tostring(root, method="text", encoding="unicode"))
