"""What makes two items the same: their ids and the canonical form of their links."""

import hashlib
import re
from typing import Final
from urllib.parse import urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url, url_query_cleaner

MAX_URL: Final = 2_000
_TRACKING: Final = re.compile(
    r"utm_\w+|mtm_\w+|pk_\w+|at_(?:medium|campaign|custom\d|link_\w+|format|ptr_\w+)|ns_(?:mchannel|source|campaign|fee)"
    r"|_hs\w+|mc_[ce]id|fbclid|gclid|dclid|yclid|msclkid|igshid|cmpid|cmp|ocid|xtor|wtrid|wt_mc|smid|spm|trk",
    re.I,
)


def entry_id(feed_url: str, *, guid: str | None, url: str | None, title: str, date: str | None) -> str:
    """The id of an item: from its guid, else its link, else its title and date. 32 hex digits.

    It is of the feed, too: guids as `1234` are unique within a feed only.
    """
    identity: tuple[str, ...]
    if guid:
        identity = ("guid", guid)
    elif url:
        identity = ("url", url)
    else:
        identity = ("title", title, date or "")
    return hashlib.sha256("\n".join((feed_url, *identity)).encode()).hexdigest()[:32]


def content_hash(*texts: str) -> str:
    """Equal for equal words: white space and case do not count. 64 hex digits."""
    words = " ".join(" ".join(texts).casefold().split())
    return hashlib.sha256(words.encode()).hexdigest()


def canonical_url(link: str, base: str) -> tuple[str | None, str | None]:
    """An http(s) link without tracking parameters, credentials and fragment; or None and why."""
    try:
        parts = urlsplit(urljoin(base, link.strip()))
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None, f"the link is no web address: {link.strip()[:100]}"
        kept = [name for name in _names(parts.query) if _TRACKING.fullmatch(name)]
        bare = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        url = canonicalize_url(url_query_cleaner(bare, kept, remove=True) if kept else bare)
    except (ValueError, UnicodeError) as error:
        return None, f"the link is no web address: {error}"
    if len(url) > MAX_URL:
        return None, f"the link is longer than {MAX_URL} characters"
    return url, None


def _names(query: str) -> list[str]:
    return [pair.partition("=")[0] for pair in query.split("&")]
