"""The model card: what the model is made of, how it was measured, where it ends (Mitchell et al. 2019)."""

from collections.abc import Sequence
from typing import Final

from archwatch.classifier.aims import parse_aim, threshold_for
from archwatch.classifier.evaluate import Figures, Report, as_row
from archwatch.classifier.manifest import Manifest
from archwatch.errors import ConfigError

_AIMS: Final = ("recall 0.98", "recall 0.95", "recall 0.9", "balance", "precision 0.95", "precision 0.98")
_LIMITS = """\
- Figures are of data that was partly drawn by keywords, and of the sources above: on others they will differ.
- The features and their regularisation were chosen with archwatch's own labelled data and these splits in
  sight: on that data the figures are somewhat flattered.
- A language without labelled items is judged by concepts (names of states, alliances, treaties and acts in
  that language) and by sentence encoders that were not trained for the subject; expect less there.
- Many items were chosen because an earlier model was unsure of them ("chosen for being hard"): they are
  harder than a feed's daily news, and the figures of their sources are so too. Thresholds and calibration
  rest on the others.
- Borderline items (label 1) are taught as both, with little weight; as many are flagged as is told above.
- The words are those of the first 600 characters of a story, its sense that of 250 to 300: the subject is
  expected there. Only a model taught mostly on texts without title reads more of such: 3,000 characters for
  their words, 1,800 for their sense.
- The score is calibrated on the mix of core and other items in the training data, not on that of your feeds.
"""


def card(manifest: Manifest, report: Report) -> str:
    """Markdown, for a reader who must decide whether to trust the model."""
    made, figures = manifest.trained_on, manifest.figures
    title, *rows = report.rows()
    others = [as_row("model, balanced", Figures(**figures["model_balanced"]))]
    if "later" in figures:
        others.append(as_row(figures["later_split"], Figures(**figures["later"])))
    parts = [
        f"# Model {manifest.version}",
        "Flags news items and gives their topics: the shipped model those about the European security\n"
        "architecture. A cascade: a linear sieve puts aside what is plainly something else; a support\n"
        "vector machine judges the rest by TF-IDF of words, of the concepts that they stand for in many\n"
        f"languages and of the concepts that meet in a sentence ({manifest.features}), and by the\n"
        f"sense of the whole text ({manifest.encoders}); the second\n"
        f"encoder is asked where the first leaves doubt. scikit-learn {manifest.scikit_learn}.",
        "## Made of",
        f"{made['items']} labelled items, {made['chosen']} of them chosen for being hard.\n\n"
        f"Labels (2 core, 1 borderline, 0 no): {_list(made['labels'])}.\n\n"
        f"Sources: {_list(made['sources'])}.\n\n"
        f"Languages: {_list(made['languages'])}. Seed {made['seed']}.",
        "## Measured",
        f"Split {figures['split']}: each item is judged by a model that saw nothing of its source, at the\n"
        "threshold which that model chose from its own training data. Core against no; the keyword list is\n"
        "judged on the same items.",
        _table([title, rows[0], *others, *rows[1:]]),
        f"Borderline items flagged: {_share(report.borderline_flagged)}. On sources held out {report.sieve}.",
        "Topics, of items that are core or borderline:",
        _table(report.topic_rows()),
        "## Thresholds",
        f"{manifest.threshold:.3f} is what flags: of the thresholds with the stated aim, {manifest.aim},\n"
        "in validation on sources held out, the one of highest F1. `classifier.threshold` in the\n"
        "configuration sets another, or another aim:",
        _aims(manifest),
        "## Limits",
        _LIMITS.rstrip(),
    ]
    return "\n\n".join(parts) + "\n"


def _aims(manifest: Manifest) -> str:
    """What other aims would cost."""
    rows = [("aim", "threshold", "precision", "recall")]
    for aim in _AIMS:
        try:
            threshold = threshold_for(parse_aim(aim), manifest.curve, manifest.version)
        except ConfigError:
            rows.append((aim, "none reaches it", "", ""))
            continue
        precision, recall = next(point[1:] for point in manifest.curve if point[0] == threshold)
        rows.append((aim, f"{threshold:.3f}", f"{precision:.3f}", f"{recall:.3f}"))
    return _table(rows)


def _table(rows: Sequence[Sequence[str]]) -> str:
    head, *rest = rows
    lines = [head, ["---"] * len(head), *rest]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _list(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def _share(value: float | None) -> str:
    return "none were given" if value is None else f"{value:.0%}"
