"""The feed list: what is read from OPML, what is said of the lines that are wrong, and back again."""

import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from archwatch.errors import BadInput
from archwatch.scheduler.feedlist import FeedList
from archwatch.scheduler.feeds import Feed, feed_at, read_opml
from archwatch.scheduler.opml_writing import write_opml

GOOD = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>x</title></head><body>
<outline text="Wires">
  <outline text="North">
    <outline text="Norland Wire" xmlUrl="https://n.example/rss?a=1&amp;b=2" language="nb"/>
  </outline>
</outline>
<outline title="Seeds" xmlUrl="file:../seeds/feed.xml" type="rss"/>
<outline text="Old" xmlurl="feed:https://old.example/f" category="/papers/old,other"
  xmlns:archwatch="urn:archwatch:opml" archwatch:paused="true"/>
</body></opml>"""


def opml(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "config" / "feeds.opml"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def body(*outlines: str) -> str:
    return "<opml version='2.0'><body>\n" + "\n".join(outlines) + "\n</body></opml>"


def test_outlines_become_feeds_with_their_groups(tmp_path: Path) -> None:
    feeds, problems = read_opml(opml(tmp_path, GOOD))
    assert problems == []
    assert feeds == [
        Feed("https://n.example/rss?a=1&b=2", "Norland Wire", "nb", "Wires / North"),
        Feed("file:../seeds/feed.xml", "Seeds", path=tmp_path / "config" / "../seeds/feed.xml"),
        Feed(
            "https://old.example/f",
            "Old",
            None,
            "papers/old",
            paused=True,
            others=(("category", "/papers/old,other"),),
        ),
    ]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('<outline text="No address"/>', "has no xmlUrl"),
        ('<outline text="x" xmlUrl="ftp://x.example/f"/>', "ftp://x.example/f is no URL that can be polled"),
        ('<outline text="x" xmlUrl="x.example/f"/>', "is no URL"),
        ('<outline text="x" xmlUrl="https:///f"/>', "is no URL that can be polled"),
        ('<outline text="x" xmlUrl="https://x.example:port/f"/>', "is no URL"),
        ('<outline text="x" xmlUrl="https://good.example/f"/>', "duplicate of https://good.example/f"),
    ],
)
def test_a_bad_line_is_named_and_the_rest_goes_on(tmp_path: Path, line: str, problem: str) -> None:
    good = '<outline text="Good" xmlUrl="https://good.example/f"/>'
    feeds, problems = read_opml(opml(tmp_path, body(good, line, good.replace("good", "also"))))
    assert [feed.url for feed in feeds] == ["https://good.example/f", "https://also.example/f"]
    assert [bad.place for bad in problems] == ["3"]
    assert problem in problems[0].problem
    assert problems[0].mend
    assert "feeds.opml:3: " in str(problems[0])


@pytest.mark.parametrize(
    ("line", "feed"),
    [
        ('<outline text="A & B" xmlUrl="https://x.example/f?a=1&b=2&amp;c=3"/>', ("A & B", "?a=1&b=2&c=3")),
        ('<outline text="The "Norland" Wire" xmlUrl="https://x.example/f"/>', ('The "Norland" Wire', "")),
        ('<outline text="a < b" xmlUrl="https://x.example/f"/>', ("a < b", "")),
        ('<outline text="Caf&eacute;" xmlUrl="https://x.example/f"/>', ("Café", "")),
        ('<outline text="open" xmlUrl="https://x.example/f">', ("open", "")),
    ],
)
def test_a_broken_line_is_repaired_and_named(tmp_path: Path, line: str, feed: tuple[str, str]) -> None:
    feeds, problems = read_opml(opml(tmp_path, body("", line)))
    assert [(one.title, one.url) for one in feeds] == [(feed[0], "https://x.example/f" + feed[1])]
    assert {"3"} <= {bad.place for bad in problems} or line.endswith('">')
    assert "not well-formed" in problems[0].problem


def test_a_list_in_another_encoding_is_read(tmp_path: Path) -> None:
    text = '<?xml version="1.0" encoding="windows-1251"?>\n' + body(
        '<outline text="Вести" xmlUrl="https://x.example/f"/>'
    )
    feeds, problems = read_opml(opml(tmp_path, text.encode("cp1251")))
    assert (feeds[0].title, problems) == ("Вести", [])


@pytest.mark.parametrize("text", ["", "not xml", "<html><p>x</p></html>", "\0\0", "<opml><body/></opml>"])
def test_what_is_no_list_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInput, match="is no OPML"):
        read_opml(opml(tmp_path, text))


def test_a_missing_list_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"nowhere\.opml: cannot be read: No such file"):
        read_opml(tmp_path / "nowhere.opml")


def test_an_entity_bomb_does_not_explode(tmp_path: Path) -> None:
    lines = "\n".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE opml [<!ENTITY e0 "x">{lines}]>' + body(
        '<outline text="&e11;" xmlUrl="https://x.example/f"/>'
    )
    feeds, problems = read_opml(opml(tmp_path, bomb))
    assert len(feeds[0].title) < 1_000
    assert problems


def test_credentials_are_kept_out_of_sight(tmp_path: Path) -> None:
    listed = body('<outline text="x" xmlUrl="https://me:p%40ss@x.example/f"/>')
    feeds, _ = read_opml(opml(tmp_path, listed))
    assert (feeds[0].url, feeds[0].login) == ("https://x.example/f", ("me", "p@ss"))
    assert "p@ss" not in repr(feeds)
    assert b"me:p%40ss@x.example" in write_opml(feeds)
    _, problems = read_opml(opml(tmp_path, body('<outline text="x" xmlUrl="gopher://me:hush@x.example/"/>')))
    assert "hush" not in str(problems[0])


MINIFLUX = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Miniflux</title><dateCreated>Tue, 24 Nov 2026</dateCreated></head><body>
<outline text="Wires"><outline title="N" text="N" xmlUrl="https://n.example/f" htmlUrl="https://n.example/"
  description="All of it" type="rss"></outline></outline></body></opml>"""
