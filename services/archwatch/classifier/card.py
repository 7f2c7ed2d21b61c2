"""The model card: what the model is made of, how it was measured, where it ends (Mitchell et al. 2019)."""

from collections.abc import Sequence

from archwatch.classifier.evaluate import Figures, Report, as_row
from archwatch.classifier.manifest import Manifest

_LIMITS = """\
- Figures are of data that was partly drawn by keywords, and of the sources above: on others they will differ.
- The features and their regularisation were chosen with archwatch's own labelled data and these splits in
  sight: on that data the figures are somewhat flattered.
- A language without labelled items is judged by concepts alone (names of states, alliances, treaties and acts
  in that language) and by what it shares with others; expect less there.
- Borderline items (label 1) are not trained on as either; about as many of them are flagged as is told above.
- It reads the first 2,000 characters of a story: the subject is expected there.
- The score is calibrated on the mix of core and other items in the training data, not on that of your feeds.
"""


def card(manifest: Manifest, report: Report) -> str:
    """Markdown, for a reader who must decide whether to trust the model."""
    made, figures = manifest.trained_on, manifest.figures
    title, *rows = report.rows()
    sensitive = as_row("model, sensitive threshold", Figures(**figures["model_at_sensitive_threshold"]))
    parts = [
        f"# Model {manifest.version}",
        "Flags news items about the European security architecture, and gives their topics. Logistic\n"
        "regression on TF-IDF of words, of the concepts that they stand for in many languages, and of the\n"
        f"concepts that meet in a sentence ({manifest.features}); scikit-learn {manifest.scikit_learn}.",
        "## Made of",
        f"{made['items']} labelled items. Labels (2 core, 1 borderline, 0 no): {_list(made['labels'])}.\n\n"
        f"Sources: {_list(made['sources'])}.\n\n"
        f"Languages: {_list(made['languages'])}. Seed {made['seed']}.",
        "## Measured",
        f"Split {figures['split']}: each item is judged by a model that saw nothing of its source, at the\n"
        "threshold which that model chose from its own training data. Core against no; the keyword list is\n"
        "judged on the same items.",
        _table([title, rows[0], sensitive, *rows[1:]]),
        f"Borderline items flagged: {_share(report.borderline_flagged)}.",
        "Topics, of items that are core or borderline:",
        _table([("topic", *title[1:6]), *((n, *row[1:6]) for n, row in _topic_rows(report))]),
        "## Thresholds",
        f"{manifest.threshold:.3f} balances precision and recall, and is what flags.\n"
        f"{manifest.sensitive_threshold:.3f} aims at a recall of 0.95 on sources not trained on.\n"
        "`classifier.threshold` sets another.",
        "## Limits",
        _LIMITS.rstrip(),
    ]
    return "\n\n".join(parts) + "\n"


def _topic_rows(report: Report) -> list[tuple[str, tuple[str, ...]]]:
    as_parts = Report(report.overall, report.keywords, report.topics, {}, None, (), ()).rows()[3:]
    return [(row[0], row) for row in as_parts]


def _table(rows: Sequence[Sequence[str]]) -> str:
    head, *rest = rows
    lines = [head, ["---"] * len(head), *rest]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _list(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def _share(value: float | None) -> str:
    return "none were given" if value is None else f"{value:.0%}"
