"""What a feed document may cost: refused or cut before a parser sees it.

A parser is slow where a document is deep, and has no end where it has millions of items.
"""

import re
from dataclasses import dataclass, field
from typing import Final

MAX_DEPTH: Final = 200
MAX_ATTRIBUTES: Final = 1_000
MAX_TAGS: Final = 300_000
_TAG: Final = re.compile(
    r"<!--|<!\[CDATA\[|<\?|<(?P<end>/)?(?P<name>[A-Za-z_][\w:.\-]*)"
    r"(?:[^'\"<>]++|\"[^\"<]*\"|'[^'<]*')*+>"
)
_ENDS: Final = {"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>"}
_ITEMS: Final = ("item", "entry")
# never closed where HTML stands in a feed unescaped
_VOID: Final = ("area", "base", "br", "col", "embed", "hr", "img", "input", "param", "source", "track", "wbr")
_PROLOG: Final = re.compile(r"<!--|<\?|<!|(?P<root><\w)")
_PLAIN_DOCTYPE: Final = re.compile(r"""<!DOCTYPE\b(?:[^"'\[>]++|"[^"]*+"|'[^']*+')*+>""", re.IGNORECASE)


class Refused(Exception):
    """The document is built to harm, or might as well be."""


@dataclass(frozen=True)
class Bounded:
    """A document that a parser may see. `skipped` items at its end were left out."""

    text: str
    skipped: int = 0


def refuse_entities(text: str) -> None:
    """Raises Refused for a document that declares entities of its own: no feed does, every bomb does."""
    position = 0
    while True:  # to the root element, over comments and processing instructions that may look like one
        found = _PROLOG.search(text, position)
        if found is None or found["root"]:
            return
        if found[0] == "<!":
            doctype = _PLAIN_DOCTYPE.match(text, found.start())
            if doctype is None:
                raise Refused("declares entities in its DOCTYPE, or is broken there: refused")
            position = doctype.end()
        else:
            position = text.find(_ENDS[found[0]], found.end())
            if position < 0:
                return


def bounded(text: str, max_items: int) -> Bounded:
    """The document with at most `max_items` items. Raises Refused when it is built to cost too much."""
    scan = _Scan(max_items)
    position = 0
    while found := _TAG.search(text, position):
        position = found.end()
        if found["name"] is None:
            position = text.find(_ENDS[found[0]], position)
            if position < 0:
                break
        elif found["end"]:
            scan.close(found["name"])
        else:
            scan.open(found)
    if scan.cut is None:
        return Bounded(text)
    closing = "".join(f"</{name}>" for name in reversed(scan.open_at_cut))
    return Bounded(text[: scan.cut] + closing, scan.items - max_items)


@dataclass
class _Scan:
    """Where a walk over the tags stands. `cut` is where the first item too many begins."""

    max_items: int
    stack: list[str] = field(default_factory=list)
    items: int = 0
    tags: int = 0
    cut: int | None = None
    open_at_cut: tuple[str, ...] = ()

    def open(self, tag: re.Match[str]) -> None:
        name = tag["name"]
        self.items += name.rpartition(":")[2].lower() in _ITEMS
        if self.items > self.max_items and self.cut is None:
            self.cut, self.open_at_cut = tag.start(), tuple(self.stack)
        self.tags += self.cut is None
        if self.tags > MAX_TAGS:
            raise Refused(f"has more than {MAX_TAGS:,} tags: refused")
        if tag[0].count("=") > MAX_ATTRIBUTES:
            raise Refused(f"has a tag with more than {MAX_ATTRIBUTES:,} attributes: refused")
        if tag[0].endswith("/>") or name.lower() in _VOID:
            return
        self.stack.append(name)
        if len(self.stack) > MAX_DEPTH:
            raise Refused(f"is nested more than {MAX_DEPTH} deep: refused")

    def close(self, name: str) -> None:
        """Tolerates a few elements left open inside."""
        if name in self.stack[-5:]:
            while self.stack.pop() != name:
                pass
