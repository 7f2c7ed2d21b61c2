"""From labelled items to a model folder: measured on sources it did not see, then trained on all."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Final
from zipfile import ZIP_DEFLATED

import numpy as np
import sklearn
import skops.io
from numpy.typing import NDArray

from archwatch.classifier.card import card
from archwatch.classifier.data import Item
from archwatch.classifier.encoder import ENCODERS, Vectors, encode
from archwatch.classifier.evaluate import Figures, Report, evaluate
from archwatch.classifier.features import SCHEMA, matrix
from archwatch.classifier.folds import Rows, folds
from archwatch.classifier.heads import MIN_OF_TOPIC, Heads, Prepared, fit
from archwatch.classifier.manifest import CURRENT, HEADS, NAME, TRAINED_ON, Manifest, sha256
from archwatch.classifier.model import TOPIC_THRESHOLD
from archwatch.errors import BadInput

Progress = Callable[[str, float], None]
MIN_OF_CLASS: Final = 5
_AT_ONCE: Final = 200
_READING: Final = 0.3  # of the time


def train(items: Sequence[Item], out: Path, *, version: str, seed: int, progress: Progress) -> Path:
    """Write `out/VERSION` and make it `current`; returns the folder. The same input gives the same model.

    Raises BadInput when there is too little of a class, or the version is there already.
    """
    folder = out / version
    if folder.exists():
        raise BadInput(str(folder), "is there already", mend="give another --version")
    for label, name in ((2, "core"), (0, "no")):
        count = sum(item.label == label for item in items)
        if count < MIN_OF_CLASS:
            problem = f"{count} items with label {label} ({name}); at least {MIN_OF_CLASS} are needed"
            raise BadInput("the labelled items", problem, mend="label more of them")
    topics = _learnable(items)
    progress("reading the texts", 0.0)
    prepared = _prepared(items, topics, progress)
    report, sensitive, how = _measured(items, prepared, topics, seed, progress)
    progress("training on all", 0.9)
    heads, thresholds = fit(prepared, np.arange(len(items)), seed)
    _write(heads, folder)
    digests = sorted({item.digest for item in items})
    (folder / TRAINED_ON).write_text("\n".join(digests) + "\n", encoding="ascii")
    manifest = Manifest(
        version=version,
        features=SCHEMA,
        encoders=ENCODERS,
        scikit_learn=sklearn.__version__,
        files={name: sha256(folder / name) for name in (HEADS, TRAINED_ON)},
        threshold=thresholds.f1,
        sensitive_threshold=thresholds.recall,
        topics=topics,
        trained_on={
            "items": len(items),
            "labels": {str(label): count for label, count in sorted(Counter(i.label for i in items).items())},
            "sources": dict(sorted(Counter(item.group for item in items).items())),
            "languages": dict(sorted(Counter(item.language or "unknown" for item in items).items())),
            "seed": seed,
        },
        figures={
            "split": how,
            "model": asdict(report.overall),
            "model_at_sensitive_threshold": asdict(sensitive),
            "keyword_list": asdict(report.keywords),
            "borderline_flagged": report.borderline_flagged,
        },
    )
    (folder / NAME).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    (folder / "MODEL_CARD.md").write_text(card(manifest, report), encoding="utf-8")
    (out / CURRENT).write_text(version + "\n", encoding="utf-8")
    progress("done", 1.0)
    return folder


def _learnable(items: Sequence[Item]) -> list[str]:
    counts = Counter(topic for item in items if item.label > 0 for topic in item.topics)
    return sorted(topic for topic, count in counts.items() if count >= MIN_OF_TOPIC)


def _prepared(items: Sequence[Item], topics: Sequence[str], progress: Progress) -> Prepared:
    wanted = np.array([[topic in item.topics for topic in topics] for item in items], dtype=np.int8)
    return Prepared(
        counts=matrix(items),
        vectors=_vectors(items, progress),
        labels=[item.label for item in items],
        topics=wanted.reshape(len(items), len(topics)),
        groups=[item.group for item in items],
        digests=[item.digest for item in items],
    )


def _vectors(items: Sequence[Item], progress: Progress) -> Vectors:
    parts = []
    for start in range(0, len(items), _AT_ONCE):
        progress("reading the texts", _READING * start / len(items))
        parts.append(encode(items[start : start + _AT_ONCE]))
    return np.vstack(parts)


def _measured(
    items: Sequence[Item], prepared: Prepared, topics: Sequence[str], seed: int, progress: Progress
) -> tuple[Report, Figures, str]:
    """Each source judged by a model that saw none of it, at the thresholds which that model chose.

    The report is at the balanced threshold, the figures beside it at the sensitive one.
    """
    rows: Rows = np.arange(len(items))
    pairs, how = folds(rows, prepared.labels, prepared.groups, prepared.digests, seed)
    scores = np.zeros(len(items))
    flagged = np.zeros(len(items), dtype=bool)
    suspected = np.zeros(len(items), dtype=bool)
    given: list[list[str]] = [[] for _ in items]
    for number, (training, held_out) in enumerate(pairs):
        progress(
            f"measuring on source {number + 1} of {len(pairs)}",
            _READING + (0.9 - _READING) * number / len(pairs),
        )
        heads, thresholds = fit(prepared, training, seed)
        weighted = heads.weighted(prepared.counts[held_out])
        scores[held_out], _ = heads.scores(weighted, partial(_of, prepared.vectors[held_out]))
        flagged[held_out] = scores[held_out] >= thresholds.f1
        suspected[held_out] = scores[held_out] >= thresholds.recall
        for row, found in zip(held_out, heads.topic_scores(weighted), strict=True):
            given[row] = _given(found, topics)
    report = evaluate(items, scores, flagged, given)
    return report, evaluate(items, scores, suspected).overall, how


def _of(vectors: Vectors, rows: Rows) -> Vectors:
    return vectors[rows]


def _given(scores: NDArray[np.float64], topics: Sequence[str]) -> list[str]:
    chosen = [topic for topic, score in zip(topics, scores, strict=True) if score >= TOPIC_THRESHOLD]
    return chosen or ([topics[int(scores.argmax())]] if len(scores) else [])


def _write(heads: Heads, folder: Path) -> None:
    folder.mkdir(parents=True)
    skops.io.dump(
        {**vars(heads), "machine": vars(heads.machine)},
        folder / HEADS,
        compression=ZIP_DEFLATED,  # most weights are nought
    )
