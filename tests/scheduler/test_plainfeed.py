"""The fast reading gives what feedparser gives, or nothing: oddities by hand, and documents at random."""

from html import escape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archwatch.scheduler.decoding import decode, without_xml_declaration
from archwatch.scheduler.plainfeed import read_plain
from archwatch.scheduler.syndication import NotAFeed, Unparsable, read_syndication
from feed_documents import ATOM, item, rss

NAMESPACES = {
    "a": "http://www.w3.org/2005/Atom", "r": "http://purl.org/rss/1.0/", "dc": "http://purl.org/dc/elements/1.1/",
    "t": "http://purl.org/dc/terms/", "media": "http://search.yahoo.com/mrss/", "u": "urn:unknown",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd", "c": "http://purl.org/rss/1.0/modules/content/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "h": "http://www.w3.org/1999/xhtml",
}  # fmt: skip
DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())


def text_of(body: bytes) -> str:
    return without_xml_declaration(decode(body, None)[0]).lstrip()


def channel(inside: str) -> str:
    return f"<rss version='2.0' {DECLARED}><channel><title>N</title>{inside}</channel></rss>"


def atom(inside: str) -> str:
    return f"<feed xmlns='{NAMESPACES['a']}' {DECLARED} xml:lang='de_AT'><title>N</title>{inside}</feed>"


def entry(inside: str) -> str:
    return f"<item><guid>1</guid>{inside}</item>"


@pytest.mark.parametrize("name", ["rss-2.0.xml", "rdf.xml", "nameless-items.xml", "windows-1251.xml"])
def test_a_plain_feed_is_read_as_by_feedparser(root: Path, name: str) -> None:
    text = text_of((root / "tests/fixtures/feeds" / name).read_bytes())
    found = read_plain(text, 100)
    assert found is not None
    assert found == read_syndication(text)


@pytest.mark.parametrize(
    "inside",
    [
        "<title>one</title><title>two</title>",
        "<media:title>one</media:title><title>two</title>",
        "<title>one</title><media:title>two</media:title>",
        "<media:group><media:title>deep</media:title></media:group><media:title>two</media:title>",
        "<title></title><dc:title>two</dc:title>",
        "<title>one</title><source url='http://s.example/'>S</source><title>two</title>",
        "<title>a &lt;b&gt;bold&lt;/b&gt; claim</title>",
        "<title>5 &lt; 6 &amp;amp; 7</title><title type='html'>x</title>",
        "<description>one</description><description>two</description>",
        "<description>one</description><itunes:summary>two, which is longer</itunes:summary>",
        "<c:encoded>long</c:encoded><description>one</description><itunes:summary>two</itunes:summary>",
        "<a:content type='html'>1</a:content><a:summary>2</a:summary><dc:description>3</dc:description>",
        "<description/><link/><pubDate/>",
        "<link>http://n.example/?a=1&amp;amp;b=2&amp;amp;c;</link>",
        "<link>http:////n.example/x</link><link>http://n.example/2</link>",
        "<a:link href='http://n.example/a'/><a:link rel='self' href='http://n.example/b'/>",
        "<a:link rel='ALTERNATE' type='text/HTML' href='/c'/><link>http://n.example/d</link>",
        "<a:link href='' /><guid isPermaLink='false'>2</guid>",
        "<guid>http://n.example/g</guid>",
        "<guid isPermaLink='false'>http://n.example/g</guid><guid>http://n.example/h</guid>",
        "<u:w><guid>deeper</guid></u:w><guid>2</guid><u:w><guid>deeper</guid></u:w>",
        "<pubDate>one</pubDate><dc:date>two</dc:date><t:created>three</t:created>",
        "<dc:date>two</dc:date><t:modified>three</t:modified><pubDate></pubDate>",
        "<title>Ð\x9fÐ¸Ñ\x81Ñ\x8cÐ¼Ð¾</title><description>it\x92s</description>",
        "<description xml:base='http://b.example/x/'>one</description><link>y</link><guid>z</guid>",
        "<a:link xml:base='http://b.example/x/' href='y'/><a:link xml:base='http://b.example/'/>",
        "<media:content url='http://m.example/'><media:description>m</media:description></media:content>",
        "<author><name>N</name><email>e@n.example</email></author><category domain='d'>c</category>",
        "<u:title>not it</u:title><u:x a='b'>c</u:x><z>1</z>",
        "  loose text <title> \u00a0 spaced\u2003</title> more",
    ],
)
def test_the_oddities_of_feedparser_are_kept(inside: str) -> None:
    for text in (
        channel(entry(inside) + entry("<title>next</title>")),
        atom(entry(inside).replace("item>", "entry>")),
    ):
        found = read_plain(text, 100)
        assert found is not None
        assert found == read_syndication(text)


