"""A feed's body to entries: pure, bounded, and every outcome has a name."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from archwatch.contracts.entry import Entry
from archwatch.errors import BadInput
from archwatch.scheduler import plaintext
from archwatch.scheduler.bounds import Refused, bounded, refuse_entities
from archwatch.scheduler.dates import read_date
from archwatch.scheduler.decoding import decode, with_xml_characters, without_xml_declaration
from archwatch.scheduler.feeds import Feed
from archwatch.scheduler.identity import canonical_url, entry_id
from archwatch.scheduler.jsonfeed import looks_like_json, read_jsonfeed
from archwatch.scheduler.plainfeed import read_plain
from archwatch.scheduler.rawitem import RawFeed, RawItem
from archwatch.scheduler.states import PollState
from archwatch.scheduler.syndication import NotAFeed, Unparsable, read_syndication

_MAX_PROBLEMS: Final = 20
_MAX_GUID: Final = 1_000
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*")


@dataclass(frozen=True)
class ParsedFeed:
    """What a body holds. `state` is ok, empty, not_a_feed or parse_error; `detail` says why.

    `bad` items could not be made entries and `skipped` were beyond the limit; the first of them are
    named in `problems`.
    """

    state: PollState
    detail: str | None = None
    entries: tuple[Entry, ...] = ()
    problems: tuple[BadInput, ...] = ()
    bad: int = 0
    skipped: int = 0
    title: str = ""


def parse_feed(
    body: bytes,
    *,
    feed: Feed,
    content_type: str | None,
    fetched_at: datetime,
    max_entries: int,
    base_url: str | None = None,
) -> ParsedFeed:
    """The entries of a feed document (RSS, RDF, Atom, JSON Feed). Relative links count from `base_url`."""
    if not body.strip():
        return ParsedFeed(PollState.EMPTY, "the body is empty")
    text, fault = decode(body, content_type)
    base_url = base_url or feed.url
    try:
        raw, skipped = _raw_feed(text, max_entries)
    except NotAFeed:
        return ParsedFeed(PollState.NOT_A_FEED, _what_it_is(text))
    except (Unparsable, Refused) as error:
        return ParsedFeed(PollState.PARSE_ERROR, str(error))
    made = _entries(raw, feed, fetched_at, base_url)
    entries = tuple(one for one in made if isinstance(one, Entry))
    bad = [one for one in made if isinstance(one, BadInput)]
    problems = bad[:_MAX_PROBLEMS]
    if fault:
        problems.insert(0, BadInput(feed.url, fault, mend="tell the publisher"))
    if skipped:
        problems.append(BadInput(feed.url, f"holds more than {max_entries} items: {skipped} left out"))
    title = plaintext.one_line(raw.title, plaintext.TITLE_CHARS)
    return ParsedFeed(PollState.OK, None, entries, tuple(problems), len(bad), skipped, title)


def _raw_feed(text: str, max_entries: int) -> tuple[RawFeed, int]:
    if looks_like_json(text):
        return read_jsonfeed(text, max_entries)
    text = without_xml_declaration(text).lstrip()
    refuse_entities(text)
    plain = read_plain(text, max_entries)
    if plain is None and (mended := with_xml_characters(text)) != text:
        text, plain = mended, read_plain(mended, max_entries)
    if plain is not None:
        return plain, 0
    document = bounded(text, max_entries)
    return read_syndication(document.text), document.skipped


def _entries(raw: RawFeed, feed: Feed, fetched_at: datetime, base_url: str) -> list[Entry | BadInput]:
    shared = _shared_guids(raw.items)
    language = _language(feed.language) or _language(raw.language)
    made: list[Entry | BadInput] = []
    for number, item in enumerate(raw.items, start=1):
        try:
            made.append(_entry(item, number, feed, language, fetched_at, base_url, shared))
        except BadInput as bad:
            made.append(bad)
    return made


def _entry(
    item: RawItem,
    number: int,
    feed: Feed,
    language: str | None,
    fetched_at: datetime,
    base_url: str,
    shared: frozenset[str],
) -> Entry:
    title = plaintext.one_line(item.title.value, plaintext.TITLE_CHARS, html=item.title.html)
    summary = plaintext.plain(item.summary.value, plaintext.SUMMARY_CHARS, html=item.summary.html)
    text = plaintext.plain(item.text.value, plaintext.TEXT_CHARS, html=item.text.html)
    guid = plaintext.storable(" ".join((item.guid or "").split()))[:_MAX_GUID] or None
    url, no_url = canonical_url(item.link, base_url) if item.link else (None, "the item gives no link")
    if not (guid or url or title):
        raise BadInput(feed.url, "has neither id nor link nor title", place=f"item {number}")
    if not (title or summary or text):
        raise BadInput(feed.url, "has neither title nor text", place=f"item {number}")
    raw_date = plaintext.one_line(item.published or "", plaintext.TITLE_CHARS) or None
    published_at, no_date = read_date(raw_date, fetched_at) if raw_date else (None, "the item gives no date")
    missing = {
        "group": None if feed.group else "the feed list names none",
        "owner": None if feed.owner else "the feed list names none",
        "guid": None if guid else "the item gives no id",
        "url": no_url,
        "language": None if language else "neither the feed nor the feed list declares one",
        "published_at": no_date,
        "published_raw": None if raw_date else "the item gives no date",
    }
    own_guid = guid if guid not in shared else None
    return Entry(
        id=entry_id(feed.url, guid=own_guid, url=url, title=title or text or summary, date=raw_date),
        feed=feed.url,
        source=feed.title,
        group=feed.group,
        owner=feed.owner,
        guid=guid,
        url=url,
        title=title,
        summary=summary,
        text=text,
        language=language,
        published_at=published_at,
        published_raw=raw_date,
        fetched_at=fetched_at,
        missing={name: why for name, why in missing.items() if why},
    )


def _shared_guids(items: Sequence[RawItem]) -> frozenset[str]:
    """Guids that stand on items with different links: they identify nothing."""
    pairs = {(" ".join(item.guid.split())[:_MAX_GUID], item.link) for item in items if item.guid}
    return frozenset(guid for guid, links in Counter(guid for guid, _ in pairs).items() if links > 1)


def _language(declared: str | None) -> str | None:
    text = (declared or "").strip()
    return text.replace("_", "-") if len(text) <= 35 and _LANGUAGE.fullmatch(text) else None


def _what_it_is(text: str) -> str:
    start = text[:2_000].lstrip().lower()
    if "<!doctype html" in start or "<html" in start:
        return "an HTML page, not a feed"
    if looks_like_json(text):
        return "JSON, but no JSON Feed"
    start = " ".join(without_xml_declaration(text[:500]).split())[:40]
    return f"no feed: it begins with {start!r}"
