"""Reasons: what a story reads like, by the lessons nearest to it."""

import numpy as np
import pytest

from archwatch.classifier.lessons import Lesson
from archwatch.classifier.reasons import reads_like


def lesson(label: int, *topics: str) -> Lesson:
    return Lesson("x", 2 if label == 2 else 0, topics, "en", "g", None, "d")


NEAR = [lesson(2, "arms-control", "nuclear"), lesson(2, "arms-control"), lesson(0), lesson(2, "order")]


@pytest.mark.parametrize(
    ("likeness", "said"),
    [
        ([0.9, 0.8, 0.9, 0.2], "that it reads like stories about arms control"),
        ([0.5, 0.4, 0.9, 0.8], "that it reads like stories about arms control and order"),
        ([0.0, 0.1, 0.1, 0.9], "that it reads like stories about order"),
    ],
)
def test_a_story_reads_like_the_topics_of_the_nearest_core_lessons(likeness: list[float], said: str) -> None:
    assert reads_like(NEAR, np.array(likeness), core=True) == said


def test_what_reads_like_other_news_says_so() -> None:
    assert reads_like(NEAR, np.ones(4), core=False) == "that it reads like other news"


def test_lessons_without_topics_name_none() -> None:
    assert (
        reads_like([lesson(2), lesson(0)], np.ones(2), core=True) == "that it reads like what is looked for"
    )
