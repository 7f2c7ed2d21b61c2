"""The text of an article out of its page, whatever the page is, in bounded time."""

from collections.abc import Iterator

import pytest

from archwatch.web.pagetext import MAX_CHARS, PageReader, Unreadable, page_text

PARAGRAPHS = (
    "NORDBURG. The government of Norland has refused to let the alliance build a second missile base in the "
    "fjords, its foreign minister, Ada Berg, told parliament on Tuesday.",
    "“We were not asked, and we would have said no,” she said. The alliance’s secretary general called the "
    "answer hasty and asked for talks in March.",
    "Norland’s parliament had voted in 1993 that no foreign missiles should stand on its soil. The vote has "
    "been confirmed twice, last in 2014, by every party that sat in the house.",
)
MENU = "".join(f'<li><a href="/section/{n}">Section {n}</a></li>' for n in range(40))


def page(*paragraphs: str, head: str = "", around: str = "") -> str:
    """A page as publishers build them: menus, a box with other stories, comments, a footer."""
    body = "".join(f"<p>{one}</p>" for one in paragraphs)
    return (
        f"<!doctype html><html lang=en><head><title>Norland refuses a base</title>{head}</head><body>"
        f"<header><nav><ul>{MENU}</ul></nav></header><main><article><h1>Norland refuses a base</h1>{body}"
        f"</article>{around}<aside class=related><h2>More from us</h2><ul>{MENU}</ul></aside>"
        "<section class=comments><h2>Comments</h2><div class=comment><p>What a coward.</p></div></section>"
        f"</main><footer><ul>{MENU}</ul>© Nordburg Post</footer></body></html>"
    )


@pytest.fixture(scope="module")
def reader() -> Iterator[PageReader]:
    reader = PageReader(seconds=20)
    yield reader
    reader.close()


def read(reader: PageReader, html: str | bytes, content_type: str = "text/html") -> str:
    return reader.read(html.encode() if isinstance(html, str) else html, content_type, wait=60)


def test_the_story_is_kept_and_the_page_around_it_is_not(reader: PageReader) -> None:
    lines = read(reader, page(*PARAGRAPHS)).splitlines()
    assert [*PARAGRAPHS] == lines[-3:]
    assert set(lines[:-3]) <= {"Norland refuses a base"}


@pytest.mark.parametrize(
    "body",
    [
        "<article><p>{0}</p><div class=ad>Advertisement</div><p>{1}</p><p>{2}</p></article>",
        "<div class=text-content><div class=text-block><p>{0}</p><p>{1}</p><p>{2}</p></div></div>",
        "<div class=story>{0}<br><br>{1}<br><br>{2}</div>",
        "<div class=body><div>{0}</div><div>{1}</div><div>{2}</div></div>",
        "<div><p><span>{0}</span></p><p><span>{1}</span></p><p><span>{2}</span></p></div>",
        "<article><p>{0}</p><blockquote><p>{1}</p></blockquote><p>{2}</p></article>",
        "<table><tr><td>Menu</td><td class=article><p>{0}</p><p>{1}</p><p>{2}</p></td></tr></table>",
        "<div id=consent><p>We store cookies.</p></div><article><p>{0}</p><p>{1}</p><p>{2}</p></article>",
        '<script type="application/ld+json">{{"@type":"NewsArticle","articleBody":"{0} {1} {2}"}}</script>',
    ],
)
def test_a_story_is_found_however_its_page_is_built(reader: PageReader, body: str) -> None:
    html = f"<html><body><nav><ul>{MENU}</ul></nav><main>{body.format(*PARAGRAPHS)}</main></body></html>"
    text = read(reader, html)
    assert all(one in text for one in PARAGRAPHS)
    assert "Section" not in text
    assert "cookies" not in text


@pytest.mark.parametrize(
    ("charset", "content_type", "head"),
    [
        ("utf-8", "text/html", ""),
        ("windows-1251", "text/html; charset=windows-1251", ""),
        ("windows-1251", "text/html", '<meta charset="windows-1251">'),
        ("koi8-r", "text/html", '<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">'),
        ("utf-16", "text/html", ""),
    ],
)
def test_its_encoding_is_understood(reader: PageReader, charset: str, content_type: str, head: str) -> None:
    russian = "Министр иностранных дел заявил, что альянс не спрашивали о ракетах и переговоры идут."
    body = page(*[f"{russian} Это уже {n}-е заявление за неделю." for n in range(4)], head=head)
    assert russian in read(reader, body.encode(charset), content_type)


def test_what_splits_words_unseen_is_taken_out(reader: PageReader) -> None:
    soft = [
        one.replace("missile", "mis\u00adsile").replace("alliance", "alli\u200bance") for one in PARAGRAPHS
    ]
    assert read(reader, page(*soft)) == read(reader, page(*PARAGRAPHS))


@pytest.mark.parametrize(
    "html",
    ["", "<html></html>", "<html><body><script>let a='<p>x</p>'</script></body></html>", "\x00" * 5_000,
     "%PDF-1.7\n%\xe2\xe3", "<" * 10_000, "<!--" * 5_000, "&#xD800;" * 100],
)  # fmt: skip
def test_a_page_without_a_story_has_no_text(reader: PageReader, html: str) -> None:
    assert len(read(reader, html)) < 2_000


@pytest.mark.parametrize(
    "html",
    [
        "<html><body>" + "<div>" * 100_000 + PARAGRAPHS[0],
        f'<html><body><p class="{"a " * 500_000}">{PARAGRAPHS[0]}',
        "<html><body>" + "<b>x" * 200_000,
        "<html><body><p>" + "word " * 200_000,
        "<html><body>" + "<table><tr><td>" * 30_000,
    ],
)
def test_a_large_page_has_a_text_that_is_bounded(reader: PageReader, html: str) -> None:
    assert len(read(reader, html)) <= MAX_CHARS
    # and the reader goes on
    assert PARAGRAPHS[0] in read(reader, page(*PARAGRAPHS))


def test_a_page_that_takes_too_long_ends_with_its_process_and_the_next_is_read() -> None:
    reader = PageReader(seconds=0.2)
    try:
        with pytest.raises(Unreadable, match=r"not read within 0\.2 s"):
            reader.read(b"<html><body><p>" + b"word<br>" * 300_000, "text/html", wait=60)
        assert "NORDBURG" in reader.read(page(*PARAGRAPHS).encode(), "text/html", wait=60)
    finally:
        reader.close()


def test_without_time_to_begin_nothing_is_read() -> None:
    reader = PageReader()
    try:
        with pytest.raises(TimeoutError):
            reader.read(page(*PARAGRAPHS).encode(), "text/html", wait=0)
        assert "NORDBURG" in reader.read(page(*PARAGRAPHS).encode(), "text/html", wait=60)
    finally:
        reader.close()


def test_once_closed_it_stays_closed() -> None:
    reader = PageReader()
    reader.close()
    with pytest.raises(TimeoutError, match="closed"):
        reader.read(page(*PARAGRAPHS).encode(), "text/html", wait=60)
    reader.close()


def test_the_process_and_this_one_read_the_same(reader: PageReader) -> None:
    html = page(*PARAGRAPHS)
    assert read(reader, html) == page_text(html.encode(), "text/html")
