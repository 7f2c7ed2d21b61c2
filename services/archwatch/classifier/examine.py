"""An examination: the model judges labelled items that it was not taught."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from archwatch.classifier.data import Item, entry_of
from archwatch.classifier.evaluate import Report, evaluate
from archwatch.classifier.features import matrix
from archwatch.classifier.lessons import lessons_of
from archwatch.classifier.model import Model
from archwatch.errors import BadInput


def examine(
    model: Model, given: Sequence[Item], threshold: float, plots: Path | None = None
) -> tuple[Report, int, list[Path]]:
    """The report at `threshold`, how many items were left out, and the plots written to the folder `plots`.

    Raises BadInput when the model was taught all of them.
    """
    taught = {lesson.digest for lesson in model.lessons.told}
    items = [item for item in given if item.digest not in taught]
    if not items:
        mend = "give others: on its own training data every model looks good"
        raise BadInput("the labelled items", "the model was trained on all of them", mend=mend)
    judged = model.judge([entry_of(item) for item in items], threshold)
    told = lessons_of(items)
    scores = np.array([one.relevance.score for one in judged], dtype=np.float64)
    flagged = np.array([one.relevance.flagged for one in judged], dtype=bool)
    passed = np.zeros(len(items), dtype=bool)
    passed[model.heads.passing(model.heads.weighted(matrix(items, model.lessons.untitled)))] = True
    topics = [[topic.id for topic in one.topics] for one in judged]
    known = set(model.manifest.topics)
    report = replace(
        evaluate(told, scores, flagged, topics, passed),
        unlearnt=sorted({topic for item in items for topic in item.topics} - known),
    )
    if plots is None:
        return report, len(given) - len(items), []
    from archwatch.classifier.plots import draw  # here: it takes a second to import

    return report, len(given) - len(items), draw(told, scores, plots)
