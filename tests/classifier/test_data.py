"""Labelled items: each kind of file is read, and what is wrong with one is told with its place."""

import gzip
import json
from pathlib import Path

import pytest

from archwatch.classifier.data import Item, read_items
from archwatch.classifier.labels import read_labels
from archwatch.errors import BadInput

GOOD = {"id": "a", "title": "t", "label": 2, "topics": ["order"], "source": "s", "dataset": "d", "extra": 1}


def test_the_same_item_is_read_from_each_kind_of_file(tmp_path: Path) -> None:
    line = json.dumps(GOOD)
    (tmp_path / "d.jsonl").write_text(f"{line}\n")
    (tmp_path / "d.yaml").write_text(f"- {line}\n")
    with gzip.open(tmp_path / "d.jsonl.gz", "wt") as stream:
        stream.write(f"{line}\n")
    one, two, three = (read_items([tmp_path / name]) for name in ("d.jsonl", "d.jsonl.gz", "d.yaml"))
    assert one == two == three
    assert (one[0].group, one[0].source, one[0].topics) == ("d", "s", ("order",))


def test_files_are_read_in_the_order_given(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(GOOD | {"id": name}) + "\n")
    items = read_items([tmp_path / "b.jsonl", tmp_path / "a.jsonl"])
    assert [item.id for item in items] == ["b", "a"]


def test_an_unknown_topic_is_named_with_those_known(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    path.write_text(json.dumps(GOOD | {"topics": ["order", "weather"]}) + "\n")
    assert read_items([path])[0].topics == ("order", "weather")
    with pytest.raises(BadInput, match=r"d\.jsonl:1: .*unknown topic 'weather'.*nuclear, order"):
        read_items([path], frozenset({"order", "nuclear"}))


def test_a_mistake_in_yaml_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "d.yaml"
    path.write_text("- {id: a, title: t, label: 2}\n\n- id: b\n  title: t\n  label: 7\n")
    with pytest.raises(BadInput, match=r"d\.yaml:3: label 7"):
        read_items([path])


def test_a_mapping_is_no_list_of_items(tmp_path: Path) -> None:
    path = tmp_path / "d.yaml"
    path.write_text("id: a\n")
    with pytest.raises(BadInput, match="is not a list of items"):
        read_items([path])


@pytest.mark.parametrize("harm", ["cut", "damaged", "plain", "absent"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, harm: str) -> None:
    path = tmp_path / "d.jsonl.gz"
    if harm == "cut":
        path.write_bytes(gzip.compress(json.dumps(GOOD).encode() * 100)[:-20])
    elif harm == "damaged":
        body = bytearray(gzip.compress(json.dumps(GOOD).encode()))
        body[10] = 0xFF  # a kind of block that deflate does not have
        path.write_bytes(bytes(body))
    elif harm == "plain":
        path.write_text(json.dumps(GOOD) + "\n")
    for read in (lambda: read_items([path]), lambda: read_labels(path)):
        with pytest.raises(BadInput, match=r"d\.jsonl\.gz: cannot be read"):
            read()


def item(title: str) -> Item:
    return Item("a", title, "", "", 0, (), None, "s", "g")


def test_one_headline_of_two_outlets_is_known_again() -> None:
    assert item("NATO – Russia: talks fail").digest == item("Nato - Russia talks fail!").digest
    assert item("NATO, Russia talks fail").digest != item("NATO, Russia talks resume").digest
