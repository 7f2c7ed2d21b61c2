"""Which links and items are the same."""

from hypothesis import given
from hypothesis import strategies as st

from archwatch.scheduler.identity import aliases, canonical_url, content_hash, entry_id, names_an_article

BASE = "https://n.example/feeds/all.xml"


def test_tracking_credentials_and_fragments_are_no_part_of_a_link() -> None:
    link = "HTTPS://me:pw@N.example:443/a?utm_source=rss&id=7&fbclid=x&at_medium=RSS#comments"
    assert canonical_url(link, BASE) == ("https://n.example:443/a?id=7", None)


def test_a_relative_link_counts_from_the_feed() -> None:
    assert canonical_url(" ../a b?x=1 ", BASE)[0] == "https://n.example/a%20b?x=1"
    assert canonical_url("//o.example/x", BASE)[0] == "https://o.example/x"


def test_what_is_no_web_address_is_none_with_the_reason() -> None:
    for link in (
        "javascript:alert(1)",
        "mailto:a@b",
        "http://[broken",
        "https://n.example/" + "x" * 2_001,
    ):
        url, reason = canonical_url(link, BASE)
        assert url is None
        assert reason


@given(st.text(max_size=50))
def test_a_canonical_link_is_canonical(path: str) -> None:
    url, reason = canonical_url(f"https://n.example/{path}", BASE)
    assert (url is None) == bool(reason)
    if url:
        assert canonical_url(url, BASE) == (url, None)


def test_an_item_is_known_by_guid_else_link_else_title_and_date() -> None:
    one = entry_id("f", guid="1", url="https://a", title="t", date="d")
    assert one == entry_id("f", guid="1", url="https://moved", title="edited", date="bumped")
    assert one != entry_id("other feed", guid="1", url="https://a", title="t", date="d")
    linked = entry_id("f", guid=None, url="https://a", title="t", date="d")
    assert linked == entry_id("f", guid=None, url="https://a", title="edited", date=None)
    assert (
        len({one, linked, *(entry_id("f", guid=None, url=None, title="t", date=d) for d in ("d", "e"))}) == 4
    )


def test_words_make_the_content_not_their_spacing() -> None:
    assert content_hash("A title", "some  text") == content_hash("a TITLE some", "text")
    assert content_hash("A title") != content_hash("A title, edited")


def names(**changed: str | None) -> set[bytes]:
    base: dict[str, str | None] = {
        "guid": "1",
        "url": "https://www.n.example/news/norland-wants-talks",
        "published": "2026-03-04T12:00:00+00:00",
    }
    given = base | changed
    title = given.pop("title", None) or "Norland wants talks with neighbours"
    return set(aliases("https://n.example/feed", title=title, **given))


def test_the_same_item_has_a_name_in_common_with_itself_renamed() -> None:
    assert names() & names(guid="2", title="Norland wants more talks now", published=None)
    assert names() & names(url="http://n.example/news/norland-wants-talks/?utm_source=rss")
    assert names() & names(guid="http://n.example/news/norland-wants-talks", url=None)
    assert names() & names(guid="2", url="https://n.example/relaunched?p=4711")


def test_what_is_used_again_is_no_name() -> None:
    assert not names_an_article("https://n.example/news/live")
    section = "https://n.example/live"
    assert not names(url=section) & names(url=section, title="Another thing entirely has happened")
    assert not names(url=None, title="Morning briefing")
    mine, theirs = (
        aliases(f, guid=None, url="https://n.example/1234", title="", published=None) for f in "ab"
    )
    assert mine != theirs


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_any_text_can_be_asked_for_its_names(guid: str, link: str, title: str) -> None:
    for url in (link, f"https://{link}", f"https://n.example/{link}"):
        found = aliases("f", guid=guid, url=url, title=title, published=title)
        assert all(len(name) == 20 for name in found)
