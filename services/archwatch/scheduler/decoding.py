"""Bytes to text, before any parser sees them: one bad byte must not turn a whole feed into mojibake."""

import codecs
import re
import sys
from typing import Final

_DECLARED: Final = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']\s*([A-Za-z0-9._:-]{1,40})""")
_DECLARATION: Final = re.compile(r"^\s*<\?xml\b[^>]*\?>")
_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.I)
_NO_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_REFERENCE: Final = re.compile(r"&#(?:[xX]([0-9A-Fa-f]+)|([0-9]+));?", re.ASCII)
# longest first: UTF-32 begins like UTF-16
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# browsers read these as their Windows supersets, and so publishers test them
_SUPERSETS: Final = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}


def decode(body: bytes, content_type: str | None) -> tuple[str, str | None]:
    """The text of a document, and what is wrong with its encoding (None: nothing).

    UTF-8 wins wherever the bytes are valid UTF-8; else byte order mark, HTTP header, XML declaration.
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return _strict_or_replaced(body[len(mark) :], encoding)
    if len(body) > 3 and body[:4] in (b"<\0?\0", b"\0<\0?"):
        return _strict_or_replaced(body, "utf-16-le" if body[0] else "utf-16-be")
    declared = _codec(_match(_CHARSET, content_type or "")) or _codec(_declared_in(body))
    if declared and declared.startswith(("iso2022", "hz", "utf-7")):
        return _strict_or_replaced(body, declared)  # these look like ASCII, and so like UTF-8
    try:
        return body.decode("utf-8"), None
    except UnicodeDecodeError:
        return _strict_or_replaced(body, declared or "utf-8")


def without_xml_declaration(text: str) -> str:
    """Its encoding no longer holds once the text is decoded. Line numbers stay."""
    return _DECLARATION.sub(lambda match: "\n" * match[0].count("\n"), text.lstrip("\ufeff"), count=1)


def with_xml_characters(text: str) -> str:
    """The text without what no XML can hold, be it written as it is or as a reference such as `&#x1F;`.

    For one such character a parser gives up the whole document.
    """
    return _REFERENCE.sub(_kept, _NO_XML.sub("", text))


def _kept(reference: re.Match[str]) -> str:
    digits = (reference[1] or reference[2]).lstrip("0")
    number = int(digits or "0", 16 if reference[1] else 10) if len(digits) < 8 else sys.maxunicode + 1
    if number > sys.maxunicode or 0xD800 <= number <= 0xDFFF:
        return "\ufffd"
    return "" if _NO_XML.match(chr(number)) else reference[0]


def _strict_or_replaced(body: bytes, encoding: str) -> tuple[str, str | None]:
    try:
        return body.decode(encoding), None
    except UnicodeDecodeError as error:
        text = body.decode(encoding, "replace")
        bad = text.count("\ufffd")
        if encoding == "utf-8" and bad > max(3, len(text) // 100):
            # so many are no accident: it was never UTF-8
            return body.decode("cp1252", "replace"), "is not UTF-8, though it says so; read as Windows-1252"
        return text, f"byte {error.start} is not {encoding}; {bad} characters could not be read"


def _codec(name: str | None) -> str | None:
    """The codec of that name, None if there is none that makes text of bytes."""
    try:
        b"".decode(name or "")  # refuses what is a codec, but not of text
        canonical = codecs.lookup(name or "").name
    except (LookupError, ValueError):
        return None
    return _SUPERSETS.get(canonical, canonical)


def _declared_in(body: bytes) -> str | None:
    found = _DECLARED.match(body[:1_000])
    return found[1].decode("ascii") if found else None


def _match(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return found[1] if found else None
