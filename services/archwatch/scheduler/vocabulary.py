"""The names of elements and attributes as feedparser 6.0 understands them, for `plainfeed`."""

from typing import Final

from feedparser.api import StrictFeedParser
from feedparser.util import FeedParserDict

TITLES: Final = ("title", "media_title", "dc_title")
DESCRIPTIONS: Final = ("description", "dc_description", "media_description")
CONTENTS: Final = ("content", "content_encoded", "fullitem")
PLAIN_FIELDS: Final = {
    "link": "link", "guid": "id", "id": "id", "language": "language", "dc_language": "language",
    "published": "published", "issued": "published", "pubdate": "published", "dcterms_issued": "published",
    "updated": "updated", "modified": "updated", "lastbuilddate": "updated", "dc_date": "updated",
    "dcterms_modified": "updated", "created": "created", "dcterms_created": "created",
}  # fmt: skip
# handled by feedparser without effect on a field; none may hold an element
PASSIVE_TEXTS: Final = (
    "subtitle", "tagline", "itunes_subtitle", "rights", "copyright", "dc_rights", "info",
    "feedburner_browserfriendly",
)  # fmt: skip
# the same, and what is in them is read as if it stood beside them
PASSIVE: Final = frozenset(
    (
        "admin_errorreportsto", "admin_generatoragent", "author", "category", "cloud", "contributor",
        "dc_author", "dc_contributor", "dc_creator", "dc_publisher", "dc_subject", "email", "enclosure",
        "expirationdate", "generator", "georss_point", "homepage", "itunes_author", "itunes_block",
        "itunes_category", "itunes_email", "itunes_explicit", "itunes_image", "itunes_keywords",
        "itunes_name", "itunes_owner", "keywords", "managingeditor", "media_category", "media_content",
        "media_credit", "media_group", "media_keywords", "media_license", "media_player", "media_rating",
        "media_restriction", "media_thumbnail", "name", "uri", "url", "webmaster",
    )
)  # fmt: skip
FIELDS: Final = frozenset((*TITLES, *DESCRIPTIONS, "summary", "itunes_summary", *CONTENTS, *PLAIN_FIELDS))
ROOTS: Final = ("rss", "feed", "rdf_rdf")
ITEMS: Final = ("item", "entry")
BESIDE: Final = ("image", "textinput", "source")  # with a title and a link that are not those of the feed
IN_BESIDE: Final = ("title", "link", "description", "url", "width", "height", "name")
_HANDLED: Final = frozenset(
    name.partition("_")[2].partition("_")[2]
    for name in dir(StrictFeedParser)
    if name.startswith(("_start_", "_end_"))
)
# under these an element that feedparser does not know would write over a field
_RESERVED: Final = FeedParserDict.keymap.keys() | {
    "channel", "content", "created", "guidislink", "id", "language", "link", "links", "published", "summary",
    "title", "updated",
}  # fmt: skip
_NAMESPACES: Final[dict[str, str]] = {uri.lower(): std for uri, std in StrictFeedParser.namespaces.items()}
_USERLAND: Final = "backend.userland.com/rss"
# attributes with a part in what is read
_TELLING: Final = frozenset(
    ("base", "href", "ispermalink", "lang", "lastmod", "mode", "rel", "type", "uri", "url")
)
_VERSIONS: Final = {"http://purl.org/rss/1.0/": "rss10", "http://www.w3.org/2005/atom": "atom10"}


class NotPlain(Exception):
    """The document is not of the shape whose reading is known to be feedparser's."""


def without_effect(name: str) -> bool:
    """Whether an element outside this vocabulary is known to change nothing."""
    return not (name in _HANDLED or name in _RESERVED or name.endswith(("_detail", "_parsed")))


class Namespaces:
    """Those a document has declared so far, and what its elements are called by feedparser's handlers.

    Names are those of expat: "local", "URI local" or "URI local prefix".
    """

    def __init__(self) -> None:
        self.version = ""  # of the feed, as far as its namespaces tell
        self._std_prefix: dict[str | None, str] = {}
        self._in_use: dict[str, str] = {}
        self._known: dict[str, str] = {}

    def declare(self, prefix: str | None, uri: str) -> None:
        """Raises NotPlain where a prefix changes its meaning."""
        if not uri:
            return
        if any(mark.isspace() for mark in uri) or uri == "http://www.w3.org/1999/xlink":
            raise NotPlain
        lower = uri.lower()
        if not self.version:
            rss090 = prefix is None and lower == "http://my.netscape.com/rdf/simple/0.9/"
            self.version = "rss090" if rss090 else _VERSIONS.get(lower, "")
        if _USERLAND in lower:
            uri = lower = f"http://{_USERLAND}"
        name = prefix or ""
        if lower in _NAMESPACES:
            self._std_prefix[prefix] = name = _NAMESPACES[lower]
        elif name and self._in_use.get(name, uri) != uri:
            raise NotPlain  # the elements that are open would change their names
        self._in_use[name] = uri
        self._known.clear()

    def name(self, expat_name: str) -> str:
        """As in `content_encoded`: the standard prefix, whatever the document's, and all in lower case."""
        name = self._known.get(expat_name)
        if name is None:
            name = self._known[expat_name] = self._name(expat_name)
        return name

    def _name(self, expat_name: str) -> str:
        uri, local = expat_name.split(" ")[:2] if " " in expat_name else ("", expat_name)
        lower = uri.lower()
        if _USERLAND in lower:
            lower = uri = f"http://{_USERLAND}"
        prefix = _NAMESPACES.get(lower, "")
        if uri and not prefix:
            prefix = next((name for name, used in self._in_use.items() if name and used == uri), "")
        tag = (f"{prefix}:{local}" if prefix else local).lower()
        given, suffix = tag.split(":", 1) if ":" in tag else ("", tag)
        prefix = self._std_prefix.get(given, given)
        return f"{prefix}_{suffix}" if prefix else suffix


def attributes(given: dict[str, str]) -> dict[str, str]:
    """Names in lower case, those of a namespace with a prefix. Raises NotPlain for one of two meanings."""
    read: dict[str, str] = {}
    for expat_name, value in given.items():
        name = expat_name.lower()
        if " " in expat_name:
            uri, local, prefix = expat_name.split(" ")
            std = _NAMESPACES.get(uri.lower(), "")
            if not std and local.lower() in _TELLING:
                raise NotPlain  # feedparser takes it for the attribute without namespace
            name = f"{std or prefix}:{local}".lower()
        if name in read:
            raise NotPlain
        read[name] = value.lower() if name in ("rel", "type") else value
    return read
