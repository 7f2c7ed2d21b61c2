"""The feed list as OPML 2.0: Miniflux, FreshRSS and Feedly read it, and we read back the same feeds."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote, urlsplit, urlunsplit

from lxml import etree

from archwatch.scheduler.feeds import BETWEEN_GROUPS, NAMESPACE, OWNER, PAUSED, Feed

_PREFIXES: Final = {"archwatch": NAMESPACE, "frss": "https://freshrss.org/opml"}


def write_opml(feeds: Sequence[Feed]) -> bytes:
    """An outline for each group, one in another as `Wires / North` says; feeds without a group stand first.

    A feed that is in several groups is written in each, as Feedly does.
    """
    opml = etree.Element("opml", {"version": "2.0"}, nsmap=_PREFIXES)
    etree.SubElement(etree.SubElement(opml, "head"), "title").text = "archwatch feeds"
    groups: dict[str | None, Any] = {None: etree.SubElement(opml, "body")}
    for feed in sorted(feeds, key=lambda feed: feed.group is not None):
        for group in (feed.group, *feed.also):
            etree.SubElement(_outline(groups, group), "outline", _attributes(feed))
    etree.cleanup_namespaces(opml, keep_ns_prefixes=["archwatch"])
    document: bytes = etree.tostring(opml, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return document


def _outline(groups: dict[str | None, Any], group: str | None) -> Any:
    """The outline of a group, made with those around it where it is not there yet."""
    if group not in groups:
        around, _, name = (group or "").rpartition(BETWEEN_GROUPS)
        parent = _outline(groups, around or None)
        groups[group] = etree.SubElement(parent, "outline", {"text": name, "title": name})
    return groups[group]


def _attributes(feed: Feed) -> dict[str, str]:
    ours = {"type": "rss", "text": feed.title, "title": feed.title, "xmlUrl": _listed_url(feed)}
    if feed.language:
        ours["language"] = feed.language
    if feed.paused:
        ours[PAUSED] = "true"
    if feed.owner:
        ours[OWNER] = feed.owner
    return ours | dict(feed.others)


def _listed_url(feed: Feed) -> str:
    if feed.login is None:
        return feed.url
    parts = urlsplit(feed.url)
    user, password = (quote(part, safe="") for part in feed.login)
    return urlunsplit(parts._replace(netloc=f"{user}:{password}@{parts.netloc}"))
