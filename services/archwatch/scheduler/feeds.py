"""The feed list: OPML in, leniently. `opml_writing` is the way out.

A `file:` URL is allowed here and nowhere else: the operator lists it. A relative one, as in
`file:../seeds/feed.xml`, counts from the folder of the OPML file.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from lxml import etree

from archwatch.errors import BadInput
from archwatch.scheduler.decoding import decode, without_xml_declaration
from archwatch.scheduler.opml_repair import repaired

NAMESPACE: Final = "urn:archwatch:opml"
PAUSED: Final = f"{{{NAMESPACE}}}paused"
OWNER: Final = f"{{{NAMESPACE}}}owner"
BETWEEN_GROUPS: Final = " / "
_MAX_BYTES: Final = 50_000_000
_OURS: Final = (
    "xmlurl",
    "title",
    "language",
    PAUSED,
    OWNER,
)  # in lower case: read, and written from what was read
# what XML 1.0 cannot hold, and libxml2 lets through when it recovers
_NO_XML: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Feed:
    """A feed as listed. `url` carries no credentials; those of the list are in `login`.

    `also` names the groups it is in beside `group`. `others` are attributes that mean nothing here and are
    kept for the reader they came from (htmlUrl, description, FreshRSS's frss:...): (name, value) pairs.
    """

    url: str
    title: str
    language: str | None = None
    group: str | None = None
    paused: bool = False
    path: Path | None = None
    login: tuple[str, str] | None = field(default=None, repr=False)
    owner: str | None = None
    also: tuple[str, ...] = ()
    others: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # cookies may be among them


def feed_at(source: str, folder: Path = Path()) -> Feed:
    """A feed known by its URL or file path alone; its title is the host or file name.

    Raises BadInput for a URL that is neither http, https nor file.
    """
    parts = _split(source)
    if len(parts.scheme) <= 1:  # no scheme, or the drive letter of a Windows path
        return Feed(f"file:{source}", Path(source).name, path=folder / source)
    if parts.scheme == "file":
        return Feed(source, Path(parts.path).name, path=folder / unquote(parts.path))
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadInput(_redacted(source), "is no URL that can be polled", mend="use http:, https: or file:")
    login = (unquote(parts.username or ""), unquote(parts.password or "")) if "@" in parts.netloc else None
    return Feed(_redacted(source), parts.hostname, login=login)


def read_opml(path: Path) -> tuple[list[Feed], list[BadInput]]:
    """The feeds of an OPML file, and each line that is wrong: left out, or repaired as it says.

    Raises BadInput when the file cannot be read or holds no outline at all.
    """
    try:
        with path.open("rb") as stream:
            body = stream.read(_MAX_BYTES + 1)
    except OSError as error:
        raise BadInput(str(path), f"cannot be read: {error.strerror}") from error
    if len(body) > _MAX_BYTES:
        raise BadInput(str(path), f"is larger than {_MAX_BYTES:,} bytes", mend="split it")
    root, problems = _parsed(path, body)
    feeds: dict[str, Feed] = {}
    for outline, group in _leaves(root):
        try:
            feed = _feed(path, outline, group)
            feeds[feed.url] = _joined(path, outline, feeds[feed.url], feed) if feed.url in feeds else feed
        except BadInput as bad:
            problems.append(bad)
    return list(feeds.values()), sorted(problems, key=lambda bad: int(bad.place or 0))


def _parsed(path: Path, body: bytes) -> tuple[Any, list[BadInput]]:
    text, fault = decode(body, None)
    problems = [BadInput(str(path), fault, place="1", mend="save it as UTF-8")] if fault else []
    text, mends = repaired(without_xml_declaration(text))
    problems += [BadInput(str(path), what, place=str(line), mend=mend) for line, what, mend in mends]
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, encoding="utf-8"
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        root = None  # nothing at all could be made of it
    left = {error.line: error.message.strip() for error in reversed(parser.error_log)}
    problems += [
        BadInput(str(path), f"not well-formed: {what}", place=str(line), mend="read as well as could be")
        for line, what in left.items()
    ]
    if root is None or next(root.iter("{*}outline"), None) is None:
        raise BadInput(str(path), "is no OPML: it holds no outline", mend="export it anew, as OPML")
    return root, problems


def _leaves(root: Any) -> Iterator[tuple[Any, str | None]]:
    """Outlines that stand for a feed (or should), each with the titles of the outlines around it."""
    for outline in root.iter("{*}outline"):
        around = [_title(parent) for parent in outline.iterancestors("{*}outline")]
        if _attribute(outline, "xmlUrl") is not None or not len(outline):
            yield outline, BETWEEN_GROUPS.join(filter(None, reversed(around))) or None


def _joined(path: Path, outline: Any, first: Feed, again: Feed) -> Feed:
    """A feed that stands in one more group, as Feedly lists it."""
    if again.group is None or again.group in (first.group, *first.also):
        raise _bad(path, outline, f"duplicate of {first.url}", "remove one of the two")
    if first.group is None:
        return replace(first, group=again.group)
    return replace(first, also=(*first.also, again.group))


def _feed(path: Path, outline: Any, group: str | None) -> Feed:
    url = (_attribute(outline, "xmlUrl") or "").strip()
    if not url:
        raise _bad(
            path, outline, f"outline {_title(outline)!r} has no xmlUrl", "add it, or remove the outline"
        )
    kind = _attribute(outline, "type") or "rss"
    if "+" in kind:
        raise _bad(
            path, outline, f"type {kind!r} is a page that FreshRSS scrapes, no feed", "remove the outline"
        )
    try:
        found = feed_at(re.sub(r"^feed:(?://)?(?=https?:)", "", url), path.parent)
    except BadInput as bad:
        raise _bad(path, outline, f"{bad.source} {bad.problem}", "mend or remove the outline") from None
    if found.path and not url.startswith("file:"):
        raise _bad(path, outline, f"xmlUrl {url!r} is no URL", "begin it with https: or file:")
    category = (_attribute(outline, "category") or "").strip("/ ").split(",")[0]
    return Feed(
        found.url,
        _title(outline) or found.title,
        _attribute(outline, "language") or None,
        group or category or None,
        paused=(outline.get(PAUSED) or "").lower() in ("true", "1", "yes"),
        path=found.path,
        login=found.login,
        owner=outline.get(OWNER) or None,
        others=_others(outline),
    )


def _others(outline: Any) -> tuple[tuple[str, str], ...]:
    """The attributes that are not ours; `text` and `type` where they say something of their own.

    One whose prefix is not declared has no name that could be written: the parser's complaint names it.
    """
    known = {"text": _title(outline), "type": "rss"}
    return tuple(
        (key, _NO_XML.sub("\ufffd", value))
        for key, value in outline.attrib.items()
        if key.lower() not in _OURS
        and " ".join(value.split()) not in ("", known.get(key.lower()))
        and ":" not in key.rpartition("}")[2]
    )


def _attribute(outline: Any, name: str) -> str | None:
    """An attribute whatever its case: lists in the wild have xmlurl and XMLURL."""
    return next(
        (
            _NO_XML.sub("\ufffd", value)
            for key, value in outline.attrib.items()
            if key.lower() == name.lower()
        ),
        None,
    )


def _title(outline: Any) -> str:
    return " ".join((_attribute(outline, "title") or _attribute(outline, "text") or "").split())


def _bad(path: Path, outline: Any, problem: str, mend: str) -> BadInput:
    return BadInput(str(path), problem, place=str(outline.sourceline), mend=mend)


def _split(url: str) -> Any:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        # where its parts cannot be told, neither can the password: all before the last @ may be of it
        why = "" if "@" in url else f": {error}"
        raise BadInput(re.sub(r"(?<=//).*@", "", url), f"is no URL{why}") from None
    return parts


def _redacted(url: str) -> str:
    """Without credentials."""
    return re.sub(r"(?<=//)[^/?#]*@", "", url)
