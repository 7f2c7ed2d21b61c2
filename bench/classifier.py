"""`make bench`: how many items a second the classifier judges, and what the cascade saves.

Two piles of 2,000: headlines, and articles of 500 words, one in twenty about the subject. They are put
together from the project's own seed stories and test items, or from the files of JSON lines that are
named; a text is repeated until it is long enough. Few of our own differ, and a text that comes twice in a
batch is encoded once, which flatters us: name a file of thousands for the rate on news. Beside the
shipped model, in the same run: the plain scikit-learn pipeline of word and character n-grams with
logistic regression, and embedding everything. As classifiers on Kafka are as many processes as wanted,
the model is measured in one process for each core too.
"""

import os
import random
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from archwatch.classifier.data import Item, entry_of, read_items
from archwatch.classifier.encoder import encode_quickly, encode_slowly
from archwatch.classifier.features import matrix
from archwatch.classifier.model import Model, load_model

ROOT = Path(__file__).parent.parent
COUNT, WORDS, SHARE, BATCH = 2_000, 500, 20, 200
CORES = os.cpu_count() or 1


def main() -> None:
    given = [Path(name) for name in sys.argv[1:]]
    items = read_items(given or [ROOT / "seeds/stories.yaml", ROOT / "tests/classifier/items.yaml"])
    model = _model()
    plain = make_pipeline(
        make_union(
            TfidfVectorizer(ngram_range=(1, 2)), TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5))
        ),
        LogisticRegression(),
    ).fit([_text(item) for item in items], [item.label == 2 for item in items])
    ways: dict[str, Callable[[Sequence[Item]], object]] = {
        "archwatch, the whole judgement": lambda pile: _judge(model, pile),
        "plain TF-IDF of words and characters": lambda pile: plain.predict_proba([_text(i) for i in pile]),
        "embedding everything": lambda pile: (encode_quickly(pile), encode_slowly(pile)),
    }
    table = Table("items a second", "headlines", f"articles of {WORDS} words")
    piles = [_pile(items, whole=False), _pile(items, whole=True)]
    _judge(model, piles[0][:10])  # loads the encoders and the language table
    for name, judge in ways.items():
        table.add_row(name, *(f"{_rate(judge, pile):,.0f}" for pile in piles))
    with ProcessPoolExecutor(CORES, get_context("spawn"), threadpool_limits, (1,)) as processes:
        list(processes.map(_judge_there, [piles[0][:10]] * CORES * 2))
        rates = (f"{_rate_of_many(processes, pile):,.0f}" for pile in piles)
        table.add_row(f"archwatch, {CORES} processes", *rates)
    Console().print(table, f"{CORES} cores; one process but for the last row")
    for name, pile in zip(("headlines", "articles"), piles, strict=True):
        quick, slow = _asked(model, pile)
        differ = len({_text(item) for item in pile})
        Console().print(
            f"of the {name} {differ:,} differ (a text met again in a batch is encoded once), "
            f"{quick:.1%} pass the sieve, {slow:.1%} need the slow encoder"
        )


def _asked(model: Model, pile: Sequence[Item]) -> tuple[float, float]:
    read = model.heads.read(
        model.heads.weighted(matrix(pile)),
        lambda rows: encode_quickly([pile[row] for row in rows]),
        lambda rows: encode_slowly([pile[row] for row in rows]),
    )
    return float(read.vectors.any(axis=1).mean()), float(read.slowly.mean())


def _pile(items: Sequence[Item], *, whole: bool) -> list[Item]:
    draw = random.Random(1)
    about = [item for item in items if item.label == 2]
    other = [item for item in items if item.label == 0]
    pile = []
    for number in range(COUNT):
        item = draw.choice(other if number % SHARE else about)
        words = cycle((item.text or item.summary or item.title).split())
        text = " ".join(islice(words, WORDS)) if whole else ""
        pile.append(replace(item, id=str(number), summary="", text=text))
    return pile


def _text(item: Item) -> str:
    return f"{item.title} {item.summary} {item.text}"


def _judge(model: Model, pile: Sequence[Item]) -> None:
    model.judge([entry_of(item) for item in pile])


def _batches(pile: Sequence[Item]) -> list[Sequence[Item]]:
    return [pile[start : start + BATCH] for start in range(0, len(pile), BATCH)]


def _rate(judge: Callable[[Sequence[Item]], object], pile: Sequence[Item]) -> float:
    started = time.perf_counter()
    for batch in _batches(pile):
        judge(batch)
    return len(pile) / (time.perf_counter() - started)


def _rate_of_many(processes: ProcessPoolExecutor, pile: Sequence[Item]) -> float:
    started = time.perf_counter()
    list(processes.map(_judge_there, _batches(pile)))
    return len(pile) / (time.perf_counter() - started)


@cache
def _model() -> Model:
    """In each process one of its own."""
    return load_model(ROOT / "models")


def _judge_there(pile: Sequence[Item]) -> None:
    _judge(_model(), pile)


if __name__ == "__main__":
    main()
