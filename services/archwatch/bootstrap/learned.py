"""Models and coder, loaded where they are used: scikit-learn takes seconds, and most commands need none."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from archwatch.bootstrap.adapters import utc_now
from archwatch.contracts.entry import Entry
from archwatch.errors import BadInput
from archwatch.extractor.extract import Coder, Extraction, extract
from archwatch.settings import Settings

if TYPE_CHECKING:
    from archwatch.classifier.evaluate import Report
    from archwatch.classifier.judgement import Judgement
    from archwatch.classifier.model import Model
    from archwatch.extractor.examine import Report as CodingReport
    from archwatch.extractor.plv import Report as PlvReport


def model_of(models: Path) -> "Model":
    """The current model of the folder. Raises ConfigError for one that is not whole or does not fit."""
    from archwatch.classifier.model import load_model

    return load_model(models)


def judge(settings: Settings, models: Path) -> Callable[[Sequence[Entry]], "list[Judgement]"]:
    """The classifier as a plain function."""
    model = model_of(models)
    limit = model.limit(settings.classifier.threshold)
    return lambda entries: model.judge(entries, limit)


def train(
    data: Sequence[Path],
    out: Path,
    *,
    onto: Path | None,
    version: str | None,
    seed: int,
    progress: Callable[[str, float], None],
) -> Path:
    """Train a model on the files `data`, beside what the current model of the folder `onto` was taught, and
    make it current; returns its folder."""
    from archwatch.classifier.data import read_items

    items = read_items(data)  # first: a mistake in it should be told before the wait for scikit-learn
    from archwatch.classifier.train import train

    older = None if onto is None else model_of(onto)
    parts = sorted(f"{item.id} {item.label} {' '.join(item.topics)}" for item in items)
    parts += [older.version] if older else []
    # the day, and a hash of what it learns: two sets of labels never share a name
    name = version or f"{utc_now():%Y%m%d}-{hashlib.sha256(chr(10).join(parts).encode()).hexdigest()[:8]}"
    lessons = None if older is None else older.lessons
    return train(items, out, version=name, seed=seed, progress=progress, onto=lessons)


def evaluate(
    data: Sequence[Path], settings: Settings, models: Path, plots: Path | None
) -> "tuple[Report, int, list[Path]]":
    """How good the current model is on the files `data`, how many of their items were left out because it
    was trained on them, and the plots written to the folder `plots`.

    Raises BadInput when none is left.
    """
    from archwatch.classifier.data import read_items
    from archwatch.classifier.examine import examine

    items = read_items(data)
    model = model_of(models)
    return examine(model, items, model.limit(settings.classifier.threshold), plots)


def coder_of(settings: Settings) -> Coder:
    """Actors, verbs and judge, loaded. Raises ConfigError for a file that is wrong."""
    extractor = settings.extractor
    return Coder.load(extractor.actors, extractor.verbs, extractor.model or Path("models/events"))


def coder(settings: Settings) -> Callable[[Entry], Extraction]:
    """The extractor as a plain function."""
    from archwatch.classifier.language import detect_or_declared

    ours = coder_of(settings)

    def code(entry: Entry) -> Extraction:
        return extract(
            entry.title,
            entry.summary,
            entry.text,
            published_at=entry.published_at,
            language=detect_or_declared(entry.reading(), entry.language),
            coder=ours,
        )

    return code


def evaluate_events(
    gold: Path, data: Sequence[Path], settings: Settings
) -> "tuple[CodingReport | PlvReport, list[BadInput]]":
    """How well the file `gold` is coded, its texts in it or in the files `data`; and the cases of no use.

    Raises BadInput when all are of no use.
    """
    from archwatch.classifier.language import detect_or_declared
    from archwatch.extractor.examine import examine_file

    return examine_file(gold, data, coder_of(settings), lambda text: detect_or_declared(text, None))
