"""From labelled items to a model folder: measured on sources and years not seen, then trained on all."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final, NamedTuple
from zipfile import ZIP_DEFLATED

import numpy as np
import sklearn
import skops.io
from numpy.typing import NDArray

from archwatch.classifier.aims import DEFAULT_AIM, Point, parse_aim, threshold_for
from archwatch.classifier.card import card
from archwatch.classifier.data import Item
from archwatch.classifier.encoder import QUICK_WIDTHS, encode_quickly, encode_slowly
from archwatch.classifier.evaluate import Figures, Report, evaluate
from archwatch.classifier.features import SCHEMA, matrix
from archwatch.classifier.fit import MIN_OF_TOPIC, fit
from archwatch.classifier.folds import by_time, folds
from archwatch.classifier.heads import Heads
from archwatch.classifier.lessons import Lesson, Lessons, joined, lessons_of, reach, rounded, write_lessons
from archwatch.classifier.machine import Rows
from archwatch.classifier.manifest import CURRENT, HEADS, LESSONS, NAME, Manifest, sha256
from archwatch.classifier.model import TOPIC_THRESHOLD
from archwatch.classifier.plots import draw
from archwatch.encoders import ENCODERS, Vectors
from archwatch.errors import BadInput

Progress = Callable[[str, float], None]
MIN_OF_CLASS: Final = 5
_AT_ONCE: Final = 100
_READING: Final = 0.3  # of the time
_MEASURED: Final = 0.9


class Measured(NamedTuple):
    """`report` at the threshold of the aim, `balanced` where precision and recall balance; `later`, where
    enough items are dated, on years not trained on, with how they were split."""

    how: str
    report: Report
    scores: NDArray[np.float64]
    balanced: Figures
    later: tuple[str, Figures] | None


def train(
    items: Sequence[Item],
    out: Path,
    *,
    version: str,
    seed: int,
    progress: Progress,
    onto: Lessons | None = None,
) -> Path:
    """Write `out/VERSION` and make it `current`; returns the folder. The same input gives the same model.

    `onto`: what another model was taught, to be learnt beside `items`. Raises BadInput when there is too
    little of a class, or the version is there already.
    """
    folder = out / version
    if folder.exists():
        raise BadInput(str(folder), "is there already", mend="give another --version")
    _enough(items, onto)
    progress("reading the texts", 0.0)
    lessons = _read(items, reach(items) if onto is None else onto.untitled, progress)
    if onto is not None:
        lessons = joined(onto, lessons)
    topics = _learnable(lessons.told)
    measured = _measured(lessons, topics, seed, progress)
    progress("training on all", _MEASURED)
    heads, curve = fit(lessons, topics, np.arange(len(lessons.told)), seed)
    _write(heads, lessons, folder)
    manifest = _manifest(version, lessons, topics, curve, measured, seed, folder)
    (folder / NAME).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    (folder / "MODEL_CARD.md").write_text(card(manifest, measured.report), encoding="utf-8")
    draw(lessons.told, measured.scores, folder)
    (out / CURRENT).write_text(version + "\n", encoding="utf-8")
    progress("done", 1.0)
    return folder


def _enough(items: Sequence[Item], onto: Lessons | None) -> None:
    told: list[Item | Lesson] = [*items, *(() if onto is None else onto.told)]
    for label, name in ((2, "core"), (0, "no")):
        count = len({one.digest for one in told if one.label == label})
        if count < MIN_OF_CLASS:
            problem = f"{count} items with label {label} ({name}); at least {MIN_OF_CLASS} are needed"
            raise BadInput("the labelled items", problem, mend="label more of them, that differ")


def _learnable(told: Sequence[Lesson]) -> list[str]:
    counts = Counter(topic for lesson in told if lesson.label > 0 for topic in lesson.topics)
    return sorted(topic for topic, count in counts.items() if count >= MIN_OF_TOPIC)


def _read(items: Sequence[Item], untitled: int, progress: Progress) -> Lessons:
    parts: list[Vectors] = [np.hstack([encode_quickly([]), encode_slowly([])])]
    for start in range(0, len(items), _AT_ONCE):
        progress(f"reading the texts, {start} of {len(items)}", _READING * start / len(items))
        some = items[start : start + _AT_ONCE]
        parts.append(np.hstack([encode_quickly(some, untitled), encode_slowly(some)]))
    return Lessons(lessons_of(items), matrix(items, untitled), rounded(np.vstack(parts)), untitled)


def _measured(lessons: Lessons, topics: Sequence[str], seed: int, progress: Progress) -> Measured:
    """Each source judged by a model that saw none of it, at the thresholds which that model chose; and the
    latest years by a model of those before."""
    told = lessons.told
    rows: Rows = np.arange(len(told))
    pairs, how = folds(rows, told, seed)
    split = by_time(told)
    fits = len(pairs) + (split is not None)
    scores = np.zeros(len(told))
    flagged, balanced = np.zeros(len(told), dtype=bool), np.zeros(len(told), dtype=bool)
    passed = np.zeros(len(told), dtype=bool)
    given: list[list[str]] = [[] for _ in told]
    for number, (training, held_out) in enumerate(pairs):
        step = f"measuring on sources held out, {number + 1} of {len(pairs)}"
        progress(step, _READING + (_MEASURED - _READING) * number / fits)
        tested = _tested(lessons, topics, training, held_out, seed)
        scores[held_out] = tested.scores
        flagged[held_out] = tested.scores >= tested.threshold
        balanced[held_out] = tested.scores >= tested.balance
        passed[held_out[tested.passing]] = True
        for row, found in zip(held_out, tested.topics, strict=True):
            given[row] = _given(found, topics)
    later = None
    if split is not None:
        progress("measuring on later years", _READING + (_MEASURED - _READING) * len(pairs) / fits)
        tested = _tested(lessons, topics, split.earlier, split.later, seed)
        after = evaluate(
            [told[row] for row in split.later], tested.scores, tested.scores >= tested.threshold
        ).overall
        later = (f"{split.year} and later, by a model of the years before", after)
    report = evaluate(told, scores, flagged, given, passed)
    return Measured(how, report, scores, evaluate(told, scores, balanced).overall, later)


class _Tested(NamedTuple):
    scores: NDArray[np.float64]
    topics: NDArray[np.float64]
    passing: Rows
    threshold: float
    balance: float


def _tested(lessons: Lessons, topics: Sequence[str], training: Rows, held_out: Rows, seed: int) -> _Tested:
    heads, curve = fit(lessons, topics, training, seed)
    weighted, vectors = heads.weighted(lessons.counts[held_out]), lessons.vectors[held_out]
    width = sum(QUICK_WIDTHS)
    read = heads.read(weighted, lambda rows: vectors[rows, :width], lambda rows: vectors[rows, width:])
    return _Tested(
        read.scores,
        heads.topic_scores(weighted, vectors[:, :width]),
        heads.passing(weighted),
        threshold_for(parse_aim(DEFAULT_AIM), curve, "of a part"),
        threshold_for(parse_aim("balance"), curve, "of a part"),
    )


def _given(scores: NDArray[np.float64], topics: Sequence[str]) -> list[str]:
    chosen = [topic for topic, score in zip(topics, scores, strict=True) if score >= TOPIC_THRESHOLD]
    return chosen or ([topics[int(scores.argmax())]] if len(scores) else [])


def _write(heads: Heads, lessons: Lessons, folder: Path) -> None:
    folder.mkdir(parents=True)
    write_lessons(lessons, folder / LESSONS)
    skops.io.dump(heads.stored(), folder / HEADS, compression=ZIP_DEFLATED)  # most weights are nought


def _manifest(
    version: str,
    lessons: Lessons,
    topics: list[str],
    curve: list[Point],
    measured: Measured,
    seed: int,
    folder: Path,
) -> Manifest:
    told = lessons.told
    figures = {
        "split": measured.how,
        "model": asdict(measured.report.overall),
        "model_balanced": asdict(measured.balanced),
        "keyword_list": asdict(measured.report.keywords),
        "borderline_flagged": measured.report.borderline_flagged,
        "sieve": asdict(measured.report.sieve) if measured.report.sieve else None,
        "hard_negatives": {
            name: asdict(part) for name, part in measured.report.parts.items() if name.startswith("hard neg")
        },
    }
    if measured.later is not None:
        figures["later_split"], figures["later"] = measured.later[0], asdict(measured.later[1])
    return Manifest(
        version=version,
        features=SCHEMA,
        encoders=ENCODERS,
        scikit_learn=sklearn.__version__,
        files={name: sha256(folder / name) for name in (HEADS, LESSONS)},
        threshold=threshold_for(parse_aim(DEFAULT_AIM), curve, version),
        aim=DEFAULT_AIM,
        curve=curve,
        topics=topics,
        trained_on={
            "items": len(told),
            "chosen": sum(lesson.chosen for lesson in told),
            "labels": _counts(str(lesson.label) for lesson in told),
            "sources": _counts(lesson.group for lesson in told),
            "languages": _counts(lesson.language or "unknown" for lesson in told),
            "seed": seed,
        },
        figures=figures,
    )


def _counts(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))
