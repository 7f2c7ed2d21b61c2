"""One story, once: how well entries are joined, beside TF-IDF cosine in a time window, and how fast.

    python bench/clusters.py DATA...         JSON lines with the texts of tests/gold/stories-real.jsonl
    python bench/clusters.py --fit DATA...   prints weights for stories/likeness.py, taught on the half `tune`

A window is a day or two of real news, or headlines of our own in six languages; the halves share none.
Weights and thresholds, that of TF-IDF too, are chosen on `tune`; what counts is the half `report`.
"""

import gzip
import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from archwatch.contracts.entry import Entry
from archwatch.contracts.story import Relevance, Story
from archwatch.extractor.extract import Coder
from archwatch.extractor.sighting import sightings
from archwatch.extractor.story import code_story
from archwatch.store import open_store
from archwatch.stories import likeness
from archwatch.stories.desk import Report, StoryDesk
from archwatch.stories.joining import joined
from archwatch.stories.sighting import Sighting
from archwatch.stories.window import NEAR, Window

ROOT = Path(__file__).parent.parent
GOLD = ("stories-real.jsonl", "stories-written.jsonl")
Gold = list[dict[str, Any]]
Names = dict[str, str]
WINDOW_SIZE, BATCH = 50_000, 200


def main() -> None:
    paths = [Path(name) for name in sys.argv[1:] if name != "--fit"]
    gold = _gold(paths)
    reports = _reports(gold)
    if "--fit" in sys.argv:
        _fit([item for item in gold if item["half"] == "tune"], reports)
        return
    told, seconds = _by_us(list(reports.values()))
    tune, report = ([item for item in gold if item["half"] == half] for half in ("tune", "report"))
    limit = max((n / 40 for n in range(2, 32)), key=lambda limit: _f1(tune, _by_tfidf(tune, limit), None)[2])
    head = (
        "pairs",
        "same",
        "P",
        "R",
        "F1",
        "F1 one language",
        "F1 two",
        "B-cubed F1",
        "stories per real one",
    )
    table = Table("half", "way", *head)
    for half, items in (("report", report), ("tune", tune)):
        for kind in ("real", "written"):
            some = [item for item in items if item["window"].startswith("written") == (kind == "written")]
            alone = {item["id"]: item["id"] for item in some}
            ways = {"archwatch": told, f"TF-IDF >= {limit:.2f}": _by_tfidf(some, limit), "each alone": alone}
            for way, found in ways.items():
                pairs = list(_pairs(some))
                same = sum(one["story"] == other["story"] for one, other in pairs)
                figures = [*_f1(some, found, None)]
                figures += [_f1(some, found, two)[2] for two in (False, True)]
                figures += [_b_cubed(some, found), _per_story(some, found)]
                row = (f"{figure:.2f}" for figure in figures)
                table.add_row(f"{half}, {kind}", way, str(len(pairs)), str(same), *row)
    Console(width=150).print(table)
    print(f"{len(reports) / seconds:,.0f} entries/s through the desk on SQLite ({len(reports)}), CPU time")
    _speed([report.sighting for report in reports.values()])


def _gold(paths: Sequence[Path]) -> Gold:
    """Items with their texts."""
    lines = [line for name in GOLD for line in (ROOT / "tests/gold" / name).open()]
    gold: Gold = [json.loads(line) for line in lines]
    wanted = {item["id"]: item for item in gold if "title" not in item}
    for path in paths:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            for item in map(json.loads, stream):
                if item["id"] in wanted:
                    wanted[item["id"]].update(item | wanted[item["id"]])
    return [item for item in gold if "title" in item]


def _reports(gold: Gold) -> dict[str, Report]:
    """What the extractor gives for each, in order of their days."""
    coder = Coder.load(ROOT / "config/actors.yaml", ROOT / "config/verbs.yaml", ROOT / "models/events")
    relevance = Relevance(score=1, threshold=0.5, flagged=True, model="gold")
    told = []
    for item in sorted(gold, key=lambda item: str(item["published"])):
        day = datetime.fromisoformat(item["published"]).replace(tzinfo=UTC)
        entry = Entry(
            id=item["id"], feed="data", source=item["source"] or "?", title=item["title"],
            summary=item.get("summary") or "", language=item["language"], published_at=day,
            fetched_at=day + timedelta(days=1),
        )  # fmt: skip
        story = Story(id=entry.id, entry=entry, language=entry.language, relevance=relevance)
        told.append((entry, code_story(story, coder)))
    return {
        entry.id: Report(sighting, data, 0, entry.fetched_at)
        for (entry, data), sighting in zip(told, sightings(told), strict=True)
    }


