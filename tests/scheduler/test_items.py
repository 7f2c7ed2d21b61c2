"""Stored items: good ones become entries, bad ones say what is wrong and where."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archwatch.contracts import Entry
from archwatch.errors import BadInput
from archwatch.scheduler.items import MAX_ITEM_BYTES, read_item

NOW = datetime(2026, 3, 5, tzinfo=UTC)


def read(item: object) -> Entry:
    return read_item(json.dumps(item), place="items.jsonl:7", fetched_at=NOW)


def test_an_item_becomes_an_entry_with_its_id_and_its_text_untouched() -> None:
    text = " Two  spaces,\ta tab & <b>markup</b>\n"
    entry = read({"id": "a:1", "title": text, "published": "2021-12-05", "source": "N Wire", "language": "de",
                  "label": 2, "surprise": {}})  # fmt: skip
    assert (entry.id, entry.title, entry.feed, entry.source) == ("a:1", text, "replay:N Wire", "N Wire")
    assert (entry.published_at, entry.published_raw) == (datetime(2021, 12, 5, tzinfo=UTC), "2021-12-05")
    assert entry.language == "de"
    nulls = {name for name, value in entry if value is None}
    assert nulls == entry.missing.keys()


@pytest.mark.parametrize("published", ["1987", "2014/2015", "", None, "soon"])
def test_a_date_without_a_day_is_null_with_the_reason(published: str | None) -> None:
    entry = read({"id": 1, "summary": "x", "published": published})
    assert entry.published_at is None
    assert entry.missing["published_at"]
    assert entry.published_raw == (published or None)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{not json", "is no JSON"),
        ("[1]", "is a JSON list"),
        ('"x"', "is a JSON str"),
        ("", "is no JSON"),
        ('{"title": "x"}', "has no id"),
        ('{"id": "", "title": "x"}', "has no id"),
        ('{"id": true, "title": "x"}', "its id is no printable text"),
        ('{"id": "a\\u0000", "title": "x"}', "its id is no printable text"),
        ('{"id": "1"}', "has neither title nor summary nor text"),
        ('{"id": "1", "title": "  ", "text": null}', "has neither title nor summary nor text"),
        ('{"id": "1", "title": 5}', "title is a int"),
        ('{"id": "1", "title": "x", "source": []}', "source is a list"),
        ("[" * 100_000, "is no JSON"),
        ('{"id": "1", "title": "' + "x" * MAX_ITEM_BYTES + '"}', "is longer than"),
    ],
)
def test_a_bad_item_names_its_place_and_what_is_wrong(line: str, problem: str) -> None:
    with pytest.raises(BadInput, match=r"^items\.jsonl:7: ") as bad:
        read_item(line, place="items.jsonl:7", fetched_at=NOW)
    assert problem in bad.value.problem
    assert bad.value.mend


def test_bytes_that_are_no_utf8_are_no_json() -> None:
    with pytest.raises(BadInput, match="is no JSON"):
        read_item(b'{"id": "1", "title": "\xff"}', place="p", fetched_at=NOW)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(), st.lists, max_leaves=3
)


@given(
    st.dictionaries(
        st.sampled_from(["id", "title", "summary", "published", "source", "language"]), json_values
    )
)
def test_any_item_is_an_entry_or_bad_input(item: dict[str, object]) -> None:
    try:
        entry = read(item)
    except BadInput:
        return
    assert Entry.model_validate_json(entry.model_dump_json()) == entry


def test_an_entry_that_was_printed_is_read_back() -> None:
    """`archwatch entries FEED | archwatch replay -` keeps link and date."""
    line = json.dumps(
        {
            "id": "a",
            "title": "t",
            "published_at": "2026-02-10T14:00:00Z",
            "url": "https://example.org/story?id=1&utm_source=x",
        }
    )
    entry = read_item(line, place="here:1", fetched_at=NOW)
    assert entry.published_at == datetime(2026, 2, 10, 14, tzinfo=UTC)
    assert entry.url == "https://example.org/story?id=1"


def test_a_link_that_is_none_is_told() -> None:
    entry = read_item('{"id": "a", "title": "t", "url": "javascript:alert(1)"}', place="x", fetched_at=NOW)
    assert entry.url is None
    assert "no web address" in entry.missing["url"]
