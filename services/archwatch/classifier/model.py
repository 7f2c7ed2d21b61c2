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
from archwatch.classifier.encoder import encode_quickly, encode_slowly
from archwatch.classifier.features import column, features, matrix
from archwatch.classifier.heads import Heads, restored_heads
from archwatch.classifier.judgement import Judgement
from archwatch.classifier.language import detect_or_declared
from archwatch.classifier.lessons import Lessons, read_lessons
from archwatch.classifier.machine import Rows
from archwatch.classifier.manifest import HEADS, LESSONS, Manifest, current_folder, read_manifest
from archwatch.contracts.entry import Entry
from archwatch.contracts.story import Relevance, TopicScore
from archwatch.errors import ConfigError

TOPIC_THRESHOLD: Final = 0.5
MAX_REASONS: Final = 5
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
        weighted = self.heads.weighted(matrix(entries))

        def some(rows: Rows) -> list[Entry]:
            return [entries[row] for row in rows]

        read = self.heads.read(
            weighted, lambda rows: encode_quickly(some(rows)), lambda rows: encode_slowly(some(rows))
        )
        flagged = np.flatnonzero(read.scores >= limit)
        given = self.heads.topic_scores(weighted[flagged], read.vectors[flagged])
        topics = dict(zip(flagged.tolist(), given, strict=True))
        machines = (self.heads.quick, self.heads.slow)
        judged = []
        for row, entry in enumerate(entries):
            score = float(read.scores[row])
            reasons: tuple[str, ...] = ()
            if score >= limit / 2:  # of what is flagged, and of what nearly was
                words = machines[int(read.slowly[row])].words
                reasons = _reasons(entry, weighted[row], words, float(read.sense[row]))
            relevance = Relevance(
                score=round(score, 4),
                threshold=limit,
                flagged=row in topics,
                model=self.version,
                reasons=reasons,
            )
            language = detect_or_declared(entry.reading(), entry.language)
            missing = {} if language else {"language": "neither declared nor clear from the text"}
            named = self._topics(topics[row]) if row in topics else ()
            judged.append(Judgement(relevance, named, language, missing))
        return judged

    def _topics(self, scores: NDArray[np.float64]) -> tuple[TopicScore, ...]:
        """Those above one half, the best first; the best one alone when none is."""
        order = sorted(range(len(scores)), key=lambda at: -scores[at])
        chosen = [at for at in order if scores[at] >= TOPIC_THRESHOLD] or order[:1]
        return tuple(
            TopicScore(id=self.manifest.topics[at], score=round(float(scores[at]), 4)) for at in chosen
        )


def _reasons(
    entry: Entry, weights: csr_matrix, coefficients: NDArray[np.float64], sense: float
) -> tuple[str, ...]:
    """The words that moved the score most, up or down, and the sense of the whole, with how much of the
    margin was theirs."""
    stands_for: dict[str, str] = {}
    for name, words in features(entry):
        stands_for.setdefault(name, words)
    if not stands_for:
        return ()
    row = dict(zip(weights.indices.tolist(), weights.data.tolist(), strict=True))
    moved: dict[str, float] = {}
    for standing, at in zip(stands_for.values(), column(list(stands_for)), strict=True):
        words = standing.casefold()
        moved[words] = moved.get(words, 0.0) + row.get(at, 0.0) * float(coefficients[at])
    told = {f"“{words}”": value for words, value in moved.items()} | {"the sense of the whole": sense}
    top = sorted(told.items(), key=lambda pair: -abs(pair[1]))[:MAX_REASONS]
    return tuple(
        f"{what} speaks {'for' if value > 0 else 'against'} ({value:+.2f})"
        for what, value in top
        if abs(value) >= 0.01
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
