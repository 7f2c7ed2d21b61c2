"""Mends what is wrong in most published OPML lists, so that a lenient parser loses nothing.

libxml2 in its recovering mode drops what follows a bare & in an attribute, and so changes the URL,
and leaves out a whole outline for a bare quotation mark in its title.
"""

import re
from html import unescape
from typing import Final

_BARE_AMPERSAND: Final = re.compile(r"&(?!(?:#\d+|#x[0-9A-Fa-f]+|amp|lt|gt|quot|apos);)(\w+;)?")
# a quotation mark ends a value only where another attribute or the end of the tag follows
_VALUE: Final = re.compile(r'(\s[\w:.-]+\s*=\s*)"([^\n]*?)"(?=\s+[\w:.-]+\s*=\s*["\']|\s*[/?]?>)')


def repaired(text: str) -> tuple[str, list[tuple[int, str, str]]]:
    """The text with bare `&`, `"` and `<` in attributes escaped; (line, problem, mend) for each line."""
    mends: dict[tuple[int, str, str], None] = {}

    def note(match: re.Match[str], problem: str, mend: str) -> None:
        mends[text.count("\n", 0, match.start()) + 1, f"not well-formed: {problem}", mend] = None

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

    # neither changes the number of lines, so that the second still counts them right
    text = _BARE_AMPERSAND.sub(ampersand, text)
    text = _VALUE.sub(value, text)
    return text, list(mends)
