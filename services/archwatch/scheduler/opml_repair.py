"""Mends what is wrong in most published OPML lists, so that a lenient parser loses nothing.

libxml2 in its recovering mode drops what follows a bare & in an attribute, and so changes the URL,
and leaves out a whole outline for a bare quotation mark in its title.
"""

import re
from bisect import bisect_right
from html import unescape
from typing import Final

_BARE_AMPERSAND: Final = re.compile(r"&(?!(?:#\d+|#x[0-9A-Fa-f]+|amp|lt|gt|quot|apos);)(\w+;)?")
# a quotation mark ends a value only where another attribute or the end of the tag follows
# (bounded, so that a line of a megabyte takes no longer than a thousand of a kilobyte)
_VALUE: Final = re.compile(r'(\s[\w:.-]{1,60}\s*=\s*)"([^\n]{0,4000}?)"(?=\s+[\w:.-]+\s*=\s*["\']|\s*[/?]?>)')


def repaired(text: str) -> tuple[str, list[tuple[int, str, str]]]:
    """The text with bare `&`, `"` and `<` in attributes escaped; (line, problem, mend) for each line."""
    mends: dict[tuple[int, str, str], None] = {}

    def note(match: re.Match[str], problem: str, mend: str) -> None:
        line = bisect_right(line_starts, match.start()) + 1
        mends[line, f"not well-formed: {problem}", mend] = None

    def ampersand(match: re.Match[str]) -> str:
        note(match, "bare &", "write &amp;")
        known = unescape(match[0])
        return (known if match[1] and known != match[0] else match[0]).replace("&", "&amp;")

    def value(match: re.Match[str]) -> str:
        inner = match[2]
        for bare, name in (('"', "&quot;"), ("<", "&lt;")):
            if bare in inner:
                note(match, f"bare {bare} in an attribute", f"write {name}")
                inner = inner.replace(bare, name)
        return f'{match[1]}"{inner}"'

    for broken, mended in ((_BARE_AMPERSAND, ampersand), (_VALUE, value)):
        line_starts = [found.end() for found in re.finditer("\n", text)]
        text = broken.sub(mended, text)
    return text, list(mends)
