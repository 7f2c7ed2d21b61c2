"""Feed documents to entries: every body ends in entries or in a state with its reason."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archwatch.contracts import Entry
from archwatch.scheduler.feeds import Feed
from archwatch.scheduler.parse import ParsedFeed, parse_feed
from archwatch.scheduler.states import PollState
from feed_documents import ATOM, item, rss

NOW = datetime(2026, 3, 5, tzinfo=UTC)
FEED = Feed("https://n.example/feed", "Norland Wire", group="Wires", owner="The wire")


def parse(
    body: bytes, *, feed: Feed = FEED, content_type: str | None = None, max_entries: int = 100
) -> ParsedFeed:
    return parse_feed(body, feed=feed, content_type=content_type, fetched_at=NOW, max_entries=max_entries)


def only(body: bytes, content_type: str | None = None) -> Entry:
    (entry,) = parse(body, content_type=content_type).entries
    return entry


def test_an_rss_item_becomes_an_entry() -> None:
    entry = only(rss(item(description="<p>Lead &amp; more</p>", link="https://n.example/1?utm_source=rss")))
    assert entry.title == "Norland and its neighbours talk, round 1"
    assert (entry.summary, entry.text, entry.guid) == ("Lead & more", "", "item-1")
    assert (entry.url, entry.feed, entry.source) == ("https://n.example/1", FEED.url, "Norland Wire")
    assert (entry.group, entry.language) == ("Wires", "en")
    assert entry.published_at == datetime(2026, 3, 4, 12, tzinfo=UTC)
    assert entry.published_raw == "Wed, 04 Mar 2026 12:00:00 GMT"
    assert entry.missing == {}


def test_an_atom_entry_becomes_an_entry() -> None:
    entry = only(ATOM)
    assert (entry.title, entry.summary, entry.text) == ("1 < 2, sagt der Minister", "Kurz", "Lang\nund breit")
    assert (entry.url, entry.guid, entry.language) == ("https://n.example/a?x=1", "urn:1", "de")
    assert entry.published_at == datetime(2026, 3, 4, 12, tzinfo=UTC)


def test_a_json_feed_item_becomes_an_entry() -> None:
    document = {
        "version": "https://jsonfeed.org/version/1.1", "title": "N", "language": "uk_UA",
        "items": [{"id": 7, "url": "/7", "title": "T", "content_html": "<p>a</p><p>b</p>",
                   "date_published": "2026-03-04T12:00:00Z"}, "nonsense"],
    }  # fmt: skip
    parsed = parse(json.dumps(document).encode())
    assert (parsed.title, parsed.bad) == ("N", 1)
    (entry,) = parsed.entries
    assert (entry.guid, entry.url, entry.text) == ("7", "https://n.example/7", "a\nb")
    assert (entry.language, entry.published_at) == ("uk-UA", datetime(2026, 3, 4, 12, tzinfo=UTC))


def test_what_the_list_says_of_the_language_wins() -> None:
    feed = Feed(FEED.url, "x", language="ru")
    assert parse(rss(item()), feed=feed).entries[0].language == "ru"


def test_each_null_has_its_reason() -> None:
    parsed = parse(rss(item(guid="", link="", pubDate=""), language=""), feed=Feed(FEED.url, "x"))
    (entry,) = parsed.entries
    nulls = {name for name, value in entry if value is None}
    assert (
        nulls
        == entry.missing.keys()
        == {"guid", "url", "group", "owner", "language", "published_at", "published_raw"}
    )


@pytest.mark.parametrize(
    ("body", "state", "detail"),
    [
        (b"", "empty", "the body is empty"),
        (b" \r\n ", "empty", "the body is empty"),
        (b"<!DOCTYPE html><html><body><p>Sign in</p></body></html>", "not_a_feed", "an HTML page"),
        (b"<?xml version='1.0'?><report><line/></report>", "not_a_feed", "it begins with '<report>"),
        (b"plain words", "not_a_feed", "it begins with 'plain words'"),
        (b"/etc/passwd", "not_a_feed", "it begins with '/etc/passwd'"),
        (b"http://127.0.0.1:9/feed", "not_a_feed", "it begins with"),
        (b'{"items": []}', "not_a_feed", "no JSON Feed"),
        (b'{"items": [', "parse_error", "no JSON"),
        (b"[" * 100_000, "parse_error", "no JSON"),
        (b"\x00\x01\x02\xff", "not_a_feed", "it begins with"),
    ],
)
def test_what_is_no_feed_has_its_state(body: bytes, state: str, detail: str) -> None:
    parsed = parse(body)
    assert (parsed.state, parsed.entries) == (state, ())
    assert detail in (parsed.detail or "")


def test_a_feed_without_items_is_well() -> None:
    assert parse(rss()) == ParsedFeed(PollState.OK, title="Example Wire")


def test_entries_before_a_broken_tail_are_kept() -> None:
    whole = rss(item(1), item(2), item(3))
    cut = parse(whole[: whole.index(b"round 3") + 3])
    assert cut.state is PollState.OK
    assert [entry.guid for entry in cut.entries][:2] == ["item-1", "item-2"]


def test_one_bad_byte_spoils_one_character_not_the_feed() -> None:
    body = rss(item(1, title="Отказ"), item(2, title="Ответ")).replace("каз".encode(), b"\xff", 1)
    parsed = parse(body)
    assert [entry.title for entry in parsed.entries] == ["От\ufffd", "Ответ"]
    assert "is not utf-8" in str(parsed.problems[0])


@pytest.mark.parametrize(
    "bad", ["&#x110000;", "&#xD800;", "&#55296", "&#x1F;", "\x0b", "&#" + "9" * 5_000 + ";", "\ufffe"]
)
def test_a_character_that_no_xml_can_hold_costs_no_feed(bad: str) -> None:
    body = rss(item(1, title="BADOne"), item(2)).decode().replace("BAD", bad).encode()
    assert parse(body).entries[0].title.strip("\ufffd") == "One"
    assert [entry.guid for entry in parse(body).entries] == ["item-1", "item-2"]


@pytest.mark.parametrize("declared", ["windows-1251", "UTF-8", "no-such-code", ""])
@pytest.mark.parametrize("real", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_wins_over_what_is_declared(declared: str, real: str) -> None:
    text = rss(item(title="Ответ министра")).decode().replace("UTF-8", declared)
    assert only(text.encode(real)).title == "Ответ министра"


def test_an_old_encoding_is_read_as_declared() -> None:
    text = rss(item(title="Ответ „министра“")).decode()
    declared = text.replace("UTF-8", "windows-1251").encode("cp1251")
    assert only(declared).title == "Ответ „министра“"
    assert only(text.encode("cp1251"), "text/xml; charset=Windows-1251").title == "Ответ „министра“"


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!-- <rss> --><?x <rss> ?><!DOCTYPE rss [<!entity b SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE rss SYSTEM "x" [ ]>',
    ],
)
def test_a_feed_that_declares_entities_is_refused(head: str) -> None:
    parsed = parse(rss(item(title="&b;"), head=head))
    assert (parsed.state, parsed.entries) == (PollState.PARSE_ERROR, ())
    assert "entities" in (parsed.detail or "")


def test_the_old_netscape_doctype_is_harmless() -> None:
    head = '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd">'
    assert len(parse(rss(item(), head=head)).entries) == 1
    assert len(parse(rss(item(description="<!DOCTYPE x [<!ENTITY y 'z'>]>"))).entries) == 1


def test_a_feed_nested_too_deep_is_refused() -> None:
    parsed = parse(rss("<a>" * 200_000))
    assert parsed.state is PollState.PARSE_ERROR
    assert "deep" in (parsed.detail or "")


def test_items_beyond_the_limit_are_counted_and_said() -> None:
    parsed = parse(rss(*map(item, range(25))), max_entries=10)
    assert [entry.guid for entry in parsed.entries] == [f"item-{n}" for n in range(10)]
    assert parsed.skipped == 15
    assert "15 left out" in str(parsed.problems[-1])
    empty_ones = parse(rss("<item></item>" * 100_000), max_entries=10)
    assert (empty_ones.bad, empty_ones.skipped) == (10, 99_990)


def test_items_that_cannot_be_told_apart_are_named_and_the_rest_goes_on() -> None:
    parsed = parse(
        rss(item(1), "<item><description>x</description></item>", "<item><guid>g</guid></item>", item(2))
    )
    assert [entry.guid for entry in parsed.entries] == ["item-1", "item-2"]
    assert [str(bad) for bad in parsed.problems] == [
        f"{FEED.url}:item 2: has neither id nor link nor title",
        f"{FEED.url}:item 3: has neither title nor text",
    ]
    assert parsed.bad == 2


def test_a_guid_shared_by_different_items_identifies_none() -> None:
    parsed = parse(rss(*(item(n, guid="same") for n in range(3))))
    assert len({entry.id for entry in parsed.entries}) == 3
    twice = parse(rss(item(1), item(1, title="edited")))
    assert len({entry.id for entry in twice.entries}) == 1


def test_an_id_holds_while_texts_dates_and_tracking_change() -> None:
    before = only(rss(item(guid="", link="https://n.example/1?utm_campaign=a")))
    after = only(rss(item(guid="", link="https://n.example/1?utm_campaign=b", title="Edited", pubDate="")))
    assert before.id == after.id


def test_an_id_holds_while_the_feed_moves() -> None:
    def read(base_url: str, guid: str) -> Entry:
        body = rss(item(guid=guid, link=""))
        return parse_feed(
            body, feed=FEED, content_type=None, fetched_at=NOW, max_entries=9, base_url=base_url
        ).entries[0]

    before, after = (read(url, "post-1") for url in ("https://n.example/f", "https://cdn.example/x/f"))
    assert (before.id, before.guid, before.url) == (after.id, "post-1", None)
    assert read(FEED.url, "https://n.example/1").url == "https://n.example/1", "a guid may be the link"


def test_texts_are_bounded() -> None:
    entry = only(rss(item(title="t " * 10_000, description="d " * 100_000)))
    assert (len(entry.title), len(entry.summary)) == (499, 4_999)


def test_the_parser_opens_no_file(tmp_path: Path) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(rss(item()))
    assert parse(str(path).encode()).entries == ()


PIECES = (
    "<rss version='2.0'><channel>|<item>|</item>|"
    "<title>|</title>|<feed>|<entry>|<![CDATA[|]]>|<!--|-->|<?xml|?>|"
    "&amp;|&nope;|<link href='x'/>|<guid>|<pubDate>yesterday</pubDate>|<content:encoded>|<media:title>|"
    "<base href='http://['/>|<georss:line>1 x</georss:line>|{\"|\x00"
)
pieces = st.sampled_from(PIECES.encode().split(b"|"))


@given(st.lists(pieces | st.binary(max_size=8), max_size=30).map(b"".join))
def test_no_body_makes_a_traceback(body: bytes) -> None:
    parsed = parse(body)
    assert parsed.state is PollState.OK or parsed.detail
    for entry in parsed.entries:
        assert Entry.model_validate_json(entry.model_dump_json()) == entry
