"""When a story's article is wanted, and whether what was found at its link is that article. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal
from urllib.parse import urlsplit

from archwatch.contracts.entry import Entry

Mode = Literal["never", "flagged", "always"]

LEAD_CHARS: Final = 800  # a feed that gives less gives a lead, not the story
_MIN_CHARS: Final = 300
_LONGER: Final = 1.2  # times what the feed gave already
# of the longer words of headline and lead, in the beginning of the text: of 3,161 articles 0.96 share so many
# with their own headline alone, 0.13 with another's of their language, 0.002 with one in another language
_SHARED: Final = 0.4
_BEGINNING: Final = 4_000
_PROSE: Final = 0.5  # of the text stands in lines that end as sentences do
_STEM: Final = 5
_WORD: Final = re.compile(r"[^\W\d_]{4,}")
_SENTENCE_END: Final = re.compile(r"[.!?…]\W{0,4}$")
# RFC 2606 and 6761: names for examples and tests, where no publisher is
_RESERVED: Final = re.compile(r"(?:^|\.)(?:example(?:\.(?:com|net|org))?|test|invalid|localhost)\.?$", re.I)


class Outcome(StrEnum):
    """What became of a wanted article; each but `read` means that the feed's own words are coded."""

    READ = "read"
    NO_LINK = "no_link"
    ROBOTS_DISALLOWED = "robots_disallowed"
    ROBOTS_UNREACHABLE = "robots_unreachable"
    BLOCKED_ADDRESS = "blocked_address"
    DNS_ERROR = "dns_error"
    TLS_ERROR = "tls_error"
    CONNECT_TIMEOUT = "connect_timeout"
    READ_TIMEOUT = "read_timeout"
    CONNECTION_ERROR = "connection_error"
    HTTP_ERROR = "http_error"
    TOO_LARGE = "too_large"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    BROKEN_CODING = "broken_coding"
    UNWANTED_TYPE = "unwanted_type"
    UNREADABLE = "unreadable"
    NO_TEXT = "no_text"
    UNUSABLE = "unusable"
    LATE = "late"


@dataclass(frozen=True)
class Article:
    """What became of the article of one story. `text` is filled when it was read; else `why` says why not."""

    outcome: Outcome
    why: str | None = None
    text: str = ""
    seconds: float = 0.0


def wanted(entry: Entry, mode: Mode) -> bool:
    """`flagged`: where the feed gives no more than a headline and a lead; `always`: also where it gives more,
    for many a feed cuts its text. Never at a name that stands for examples: no publisher is there."""
    if mode == "never" or _RESERVED.search(web_host(entry.url or "") or ""):
        return False
    return mode == "always" or max(len(entry.summary), len(entry.text)) < LEAD_CHARS


def no_link(entry: Entry) -> str | None:
    """Why an entry has no link to follow; None when it has one."""
    if not entry.url:
        return "the feed gives no link"
    return None if web_host(entry.url) else "the link is no http or https address"


def web_host(url: str) -> str | None:
    """The host of an http or https URL, lower case; None for anything else."""
    try:
        parts = urlsplit(url)
        return parts.hostname if parts.scheme in ("http", "https") else None
    except ValueError:
        return None


def doubt(text: str, entry: Entry) -> str | None:
    """Why `text` is not taken for the article of `entry`; None when it is.

    A consent wall, a paywall's stub, a front page and another story all come with status 200.
    """
    given = max(len(entry.summary), len(entry.text))
    if len(text) < max(_MIN_CHARS, _LONGER * given):
        return f"no longer than what the feed gave: {len(text)} characters"
    if (shared := shared_words(text, entry)) < _SHARED:
        return f"about something else: shares {shared:.0%} of the words of headline and lead"
    if (prose := share_of_prose(text)) < _PROSE:
        return f"a list, not a story: {prose:.0%} stand in sentences"
    return None


def shared_words(text: str, entry: Entry) -> float:
    """How many of the longer words of headline and lead the text has, 0..1, by how they begin."""
    known = _stems(f"{entry.title} {entry.summary}")
    return len(known & _stems(text[:_BEGINNING])) / len(known) if known else 0.0


def share_of_prose(text: str) -> float:
    """How much of the text stands in lines that end as a sentence does, 0..1."""
    lines = text.splitlines()
    prose = sum(len(line) for line in lines if _SENTENCE_END.search(line[-6:]))
    return prose / max(1, sum(map(len, lines)))


def _stems(text: str) -> set[str]:
    return {word[: min(_STEM, len(word) - 1)] for word in _WORD.findall(text.casefold())}
