"""The model card: what the model is made of, how it was measured, where it ends (Mitchell et al. 2019)."""

from collections.abc import Sequence

from archwatch.classifier.evaluate import Figures, Report, as_row
from archwatch.classifier.manifest import Manifest

_LIMITS = """\
- Figures are of data that was partly drawn by keywords, and of the sources above: on others they will differ.
- The features and their regularisation were chosen with archwatch's own labelled data and these splits in
  sight: on that data the figures are somewhat flattered.
- A language without labelled items is judged by concepts (names of states, alliances, treaties and acts in
  that language) and by sentence encoders that were not trained for the subject; expect less there.
- Of archwatch's own labels many were chosen because an earlier model was unsure of them: they are harder than
  a feed's daily news, and the figures of their sources are so too.
- Borderline items (label 1) are not trained on as either; about as many of them are flagged as is told above.
- The words are those of the first 2,000 characters of a story, its sense that of 250 to 1,200: the subject is
  expected there.
- The score is calibrated on the mix of core and other items in the training data, not on that of your feeds.
"""


def card(manifest: Manifest, report: Report) -> str:
    """Markdown, for a reader who must decide whether to trust the model."""
    made, figures = manifest.trained_on, manifest.figures
    title, *rows = report.rows()
    sensitive = as_row("model, sensitive threshold", Figures(**figures["model_at_sensitive_threshold"]))
    parts = [
        f"# Model {manifest.version}",
        "Flags news items about the European security architecture, and gives their topics. A cascade: a\n"
        "linear sieve puts aside what is plainly something else; a support vector machine judges the rest\n"
        "by TF-IDF of words, of the concepts that they stand for in many languages and of the concepts that\n"
        f"meet in a sentence ({manifest.features}), and by the sense of the whole text\n"
        f"({manifest.encoders}). scikit-learn {manifest.scikit_learn}.",
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