def _by_us(reports: Sequence[Report]) -> tuple[Names, float]:
    """The story of each entry at the end, and the seconds of CPU that it took."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/store.db")
        desk = StoryDesk(store)
        with threadpool_limits(1):
            started = time.process_time()
            for at in range(0, len(reports), BATCH):
                desk.told(reports[at : at + BATCH])
            took = time.process_time() - started
        with store.story_book(read_only=True) as book:
            found = {kept.entry_id: kept.story_id for kept in book.entries(0, len(reports))}
        store.close()
    return found, took


def _by_tfidf(gold: Gold, limit: float) -> Names:
    """Joins the story of the nearest earlier entry of the window, when its cosine is at least `limit`."""
    texts = {item["id"]: f"{item['title']} {item.get('summary') or ''}" for item in gold}
    weighed = TfidfVectorizer(sublinear_tf=True).fit(texts.values())
    found: Names = {}
    for items in _windows(gold):
        matrix = weighed.transform([texts[item["id"]] for item in items])
        cosines = (matrix @ matrix.T).toarray()
        for at, item in enumerate(items):
            nearest = int(np.argmax(cosines[at, :at])) if at else 0
            joins = at > 0 and cosines[at, nearest] >= limit
            found[item["id"]] = found[items[nearest]["id"]] if joins else item["id"]
    return found


def _windows(gold: Gold) -> list[Gold]:
    by: dict[str, Gold] = defaultdict(list)
    for item in gold:
        by[item["window"]].append(item)
    return list(by.values())


def _pairs(gold: Gold) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """All pairs within a window: each was judged by reading."""
    for items in _windows(gold):
        yield from combinations(items, 2)


def _f1(gold: Gold, found: Names, two: bool | None) -> tuple[float, float, float]:
    """Precision, recall and F1 of pairs; `two`: only those of two languages, or of one."""
    right = said = true = 0
    for one, other in _pairs(gold):
        if two is not None and (one["language"] != other["language"]) != two:
            continue
        same, joins = one["story"] == other["story"], found[one["id"]] == found[other["id"]]
        right, said, true = right + (same and joins), said + joins, true + same
    precision, recall = right / max(1, said), right / max(1, true)
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def _b_cubed(gold: Gold, found: Names) -> float:
    """Bagga and Baldwin 1998."""
    precision, recall = [], []
    for items in _windows(gold):
        for one in items:
            ours = {i["id"] for i in items if found[i["id"]] == found[one["id"]]}
            theirs = {i["id"] for i in items if i["story"] == one["story"]}
            precision.append(len(ours & theirs) / len(ours))
            recall.append(len(ours & theirs) / len(theirs))
    p, r = float(np.mean(precision)), float(np.mean(recall))
    return 2 * p * r / (p + r)


def _per_story(gold: Gold, found: Names) -> float:
    """Stories of ours that a real one is spread over, mean over the real ones."""
    spread: dict[str, set[str]] = defaultdict(set)
    for item in gold:
        spread[item["story"]].add(found[item["id"]])
    return float(np.mean([len(stories) for stories in spread.values()]))


def _fit(gold: Gold, reports: dict[str, Report]) -> None:
    rows, same = [], []
    for one, other in _pairs(gold):
        a, b = reports[one["id"]].sighting, reports[other["id"]].sighting
        cosine = float(a.vector @ b.vector)
        if cosine >= NEAR:  # others are never compared
            rows.append(likeness.features(a, b, cosine))
            same.append(one["story"] == other["story"])
    model = LogisticRegression(C=10.0, max_iter=5_000).fit(rows, same)
    print("BIAS", round(float(model.intercept_[0]), 2))
    print("WEIGHTS", tuple(round(float(weight), 2) for weight in model.coef_[0]))


def _speed(seen: list[Sighting]) -> None:
    """Joining against a full window: vectors spread around the real ones; seconds of CPU on one thread."""
    rng = np.random.default_rng(1)
    window = Window(WINDOW_SIZE)

    def another(number: int) -> Sighting:
        like = seen[number % len(seen)]
        vector = like.vector + rng.normal(0, 0.05, len(like.vector)).astype(np.float32)
        return Sighting(
            f"e{number}", like.source, None, like.language, like.at, vector / np.linalg.norm(vector),
            like.prints, like.words, like.headline, like.codes, like.actors, like.people, like.acts,
        )  # fmt: skip

    for number in range(1, WINDOW_SIZE + 1):
        window.add(number, another(number), f"s{number % len(seen)}")
    batches = [[another(WINDOW_SIZE + n) for n in range(BATCH)] for _ in range(5)]
    with threadpool_limits(1):
        started = time.process_time()
        for some in batches:
            asked = window.asked(some)
            for position, one in enumerate(some):
                joined(one, asked.candidates(position, one, []))
        took = time.process_time() - started
    print(f"{5 * BATCH / took:,.0f} entries/s joined against a window of {WINDOW_SIZE:,}, CPU time")


if __name__ == "__main__":
    main()
