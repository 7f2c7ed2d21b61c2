"""Reading gold: three forms, joined to texts, and each mistake told with its place and mend."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archwatch.errors import BadInput
from archwatch.extractor.gold import BadGold, case_of
from archwatch.extractor.goldfile import read_gold
from archwatch.extractor.plv import read_plv

EVENT = {"event_type": ["REJECT"], "actors": ["RUS"], "recipients": ["NATO"], "modality": []}

QUOTED = {"id": "a", "title": "T", "events": []}


def write(path: Path, *lines: object) -> Path:
    text = "".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["gold.jsonl", "gold.jsonl.gz"])
def test_lines_as_the_headlines_are_coded(tmp_path: Path, name: str) -> None:
    line = {"id": "a", "title": "T", "published": "2021-12-07", "dataset": "x", "events": [EVENT]}
    cases, failed = read_gold(write(tmp_path / name, line, "", line | {"id": "b", "published": "2014/2015"}))
    assert not failed
    assert [case.id for case in cases] == ["a", "b"]
    assert cases[0].published_at == datetime(2021, 12, 7, 12, tzinfo=UTC)
    assert cases[1].published_at is None
    event = cases[0].events[0]
    assert (event.types, event.actors, event.recipients, event.modality) == (
        ("REJECT",),
        ("RUS",),
        ("NATO",),
        (),
    )


def test_yaml_with_defaults_short_quotes_and_types_alone(tmp_path: Path) -> None:
    file = tmp_path / "gold.yaml"
    file.write_text(
        """
- {defaults: {language: en, published: 2022-01-14}}
- {id: a, title: "Rome is not built yet", events: [{type: AID, actors: [ITA]}]}
- id: b
  language: fr
  title: Un titre
  text: "“No, never,” said a baker. He said that it was late."
  events: []
  quotes:
    - [null, direct, "No, never", baker]
    - {speaker: ITA, kind: indirect, text: it was late, optional: true}
