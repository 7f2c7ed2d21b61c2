"""The plots are pictures, and none is drawn of what they cannot show."""

from pathlib import Path

import numpy as np
import pytest

from archwatch.classifier.lessons import Lesson
from archwatch.classifier.plots import draw


def told(*labels: int) -> list[Lesson]:
    return [
        Lesson(str(at), label, (), "en", "g", None, str(at), listed=at == 0)  # type: ignore[arg-type]
        for at, label in enumerate(labels)
    ]


def test_two_pictures_are_drawn(tmp_path: Path) -> None:
    files = draw(told(2, 0, 1, 2, 0), np.array([0.9, 0.2, 0.5, 0.6, 0.0]), tmp_path / "new")
    assert [path.name for path in files] == ["reliability.png", "precision-recall.png"]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in files)


@pytest.mark.parametrize("labels", [(2, 2), (0, 1), (1, 1)])
def test_of_one_class_alone_nothing_is_drawn(tmp_path: Path, labels: tuple[int, ...]) -> None:
    assert draw(told(*labels), np.array([0.5, 0.6]), tmp_path / "new") == []
    assert not (tmp_path / "new").exists()
