"""Kept labels find their texts again, and say which did not."""

import json
from pathlib import Path

import pytest

from archwatch.classifier.data import read_items
from archwatch.classifier.labels import main, read_labels


def write(path: Path, *records: object) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def test_labels_meet_their_texts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    labels = write(tmp_path / "l", {"id": "a", "label": 2, "topics": ["order"]}, {"id": "gone", "label": 0})
    data = write(
        tmp_path / "d", {"id": "b", "title": "B"}, {"id": "a", "title": "A"}, {"id": "a", "title": "A2"}
    )
    assert main([str(labels), str(data)]) == 3
    out, err = capsys.readouterr()
    assert [json.loads(line) for line in out.splitlines()] == [
        {"id": "a", "title": "A", "label": 2, "topics": ["order"], "chosen": True}
    ]
    assert "no text for id gone" in err
    (tmp_path / "items.jsonl").write_text(out)
    assert [item.topics for item in read_items([tmp_path / "items.jsonl"])] == [("order",)]


def test_an_item_on_which_two_readings_differ_is_borderline(tmp_path: Path) -> None:
    write(tmp_path / "1.jsonl", {"id": "a", "label": 2, "topics": ["order"]}, {"id": "b", "label": 0})
    write(tmp_path / "2.jsonl", {"id": "a", "label": 0}, {"id": "b", "label": 0}, {"id": "c", "label": 2})
    read = read_labels(tmp_path)
    assert {id_: label["label"] for id_, label in read.items()} == {"a": 1, "b": 0, "c": 2}
    assert read["a"]["topics"] == ["order"]


def test_what_was_drawn_at_random_is_not_chosen(tmp_path: Path) -> None:
    write(tmp_path / "l", *({"id": why, "label": 0, "why": why} for why in ("random", "uncertain")))
    assert {id_: one["chosen"] for id_, one in read_labels(tmp_path / "l").items()} == {
        "random": False,
        "uncertain": True,
    }


@pytest.mark.parametrize("line", ['{"id": "a", "label": 5}', '{"label": 1}', "[]", "{"])
def test_a_bad_label_is_named(tmp_path: Path, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "l").write_text(line + "\n")
    assert main([str(tmp_path / "l"), str(tmp_path / "l")]) == 2
    assert str(tmp_path / "l") in capsys.readouterr().err


def test_the_kept_labels_are_whole(root: Path) -> None:
    for path in (root / "models/labels").glob("*.jsonl"):
        labels = read_labels(path)
        assert len(labels) == len(path.read_text().splitlines()), "an id stands in it twice"
        assert all(bool(one["topics"]) == (one["label"] > 0) for one in labels.values())


def test_the_kind_of_a_hard_negative_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    labels = write(tmp_path / "l", {"id": "a", "label": 0, "kind": "sport"}, {"id": "b", "label": 2})
    data = write(tmp_path / "d", {"id": "a", "title": "A"}, {"id": "b", "title": "B"})
    assert main([str(labels), str(data)]) == 0
    (tmp_path / "items.jsonl").write_text(capsys.readouterr().out)
    assert [item.kind for item in read_items([tmp_path / "items.jsonl"])] == ["sport", None]
