"""The trained model: entries in, judgements out. Pure once loaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import skops.io
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from archwatch.classifier.encoder import Vectors, encode
from archwatch.classifier.features import column, features, matrix
from archwatch.classifier.folds import Rows
from archwatch.classifier.heads import Heads
from archwatch.classifier.judgement import Judgement
from archwatch.classifier.language import detect_or_declared
from archwatch.classifier.machine import Machine
from archwatch.classifier.manifest import HEADS, TRAINED_ON, Manifest, current_folder, read_manifest
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
    trained_on: frozenset[str]  # Item.digest of every item of the training data

    @property
    def version(self) -> str:
        return self.manifest.version

    @property
    def threshold(self) -> float:
        return self.manifest.threshold

    def judge(self, entries: Sequence[Entry], threshold: float | None = None) -> list[Judgement]:
        """One judgement for each entry, in order; flagged at `threshold` (None: the model's) and above."""
        if not entries:
            return []
        limit = self.threshold if threshold is None else threshold
        weighted = self.heads.weighted(matrix(entries))
        scores, sense = self.heads.scores(weighted, partial(_encoded, entries))
        flagged = np.flatnonzero(scores >= limit)
        topics = dict(zip(flagged.tolist(), self.heads.topic_scores(weighted[flagged]), strict=True))
        return [
            self._judgement(
                entry, float(scores[row]), limit, topics.get(row), (weighted[row], float(sense[row]))
            )
            for row, entry in enumerate(entries)
        ]

    def _judgement(
        self,
        entry: Entry,
        score: float,
        limit: float,
        topics: NDArray[np.float64] | None,
        moved_by: tuple[csr_matrix, float],
    ) -> Judgement:
        """`topics` None: not flagged. Reasons are told of what is flagged, and of what nearly was."""
        language = detect_or_declared(entry.reading(), entry.language)
        relevance = Relevance(
            score=round(score, 4),
            threshold=limit,
            flagged=topics is not None,
            model=self.version,
            reasons=self._reasons(entry, *moved_by) if score >= limit / 2 else (),
        )
        missing = {} if language else {"language": "neither declared nor clear from the text"}
        return Judgement(relevance, () if topics is None else self._topics(topics), language, missing)

    def _topics(self, scores: NDArray[np.float64]) -> tuple[TopicScore, ...]:
        """Those above one half, the best first; the best one alone when none is."""
        order = sorted(range(len(scores)), key=lambda at: -scores[at])
        chosen = [at for at in order if scores[at] >= TOPIC_THRESHOLD] or order[:1]
        return tuple(
            TopicScore(id=self.manifest.topics[at], score=round(float(scores[at]), 4)) for at in chosen
        )

    def _reasons(self, entry: Entry, weights: csr_matrix, sense: float) -> tuple[str, ...]:
        """The words that moved the score most, up or down, and the sense of the whole, with how much of the
        margin was theirs."""
        stands_for: dict[str, str] = {}
        for name, words in features(entry):
            stands_for.setdefault(name, words)
        if not stands_for:
            return ()
        row = dict(zip(weights.indices.tolist(), weights.data.tolist(), strict=True))
        coefficients = self.heads.machine.words
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


def _encoded(entries: Sequence[Entry], rows: Rows) -> Vectors:
    return encode([entries[row] for row in rows])


def load_model(models: Path) -> Model:
    """The model that `models/current` names. Raises ConfigError for one that is not whole or does not fit."""
    folder = current_folder(models)
    manifest = read_manifest(folder)
    path = folder / HEADS
    try:
        parts = skops.io.load(path, trusted=_TRUSTED)
    except Exception as error:
        # skops raises its own errors and whatever the types inside raise; none of them is ours
        raise ConfigError(str(path), f"cannot be loaded: {error}", mend="restore it") from error
    trained_on = frozenset((folder / TRAINED_ON).read_text(encoding="ascii").split())
    machine = Machine(**parts.pop("machine"))
    return Model(manifest, Heads(machine=machine, **parts), trained_on)
