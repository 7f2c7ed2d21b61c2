"""What a feed document may cost: refused or cut before a parser sees it.

A parser is slow where a document is deep, and has no end where it has millions of items.
"""

import re
from dataclasses import dataclass
from typing import Final

MAX_DEPTH: Final = 200
_TAG: Final = re.compile(
    r"<!--|<!\[CDATA\[|<\?|<(?P<end>/)?(?P<name>[A-Za-z_][\w:.\-]*)"
    r"(?:[^'\"<>]++|\"[^\"<]*\"|'[^'<]*')*+>"
)
_ENDS: Final = {"<!--": "-->", "<![CDATA[": "]]>", "<?": "?>"}
_ITEMS: Final = ("item", "entry")
# never closed where HTML stands in a feed unescaped
_VOID: Final = ("area", "base", "br", "col", "embed", "hr", "img", "input", "param", "source", "track", "wbr")
_PROLOG: Final = re.compile(r"<!--|<\?|<!|(?P<root><\w)")
_ROOT: Final = re.compile(r"<\w")


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
            end = _ROOT.search(text, found.end())
            declaration = text[found.start() : end.start() if end else len(text)]
            if "[" in declaration or "<!ENTITY" in declaration.upper():
                raise Refused("declares entities in its DOCTYPE: refused")
            position = found.end()
        else:
            position = text.find(_ENDS[found[0]], found.end())
            if position < 0:
                return


def bounded(text: str, max_items: int) -> Bounded:
    """The document with at most `max_items` items. Raises Refused when it is nested too deep."""
    stack: list[str] = []
    items = 0
    cut: tuple[int, tuple[str, ...]] | None = None
    position = 0
    while found := _TAG.search(text, position):
        position = found.end()
        if (name := found["name"]) is None:
            position = text.find(_ENDS[found[0]], position)
            if position < 0:
                break
        elif found["end"]:
            if name in stack[-5:]:  # tolerates a few elements left open inside
                while stack.pop() != name:
                    pass
        elif not found[0].endswith("/>") and name.lower() not in _VOID:
            items += _is_item(name)
            if items > max_items and cut is None:
                cut = found.start(), tuple(stack)
            stack.append(name)
            if len(stack) > MAX_DEPTH:
                raise Refused(f"is nested more than {MAX_DEPTH} deep: refused")
    if cut is None:
        return Bounded(text)
    start, open_then = cut
    closing = "".join(f"</{name}>" for name in reversed(open_then))
    return Bounded(text[:start] + closing, items - max_items)


def _is_item(name: str) -> bool:
    return name.rpartition(":")[2].lower() in _ITEMS
