"""What a model is taught: labelled items as numbers, without their texts.

They are kept beside the model, for three uses: its support vectors are among them, anyone can train it
anew or measure it again without the texts, and labels of your own can be added to them. They hold
counts of hashed words and an encoder's vectors: no sentence, though who tries many words can learn which
of them an item had.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from archwatch.classifier.data import Item, Label
from archwatch.classifier.features import MAX_CHARS, MAX_UNTITLED, SIZE
from archwatch.classifier.keywords import by_keywords
from archwatch.encoders import Vectors
from archwatch.errors import ConfigError

_NO_YEAR: Final = 0
_NO_LANGUAGE: Final = ""
_NO_KIND: Final = ""


@dataclass(frozen=True)
class Lesson:
    """One labelled item. `headline` is empty when it comes from a model's folder; `digest` is
    `Item.digest`; `listed`: whether the keyword list finds it; `chosen` and `kind`: see `Item`."""

    id: str
    label: Label
    topics: tuple[str, ...]
    language: str | None
    group: str
    year: int | None
    digest: str
    chosen: bool = False
    listed: bool = False
    headline: str = ""
    kind: str | None = None


@dataclass(frozen=True)
class Lessons:
    """All of them, row for row: `counts` (items, features), `vectors` (items, WIDTH) in half precision.

    `untitled`: how many characters of a text without title were read, and are to be read of others.
    """

    told: tuple[Lesson, ...]
    counts: csr_matrix
    vectors: Vectors
    untitled: int = MAX_CHARS

    def labels(self) -> NDArray[np.int8]:
        return np.array([lesson.label for lesson in self.told], dtype=np.int8)

    def topics(self, ids: Sequence[str]) -> NDArray[np.int8]:
        """0 and 1, shape (items, ids)."""
        found = [[topic in lesson.topics for topic in ids] for lesson in self.told]
        return np.array(found, dtype=np.int8).reshape(len(self.told), len(ids))


def lessons_of(items: Sequence[Item]) -> tuple[Lesson, ...]:
    """What the labels say, without the texts but for a headline to show."""
    return tuple(
        Lesson(
            id=item.id,
            label=item.label,
            topics=item.topics,
            language=item.language,
            group=item.group,
            year=item.year,
            digest=item.digest,
            chosen=item.chosen,
            listed=listed,
            headline=(item.title or item.summary or item.text)[:100],
            kind=item.kind,
        )
        for item, listed in zip(items, by_keywords(items), strict=True)
    )


def reach(items: Sequence[Item]) -> int:
    """How far to read a text without title: far only where that is what most `items` are."""
    return MAX_UNTITLED if sum(not item.title for item in items) > len(items) / 2 else MAX_CHARS


def joined(older: Lessons, newer: Lessons) -> Lessons:
    """Both, read alike; of an item that is in both, what `newer` says of it."""
    again = {lesson.digest for lesson in newer.told}
    kept = [row for row, lesson in enumerate(older.told) if lesson.digest not in again]
    return Lessons(
        told=(*(older.told[row] for row in kept), *newer.told),
        counts=vstack([older.counts[kept], newer.counts]).tocsr(),
        vectors=np.vstack([older.vectors[kept], newer.vectors]),
        untitled=older.untitled,
    )


def rounded(vectors: Vectors) -> Vectors:
    """As they are after they were written and read."""
    return vectors.astype(np.float16).astype(np.float32)


def write_lessons(lessons: Lessons, path: Path) -> None:
    """One file of arrays; no headline goes into it."""
    told, counts = lessons.told, lessons.counts
    ids = sorted({topic for lesson in told for topic in lesson.topics})
    np.savez_compressed(
        path,
        allow_pickle=False,
        ids=np.array([lesson.id for lesson in told]),
        groups=np.array([lesson.group for lesson in told]),
        digests=np.array([lesson.digest for lesson in told]),
        languages=np.array([lesson.language or _NO_LANGUAGE for lesson in told]),
        years=np.array([lesson.year or _NO_YEAR for lesson in told], dtype=np.int16),
        labels=lessons.labels(),
        chosen=np.array([lesson.chosen for lesson in told]),
        listed=np.array([lesson.listed for lesson in told]),
        kinds=np.array([lesson.kind or _NO_KIND for lesson in told], dtype=str),
        topic_ids=np.array(ids, dtype=str),
        # the order of an item's topics, the best first: 0 for none
        topics=np.array(
            [[lesson.topics.index(t) + 1 if t in lesson.topics else 0 for t in ids] for lesson in told],
            dtype=np.int8,
        ).reshape(len(told), len(ids)),
        counts=counts.data.astype(np.uint16),
        columns=counts.indices.astype(np.int32),
        starts=counts.indptr.astype(np.int32),
        vectors=lessons.vectors.astype(np.float16),
        untitled=np.array(lessons.untitled),
    )


def read_lessons(path: Path) -> Lessons:
    """Raises ConfigError when the file is not what `write_lessons` writes."""
    try:
        with np.load(path, allow_pickle=False) as file:
            array = dict(file)
        array.setdefault("kinds", np.full(len(array["ids"]), _NO_KIND))  # models before v4 tell none
        untitled = int(array.get("untitled", np.array(MAX_CHARS)))
        told = _told(array)
        parts = (array["counts"].astype(np.float64), array["columns"], array["starts"])
        counts = csr_matrix(parts, shape=(len(told), SIZE))
        return Lessons(told, counts, array["vectors"].astype(np.float32), untitled)
    except (OSError, ValueError, TypeError, KeyError, EOFError) as error:
        raise ConfigError(str(path), f"cannot be loaded: {error}", mend="restore it") from error


def _told(array: dict[str, NDArray[np.generic]]) -> tuple[Lesson, ...]:
    names = array["topic_ids"].tolist()
    told = []
    columns = ("ids", "labels", "languages", "groups", "years", "digests", "chosen", "listed", "kinds")
    rows = zip(*(array[name].tolist() for name in columns), strict=True)
    for row, order in zip(rows, array["topics"].tolist(), strict=True):
        id_, label, language, group, year, digest, chosen, listed, kind = row
        topics = [name for place, name in sorted(zip(order, names, strict=True)) if place]
        lesson = Lesson(id_, label, tuple(topics), language or None, group, year or None, digest)
        told.append(replace(lesson, chosen=chosen, listed=listed, kind=kind or None))
    return tuple(told)
