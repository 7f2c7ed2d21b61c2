"""The trained model: entries in, judgements out. Pure once loaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import skops.io
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from archwatch.classifier.aims import parse_aim, threshold_for
from archwatch.classifier.encoder import QUICK_WIDTHS, encode_quickly, encode_slowly
from archwatch.classifier.features import matrix
from archwatch.classifier.heads import Heads, Reading, restored_heads
from archwatch.classifier.judgement import Judgement
from archwatch.classifier.language import detect_or_declared
from archwatch.classifier.lessons import Lessons, read_lessons
from archwatch.classifier.machine import Rows
from archwatch.classifier.manifest import HEADS, LESSONS, Manifest, current_folder, read_manifest
from archwatch.classifier.reasons import reasons
from archwatch.contracts.entry import Entry
from archwatch.contracts.story import Relevance, TopicScore
from archwatch.errors import ConfigError

TOPIC_THRESHOLD: Final = 0.5
# beside what skops trusts by itself: scikit-learn's own answer for a topic that every item had
_TRUSTED: Final = ["sklearn.multiclass._ConstantPredictor"]


@dataclass(frozen=True)
class Model:
    """A loaded model."""

    manifest: Manifest
    heads: Heads
    lessons: Lessons

    @property
    def version(self) -> str:
        return self.manifest.version

    @property
    def threshold(self) -> float:
        return self.manifest.threshold

    def limit(self, wanted: float | str | None) -> float:
        """The threshold that `wanted` means: None the model's own, a number itself, a text an aim.

        Raises ConfigError when the model reached that aim at no threshold.
        """
        if isinstance(wanted, str):
            return threshold_for(parse_aim(wanted), self.manifest.curve, self.version)
        return self.threshold if wanted is None else wanted

    def judge(self, entries: Sequence[Entry], threshold: float | None = None) -> list[Judgement]:
        """One judgement for each entry, in order; flagged at `threshold` (None: the model's) and above."""
        if not entries:
            return []
        limit = self.limit(threshold)
        weighted = self.heads.weighted(matrix(entries, self.lessons.untitled))

        def some(rows: Rows) -> list[Entry]:
            return [entries[row] for row in rows]

        read = self.heads.read(
            weighted,
            lambda rows: encode_quickly(some(rows), self.lessons.untitled),
            lambda rows: encode_slowly(some(rows)),
        )
        flagged = np.flatnonzero(read.scores >= limit)
        given = self.heads.topic_scores(weighted[flagged], read.vectors[flagged, : sum(QUICK_WIDTHS)])
        topics = dict(zip(flagged.tolist(), given, strict=True))
        # of what is flagged, and of what nearly was
        why = self._reasons(entries, np.flatnonzero(read.scores >= limit / 2), weighted, read)
        judged = []
        for row, entry in enumerate(entries):
            score = float(read.scores[row])
            relevance = Relevance(
                score=round(score, 4),
                threshold=limit,
                flagged=row in topics,
                model=self.version,
                reasons=why.get(row, ()),
            )
            language = detect_or_declared(entry.reading(), entry.language)
            missing = {} if language else {"language": "neither declared nor clear from the text"}
            named = self._topics(topics[row]) if row in topics else ()
            judged.append(Judgement(relevance, named, language, missing))
        return judged

    def _reasons(
        self, entries: Sequence[Entry], rows: Rows, weighted: csr_matrix, read: Reading
    ) -> dict[int, tuple[str, ...]]:
        """Of each of `rows`, by the judge that was asked last."""
        found = {}
        for machine, slowly in ((self.heads.quick, False), (self.heads.slow, True)):
            some = rows[read.slowly[rows] == slowly]
            vectors = read.vectors[some, : machine.width]
            likeness = machine.likeness(vectors) * vectors.any(axis=1, keepdims=True)  # sieve alone: 0
            for row, alike in zip(some.tolist(), likeness, strict=True):
                found[row] = reasons(
                    entries[row], weighted[row], machine, alike, self.lessons.told, self.lessons.untitled
                )
        return found

    def _topics(self, scores: NDArray[np.float64]) -> tuple[TopicScore, ...]:
        """Those above one half, the best first; the best one alone when none is."""
        order = sorted(range(len(scores)), key=lambda at: -scores[at])
        chosen = [at for at in order if scores[at] >= TOPIC_THRESHOLD] or order[:1]
        return tuple(
            TopicScore(id=self.manifest.topics[at], score=round(float(scores[at]), 4)) for at in chosen
        )


def load_model(models: Path) -> Model:
    """The model that `models/current` names. Raises ConfigError for one that is not whole or does not fit."""
    folder = current_folder(models)
    manifest = read_manifest(folder)
    lessons = read_lessons(folder / LESSONS)
    path = folder / HEADS
    try:
        parts = skops.io.load(path, trusted=_TRUSTED)
    except Exception as error:
        # skops raises its own errors and whatever the types inside raise; none of them is ours
        raise ConfigError(str(path), f"cannot be loaded: {error}", mend="restore it") from error
    return Model(manifest, restored_heads(parts, lessons.vectors), lessons)
