"""What is refused or cut before a parser sees it, and that nothing takes long to refuse."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archwatch.scheduler.bounds import Refused, bounded, refuse_entities


def test_a_cut_document_is_closed_again() -> None:
    text = "<f><c><item><a/>1</item><item>2</item><item>3</item></c></f>"
    assert bounded(text, 2).text == "<f><c><item><a/>1</item><item>2</item></c></f>"
    assert bounded(text, 2).skipped == 1
    assert bounded(text, 3).text == text


def test_items_in_comments_and_quotations_do_not_count() -> None:
    text = "<f><!-- <item> --><![CDATA[<item><item>]]><t a='/>'/><item></item></f>"
    assert bounded(text, 1).skipped == 0


def test_unclosed_html_is_no_depth() -> None:
    assert bounded("<f>" + "<item>a<br>b<img src='x'><p>c</item>" * 1_000 + "</f>", 5_000).skipped == 0
    with pytest.raises(Refused):
        bounded("<p>" * 201, 1)


# each of these made a simple pattern look at the rest of the document again and again
@pytest.mark.parametrize(
    "piece", ["<a", "<!--", "<![CDATA[", "<?", '<a "', "<a '\"", "<", "</", "&", "<a x='>"]
)
def test_no_document_takes_long(piece: str) -> None:
    assert bounded(piece * (2_000_000 // len(piece)), 10).skipped == 0


@given(st.integers(0, 30), st.integers(0, 30))
def test_so_many_are_kept_and_so_many_skipped(items: int, limit: int) -> None:
    found = bounded("<f>" + "<x:entry>1</x:entry>" * items + "</f>", limit)
    assert found.text.count("<x:entry>") == min(items, limit)
    assert found.skipped == max(0, items - limit)


def test_what_costs_too_much_is_refused() -> None:
    for costly in ("<f " + "a='1' " * 1_001 + ">", "<f>" + "<a/>" * 300_001):
        with pytest.raises(Refused):
            bounded(costly, 1)
    assert bounded("<f>" + "<item/>" * 400_000 + "</f>", 2).skipped == 399_998


@pytest.mark.parametrize(
    "hidden", [""" SYSTEM "a>b" [""", """ SYSTEM 'a<b' [""", """ PUBLIC "[" '>' [""", " [", " '"]
)
def test_no_doctype_hides_its_entities(hidden: str) -> None:
    with pytest.raises(Refused):
        refuse_entities(f"<!-- <f> --><!DOCTYPE f{hidden}<!ENTITY a 'b'>]><f/>")


@pytest.mark.parametrize(
    "harmless", ["", "<!DOCTYPE html>", '<!doctype f PUBLIC "[" "x">', "<?x <!ENTITY ?>"]
)
def test_a_plain_doctype_is_no_harm(harmless: str) -> None:
    refuse_entities(f"{harmless}<f><![CDATA[<!DOCTYPE f [<!ENTITY a 'b'>]>]]></f>")


def test_a_broken_prolog_takes_no_time() -> None:
    with pytest.raises(Refused):
        refuse_entities("<!DOCTYPE x " + "<!" * 1_000_000)
    refuse_entities("<!-- " + "<!--" * 1_000_000)