@pytest.mark.parametrize(
    "inside",
    [
        "<language>fr</language><dc:language>it</dc:language>",
        "<language>fr</language><u:w><language>it</language></u:w>",
        "<title>second</title><image><title>I</title><url>u</url><link>l</link></image><title>third</title>",
        "<itunes:summary>s</itunes:summary><description>d</description>"
        + entry("<description>x</description>"),
        "<textInput><title>T</title><name>q</name></textInput><u:item/><items/>",
        entry("<title>t</title>") + "<title>after the items</title>",
    ],
)
def test_a_feed_is_read_as_by_feedparser_around_its_items(inside: str) -> None:
    found = read_plain(channel(inside), 100)
    assert found is not None
    assert found == read_syndication(channel(inside))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no feed",
        "<html><body/></html>",
        channel("")[:-3],
        "<!DOCTYPE rss>" + channel(""),
        "<!--\n<!DOCTYPE x -->" + channel(""),
        "<?xml-stylesheet href='>'?>" + channel(""),
        channel(entry("<title>a <b>bold</b> claim</title>")),
        channel(entry("<title>&nbsp;</title>")),
        channel(entry("<description mode='base64'>eA==</description>")),
        channel(entry("<description type='application/xml'>eA==</description>")),
        channel(entry("<a:content type='xhtml'><h:div>x</h:div></a:content>")),
        channel(entry("<title u:type='html'>x</title>")),
        channel(entry("<date>2026</date>")),
        channel(entry("<source><title>x</title></source>")),
        channel(entry("<item/>")),
        channel(entry("") * 101),
        channel("<u:w>" * 200 + "</u:w>" * 200),
        f"<u:x xmlns:u='urn:1'>{channel('')}</u:x>",
    ],
)
def test_what_is_not_plain_is_left_to_feedparser(text: str) -> None:
    assert read_plain(text, 100) is None


def test_a_plain_stylesheet_and_comments_do_no_harm() -> None:
    text = "<?xml-stylesheet href='a'?><!-- <x> -->" + text_of(rss(item(1), item(2)))
    assert read_plain(text, 2) == read_syndication(text)
    assert read_plain(text_of(ATOM), 9) is None, "its content is XHTML"


NAMES = (
    "title", "description", "summary", "content", "c:encoded", "link", "guid", "id", "pubDate", "updated",
    "a:updated", "dc:date", "issued", "t:created", "language", "dc:language", "image", "source", "author",
    "name", "url", "media:group", "media:title", "media:description", "media:content", "itunes:summary",
    "a:link", "a:summary", "a:content", "a:title", "r:title", "dc:title", "category", "u:foo", "u:title",
    "foo", "item", "entry", "channel", "date", "items", "copyright", "textInput", "h:div", "rdf:li", "body",
)  # fmt: skip
TEXTS = (
    "", " ", "x", "a < b", "<p>Hi</p>", "<b>b</b> &amp; c", "&eacute;", "http:////n.example/?a=1&b;=2",
    "/rel", "http://n.example/1", "urn:1", "Wed, 04 Mar 2026 12:00:00 GMT", "Ð\x9f", "\x85x", "café",
    "\u00a0 t\u2003",
)  # fmt: skip
ATTRIBUTES = (
    "", "", "", "type='html'", "type='TEXT'", "isPermaLink='false'", "rel='self'", "href='http://n.example/2'",
    "href=''", "url='http://u.example/'", "xml:base='http://b.example/a/'", "xml:lang='fr'", "u:type='html'",
    "mode='escaped'", "rdf:about='urn:9'", "base='//c.example'",
)  # fmt: skip


def elements(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    inside = st.lists(children, max_size=4).map("".join)
    return st.builds(
        lambda name, attribute, inside: f"<{name} {attribute}>{inside}</{name}>",
        st.sampled_from(NAMES),
        st.sampled_from(ATTRIBUTES),
        inside,
    )


leaves = st.sampled_from(TEXTS).map(lambda text: escape(text, quote=False))
trees = st.recursive(leaves, elements, max_leaves=20)
items = st.lists(trees, max_size=5).map(lambda parts: entry("".join(parts)))
documents = st.builds(
    lambda shape, parts: shape("".join(parts)),
    st.sampled_from((channel, atom, lambda inside: f"<rdf:RDF {DECLARED}><r:channel/>{inside}</rdf:RDF>")),
    st.lists(items | trees, max_size=4),
)


@given(documents)
def test_no_document_is_read_otherwise_than_by_feedparser(text: str) -> None:
    found = read_plain(text, 100)
    if found is None:
        return
    try:
        assert found == read_syndication(text)
    except (NotAFeed, Unparsable) as error:
        pytest.fail(f"feedparser reads nothing here: {error!r}")
