"""What makes two items the same: their ids and the canonical form of their links."""

import hashlib
import re
from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url, url_query_cleaner

MAX_URL: Final = 2_000
_TELLING_WORDS: Final = 4
# a number of three digits, or three words joined
_PERMALINK: Final = re.compile(r"\d{3}|[^\W_]+[-_][^\W_]+[-_][^\W_]")
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


def aliases(
    feed_url: str, *, guid: str | None, url: str | None, title: str, published: str | None
) -> list[bytes]:
    """Other names under which a feed may send the same item again: 20 bytes each, those of a feed together.

    Its link without scheme and `www.`, where that names one article; its guid read as a link; its title
    at its instant of publication. A short title or a link to a section says nothing.
    """
    names = [("link", _loose(link)) for link in (url, guid) if link and names_an_article(link)]
    if published and len(title.split()) >= _TELLING_WORDS:
        names.append(("title", f"{' '.join(title.casefold().split())}\n{published}"))
    place = hashlib.sha256(feed_url.encode()).digest()[:6]
    return [place + hashlib.sha256("\n".join(name).encode()).digest()[:14] for name in dict.fromkeys(names)]


def names_an_article(link: str) -> bool:
    """Whether a link has what permalinks have, a number or a slug: `/news` and `/live` are used again."""
    parts = _split(link)
    return parts is not None and bool(_PERMALINK.search(f"{parts.path}?{parts.query}"))


def _loose(link: str) -> str:
    parts = _split(canonical_url(link, "")[0] or link)
    if parts is None:
        return link
    host = (parts.hostname or "").removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}?{parts.query}"


def _split(link: str) -> SplitResult | None:
    """The parts of a web address; None for anything else."""
    try:
        parts = urlsplit(link)
        return parts if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


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
