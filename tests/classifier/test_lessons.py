"""What a model was taught: kept without its texts, and whole."""

import zipfile
from pathlib import Path

import numpy as np
import pytest

from archwatch.classifier.data import Item
from archwatch.classifier.encoder import QUICK_WIDTHS, SLOW_WIDTHS
from archwatch.classifier.features import matrix
from archwatch.classifier.lessons import Lessons, joined, lessons_of, read_lessons, rounded, write_lessons
from archwatch.errors import ConfigError


def item(name: str, **fields: object) -> Item:
    given = {
        "title": f"Zanzibar {name} signs treaty",
        "summary": "",
        "text": "",
        "label": 2,
        "topics": ("order", "dialogue"),
        "language": "en",
        "source": "s",
        "group": "g",
    }
    return Item(id=name, **(given | fields))  # type: ignore[arg-type]


def lessons(*items: Item) -> Lessons:
    vectors = np.random.default_rng(1).normal(size=(len(items), sum(QUICK_WIDTHS) + sum(SLOW_WIDTHS)))
    return Lessons(lessons_of(items), matrix(items), rounded(vectors.astype(np.float32)))


ITEMS = (
    item("a", year=2022, chosen=True),
    item("b", label=0, topics=(), language=None),
    item("c", label=1, topics=("dialogue",), title="NATO meets"),
)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    whole = lessons(*ITEMS)
    write_lessons(whole, tmp_path / "lessons.npz")
    again = read_lessons(tmp_path / "lessons.npz")
    assert [(one.id, one.label, one.topics, one.language, one.year) for one in again.told] == [
        ("a", 2, ("order", "dialogue"), "en", 2022),
        ("b", 0, (), None, None),
        ("c", 1, ("dialogue",), "en", None),
    ]
    assert [(one.chosen, one.listed) for one in again.told] == [(True, False), (False, False), (False, True)]
    assert [one.digest for one in again.told] == [one.digest for one in ITEMS]
    assert (again.counts != whole.counts).nnz == 0
    assert np.array_equal(again.vectors, whole.vectors)


def test_no_text_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "lessons.npz"
    write_lessons(lessons(*ITEMS), path)
    assert not any(one.headline for one in read_lessons(path).told)
    with zipfile.ZipFile(path) as file:
        kept = b"".join(file.read(name) for name in file.namelist())
    for spelt in ("Zanzibar".encode(code) for code in ("utf-8", "utf-16-le", "utf-32-le")):
        assert spelt not in kept


def test_of_an_item_in_both_the_newer_word_counts() -> None:
    older, newer = lessons(*ITEMS), lessons(item("z", label=0, topics=(), title=ITEMS[0].title))
    both = joined(older, newer)
    assert [(one.id, one.label) for one in both.told] == [("b", 0), ("c", 1), ("z", 0)]
    assert both.counts.shape[0] == len(both.vectors) == 3


@pytest.mark.parametrize("body", [b"", b"PK not really", b"\x93NUMPY"])
def test_a_damaged_file_is_named(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "lessons.npz"
    path.write_bytes(body)
    with pytest.raises(ConfigError, match=r"lessons\.npz.*cannot be loaded"):
        read_lessons(path)
