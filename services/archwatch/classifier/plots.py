"""Two pictures: are the scores true (reliability), and what does recall cost (precision-recall)?"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray
from sklearn.calibration import CalibrationDisplay
from sklearn.metrics import PrecisionRecallDisplay

from archwatch.classifier.lessons import Lesson

RELIABILITY: Final = "reliability.png"
PRECISION_RECALL: Final = "precision-recall.png"
_INCHES: Final = (6.0, 5.0)


def draw(told: Sequence[Lesson], scores: NDArray[np.float64], folder: Path) -> list[Path]:
    """Write both into `folder`, of the clear items; returns the files: none without core or others."""
    clear = [at for at, lesson in enumerate(told) if lesson.label != 1]
    core = np.array([told[at].label == 2 for at in clear], dtype=bool)
    if not core.any() or core.all():
        return []
    folder.mkdir(parents=True, exist_ok=True)
    listed = np.array([told[at].listed for at in clear], dtype=bool)
    files = [folder / RELIABILITY, folder / PRECISION_RECALL]
    for path, plot in zip(files, (_reliability, _precision_recall), strict=True):
        figure = Figure(figsize=_INCHES, layout="constrained")
        FigureCanvasAgg(figure)
        plot(figure, core, scores[clear], listed)
        figure.savefig(path, dpi=120, metadata={"Software": None})
    return files


def _reliability(
    figure: Figure, core: NDArray[np.bool_], scores: NDArray[np.float64], _listed: NDArray[np.bool_]
) -> None:
    above, below = figure.subplots(2, 1, height_ratios=(3, 1), sharex=True)
    CalibrationDisplay.from_predictions(core, np.clip(scores, 0, 1), n_bins=10, ax=above, name="archwatch")
    above.set(title=f"Of what scores 0.8, is 80 % core? ({len(core)} items)", xlabel="")
    above.set_ylabel("share that is core")
    below.hist(scores, bins=20, range=(0, 1))
    below.set(xlabel="score", ylabel="items", yscale="log")


def _precision_recall(
    figure: Figure, core: NDArray[np.bool_], scores: NDArray[np.float64], listed: NDArray[np.bool_]
) -> None:
    axes = figure.subplots()
    PrecisionRecallDisplay.from_predictions(core, scores, ax=axes, name="archwatch")
    if listed.any():
        hits = (core & listed).sum()
        axes.plot(hits / core.sum(), hits / listed.sum(), "o", color="tab:red", label="keyword list")
    axes.set(title=f"Core against no ({core.sum()} of {len(core)})", xlabel="recall", ylabel="precision")
    axes.set(xlim=(0, 1.02), ylim=(0, 1.02))
    axes.legend(loc="lower left")