FRESHRSS = """<?xml version="1.0" encoding="UTF-8"?>
<opml xmlns:frss="https://freshrss.org/opml" version="2.0"><head><title>FreshRSS</title></head><body>
<outline text="Wires" frss:opmlUrl=""><outline text="N" type="rss" xmlUrl="https://n.example/f"
  htmlUrl="https://n.example/" description="All of it" frss:priority="important"
  frss:cssFullContent="article &gt; p"/></outline></body></opml>"""
FEEDLY = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.0"><head><title>Subscriptions in feedly Cloud</title></head><body>
<outline text="Wires" title="Wires"><outline type="rss" text="N" title="N" xmlUrl="https://n.example/f"
  htmlUrl="https://n.example/"/></outline>
<outline text="North" title="North"><outline type="rss" text="N" title="N" xmlUrl="https://n.example/f"
  htmlUrl="https://n.example/"/></outline></body></opml>"""
SITE = ("htmlUrl", "https://n.example/")
FRSS = "{https://freshrss.org/opml}"


@pytest.mark.parametrize(
    ("exported", "also", "others"),
    [
        (MINIFLUX, (), {SITE, ("description", "All of it")}),
        (
            FRESHRSS,
            (),
            {
                SITE,
                ("description", "All of it"),
                (FRSS + "priority", "important"),
                (FRSS + "cssFullContent", "article > p"),
            },
        ),
        (FEEDLY, ("North",), {SITE}),
    ],
)
def test_what_other_readers_export_comes_back_as_it_was(
    tmp_path: Path, exported: str, also: tuple[str, ...], others: set[tuple[str, str]]
) -> None:
    feeds, problems = read_opml(opml(tmp_path, exported))
    assert problems == []
    assert [(feed.title, feed.group, feed.also) for feed in feeds] == [("N", "Wires", also)]
    assert set(feeds[0].others) == others
    written = write_opml(feeds)
    back, problems = read_opml(opml(tmp_path, written))
    assert (back, problems) == (feeds, [])
    assert (b"frss:priority" in written) is (exported is FRESHRSS), "under the prefix FreshRSS looks for"


def test_nested_outlines_are_written_nested(tmp_path: Path) -> None:
    feeds, _ = read_opml(opml(tmp_path, GOOD))
    tree = etree.fromstring(write_opml(feeds))
    assert tree.xpath("/opml/body/outline[@text='Wires']/outline[@text='North']/outline/@text") == [
        "Norland Wire"
    ]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (
            '<outline type="HTML+XPath" text="x" xmlUrl="https://x.example/"/>',
            "a page that FreshRSS scrapes, no feed",
        ),
        ('<outline text="x" xmlUrl="https://x.example/" gone:a="b"/>', "prefix gone for a"),
    ],
)
def test_what_is_dropped_is_said(tmp_path: Path, line: str, problem: str) -> None:
    feeds, problems = read_opml(opml(tmp_path, body('<outline text="y" xmlUrl="https://y.example/"/>', line)))
    assert [(bad.place, problem in bad.problem) for bad in problems] == [("3", True)]
    assert b"gone" not in write_opml(feeds)


@given(st.text(st.sampled_from("<>\"'&; =/\n\x01axomlUrloutline\u00e9"), max_size=120))
def test_any_list_is_read_or_refused_and_can_be_written(
    tmp_path_factory: pytest.TempPathFactory, junk: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "junk.opml"
    path.write_text(body(f'<outline text="{junk}" xmlUrl="https://x.example/f" {junk}/>', junk), "utf-8")
    try:
        feeds, _ = read_opml(path)
    except BadInput:
        return
    path.write_bytes(write_opml(feeds))
    if feeds:
        assert read_opml(path)[0] == feeds


def test_a_list_broken_in_each_of_its_many_lines_is_read_in_time(tmp_path: Path) -> None:
    lines = [f'<outline text="A & "B"" xmlUrl="https://x{n}.example/?a=1&b=2"/>' for n in range(3_000)]
    started = time.process_time()
    feeds, problems = read_opml(opml(tmp_path, body(*lines)))
    assert (len(feeds), len(problems)) == (3_000, 6_000)
    read_opml(opml(tmp_path, body(' a="x' * 20_000, lines[0])))
    assert time.process_time() - started < 10


names = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp", "Cn", "Co"]), min_size=1
)
groups = st.lists(names, min_size=1, max_size=3).map(" / ".join)
foreign = st.sampled_from(["htmlUrl", "description", "{https://freshrss.org/opml}priority", "{urn:x}y"])
listed = st.builds(
    Feed,
    url=st.from_regex(r"\Ahttps://[a-z]{1,8}\.example/[a-z]{1,8}\?q=[&='a-z]{0,5}\Z"),
    title=names,
    language=st.sampled_from([None, "de", "pt-BR"]),
    group=st.none() | groups,
    paused=st.booleans(),
    owner=st.none() | st.just("Russian state"),
    others=st.dictionaries(foreign, names, max_size=3).map(lambda kept: tuple(sorted(kept.items()))),
)


@given(st.lists(listed, unique_by=lambda feed: feed.url, min_size=1))
def test_what_is_written_reads_back(tmp_path_factory: pytest.TempPathFactory, feeds: list[Feed]) -> None:
    path = tmp_path_factory.getbasetemp() / "roundtrip.opml"
    path.write_bytes(write_opml(feeds))
    back, problems = read_opml(path)
    assert problems == []
    assert {replace(one, others=tuple(sorted(one.others))) for one in back} == set(feeds)


def test_a_feed_may_be_known_by_its_address_alone(tmp_path: Path) -> None:
    assert feed_at("https://u:p@n.example/x") == Feed("https://n.example/x", "n.example", login=("u", "p"))
    assert feed_at("a/b.xml", tmp_path).path == tmp_path / "a/b.xml"
    assert feed_at("file:///a%20b.xml").path == Path("/a b.xml")
    with pytest.raises(BadInput, match="javascript:alert"):
        feed_at("javascript:alert(1)")


def test_the_list_is_read_again_when_it_changes(tmp_path: Path) -> None:
    path = opml(tmp_path, GOOD)
    feeds = FeedList(path)
    assert feeds.refresh() == []
    assert feeds.refresh() is None
    assert [feed.title for feed in feeds.active] == ["Seeds", "Norland Wire"], "files first, paused ones not"
    path.write_text("broken")
    with pytest.raises(BadInput):
        feeds.refresh()
    assert len(feeds.active) == 2
    path.write_text(body('<outline text="x" xmlUrl="https://x.example/f"/>', "<outline/>"))
    assert len(feeds.refresh() or []) == 1
    assert [feed.title for feed in feeds.active] == ["x"]