"""
    )
    cases, failed = read_gold(file)
    assert not failed
    assert [case.language for case in cases] == ["en", "fr"]
    assert cases[0].published_at == datetime(2022, 1, 14, 12, tzinfo=UTC)
    assert cases[0].quotes is None
    assert cases[0].events[0].recipients is None
    assert cases[1].quotes is not None
    (quote,), (maybe,) = cases[1].quotes, cases[1].maybe
    reading = cases[1].reading
    assert reading[quote.start : quote.end] == "No, never,"
    assert (quote.speaker, quote.speaker_code) == ("baker", None)
    assert reading[maybe.start : maybe.end] == "it was late"
    assert maybe.speaker_code == "ITA"


def test_gold_without_texts_is_joined_to_them(tmp_path: Path) -> None:
    quotes = [{"speaker": "RUS", "kind": "direct", "start": 3, "end": 6}]
    gold = write(
        tmp_path / "gold.jsonl",
        {"id": "a", "events": [EVENT], "quotes": quotes},
        {"id": "b", "events": []},
        {"id": "c", "title": "its own", "events": []},
    )
    data = write(
        tmp_path / "data.jsonl.gz",
        {"id": "z", "title": "another"},
        {"id": "a", "title": "T", "text": "one two", "published": "2022-02-01", "language": "ru"},
        {"id": "a", "title": "a later text of the same id"},
        {"id": "c", "title": "of the same id"},
    )
    cases, (missing,) = read_gold(gold, [data])
    assert [(case.id, case.reading) for case in cases] == [("a", "T\n\none two"), ("c", "its own")]
    assert cases[0].language == "ru"
    assert cases[0].published_at == datetime(2022, 2, 1, 12, tzinfo=UTC)
    assert str(missing) == (
        f"{gold}:2: no text for id b in the data given (name the file that has it after the gold)"
    )


def test_gold_may_be_of_a_part_of_a_text(tmp_path: Path) -> None:
    gold = write(
        tmp_path / "gold.jsonl",
        {"id": "a", "parts": "title", "events": []},
        {"id": "a, lead", "of": "a", "parts": ["summary", "text"], "events": []},
    )
    data = write(tmp_path / "data.jsonl", {"id": "a", "title": "T", "summary": "S", "text": "one"})
    cases, failed = read_gold(gold, [data])
    assert not failed
    assert [case.reading for case in cases] == ["T", "S\n\none"]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{not json", "not JSON"),
        ("[1]", "is list, not an object"),
        ({"title": "T", "events": []}, "has no id"),
        ({"id": "good", "title": "T", "events": []}, "was given before"),
        ({"id": "a", "title": "T"}, "events: Field required (add it)"),
        ({"id": "a", "title": "T", "events": [{"type": "SHOUT", "actors": []}]}, "events.0.type"),
        ({"id": "a", "title": "T", "events": [{"type": [], "actors": []}]}, "events.0.type"),
        ({"id": "a", "title": "T", "events": [{"type": "AID", "actors": ["Rome"]}]}, "events.0.actors.0"),
        ({"id": "a", "title": "T", "events": [{**EVENT, "modality": "maybe"}]}, "events.0.modality.0"),
        ({**QUOTED, "quotes": [[None, "direct", "no"]]}, "'no' is not in the text"),
        ({**QUOTED, "quotes": [{"kind": "direct", "start": 0, "end": 9}]}, "0 to 9"),
        ({**QUOTED, "quotes": ["no"]}, "quotes.0"),
    ],
)  # fmt: skip
def test_a_bad_line_is_told_with_its_place_and_the_rest_goes_on(
    tmp_path: Path, line: Any, problem: str
) -> None:
    good = {"id": "good", "title": "T", "events": []}
    gold = write(tmp_path / "gold.jsonl", good, line, good | {"id": "last"})
    cases, (bad,) = read_gold(gold)
    assert [case.id for case in cases] == ["good", "last"]
    assert str(bad).startswith(f"{gold}:2: ")
    assert problem in str(bad)
    assert bad.mend


def test_a_bad_case_of_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "gold.yaml"
    file.write_text("- {id: a, title: T, events: []}\n\n- {id: b, events: []}\n")
    cases, (bad,) = read_gold(file)
    assert [case.id for case in cases] == ["a"]
    assert str(bad).startswith(f"{file}:3: no text for id b")


@pytest.mark.parametrize("name", ["none.jsonl", "none.yaml", "none.jsonl.gz"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match="none"):
        read_gold(tmp_path / name)
    broken = tmp_path / "broken.jsonl.gz"
    broken.write_bytes(b"no gzip")
    with pytest.raises(BadInput, match="cannot be read"):
        read_gold(broken)


def test_of_a_folder_the_yaml_is_read(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("- {id: b, title: T, events: []}\n- {id: a, title: T, events: []}\n")
    (tmp_path / "a.yaml").write_text("- {id: a, title: T, events: []}\n")
    write(tmp_path / "c.jsonl", {"id": "c", "events": []})
    cases, (twice,) = read_gold(tmp_path)
    assert [case.id for case in cases] == ["a", "b"]
    assert str(twice).startswith(f"{tmp_path / 'b.yaml'}:2: id 'a' was given before")


names = st.sampled_from(["id", "title", "events", "type", "actors", "quotes", "kind", "start", "end"])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=5),
    max_leaves=12,
)


@given(values, values, values)
def test_whatever_a_case_holds_it_is_read_or_refused_in_words(record: Any, events: Any, quotes: Any) -> None:
    whole = {"id": "a", "title": "T", "events": [], "quotes": quotes}
    told = []
    for tried in (record, {**whole, "quotes": None, "events": events}, whole):
        try:
            case_of(tried, {})
        except BadGold as bad:
            told.append(bad)
    assert all(bad.problem and bad.mend for bad in told)


def test_a_table_of_pairs(tmp_path: Path) -> None:
    table = tmp_path / "plv.tsv"
    table.write_text(
        'x\tsentence\tgold_root\tsource\n1\tHe "left".\tRETREAT\tHe\n2\tShe shouted.\tSHOUT\t\n3\t\tAID\t\n'
    )
    rows, failed = read_plv(table)
    assert [(row.text, row.root, row.source, row.target) for row in rows] == [
        ('He "left".', "YIELD", "He", "")
    ]
    assert [str(bad).split(" (")[0] for bad in failed] == [
        f"{table}:3: gold_root 'SHOUT' is no PLOVER type",
        f"{table}:4: has no sentence",
    ]
    table.write_text("sentence\troot\n")
    with pytest.raises(BadInput, match="has no column gold_root"):
        read_plv(table)
    with pytest.raises(BadInput, match="cannot be read"):
        read_plv(tmp_path / "none.tsv")
