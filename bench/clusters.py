"""One story, once: how well entries are joined, beside TF-IDF cosine, and how fast.

    python bench/clusters.py DATA...         JSON lines with the texts of tests/gold/stories-real.jsonl
    python bench/clusters.py --fit DATA...   prints weights taught on the half `tune`

The threshold of TF-IDF is chosen on the half `tune` too; figures are of the half `report`, by window (a day or
two), all its entries in the order of the file.
"""

import gzip
import json
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from archwatch.contracts.entry import Entry
from archwatch.contracts.story import Relevance, Story
from archwatch.extractor.extract import Coder
from archwatch.extractor.sighting import sightings
from archwatch.extractor.story import code_story
from archwatch.stories import likeness
from archwatch.stories.joining import Candidate, joined
from archwatch.stories.sighting import Sighting
from archwatch.stories.window import NEAR, Window

ROOT = Path(__file__).parent.parent
Gold = list[dict[str, str]]
Names = dict[str, str]


def main() -> None:
    paths = [Path(name) for name in sys.argv[1:] if name != "--fit"]
    gold = [json.loads(line) for line in (ROOT / "tests/gold/stories-real.jsonl").open()]
    seen = _sightings(gold, paths)
    if "--fit" in sys.argv:
        _fit([item for item in gold if item["half"] == "tune"], seen)
        return
    texts = _texts(gold, paths)
    grid = [n / 40 for n in range(4, 32)]
    tune = [item for item in gold if item["half"] == "tune"]
    limit = max(grid, key=lambda limit: _f1(tune, _by_tfidf(tune, texts, limit), seen, None)[2])
    table = Table("half report", "pairwise P", "R", "F1", "F1 one language", "F1 two", "B-cubed F1", "per story")
    for name, half in (("report", "report"), ("tune", "tune")):
        some = [item for item in gold if item["half"] == half]
        ways = {"archwatch": _by_us(some, seen), f"TF-IDF >= {limit:.2f}": _by_tfidf(some, texts, limit)}
        ways["each alone"] = {item["id"]: item["id"] for item in some}
        for way, found in ways.items():
            figures = [*_f1(some, found, seen, None)]
            figures += [_f1(some, found, seen, two)[2] for two in (False, True)]
            figures += [_b_cubed(some, found), _per_story(some, found)]
            table.add_row(f"{name}: {way}", *(f"{figure:.2f}" for figure in figures))
    Console(width=140).print(table)
    _speed(list(seen.values()))


def _sightings(gold: Gold, paths: Sequence[Path]) -> dict[str, Sighting]:
    coder = Coder.load(ROOT / "config/actors.yaml", ROOT / "config/verbs.yaml", ROOT / "models/events")
    relevance = Relevance(score=1, threshold=0.5, flagged=True, model="gold")
    told = []
    for entry in _entries(gold, paths).values():
        story = Story(id=entry.id, entry=entry, language=entry.language, relevance=relevance)
        told.append((entry, code_story(story, coder)))
    return {sighting.entry: sighting for sighting in sightings(told)}


def _entries(gold: Gold, paths: Sequence[Path]) -> dict[str, Entry]:
    wanted = {item["id"] for item in gold}
    found = {}
    for path in paths:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            for item in map(json.loads, stream):
                if item["id"] in wanted:
                    day = datetime.fromisoformat(item["published"]).replace(tzinfo=UTC)
                    found[item["id"]] = Entry(
                        id=item["id"], feed="data", source=item["source"] or "?", title=item["title"],
                        summary=item.get("summary") or "", language=item["language"], published_at=day,
                        fetched_at=day + timedelta(days=1),
                    )  # fmt: skip
    return {item["id"]: found[item["id"]] for item in gold}


def _texts(gold: Gold, paths: Sequence[Path]) -> Names:
    return {id: f"{entry.title} {entry.summary}" for id, entry in _entries(gold, paths).items()}


def _by_us(gold: Gold, seen: dict[str, Sighting]) -> Names:
    found: Names = {}
    for items in _windows(gold):
        before: list[tuple[Sighting, str]] = []
        for one in (seen[item["id"]] for item in items):
            cosines = [(s, story, float(one.vector @ s.vector)) for s, story in before]
            near = [Candidate(s, story, cosine) for s, story, cosine in cosines if cosine >= NEAR]
            story = joined(one, near).story or one.entry
            before.append((one, story))
            found[one.entry] = story
    return found


def _by_tfidf(gold: Gold, texts: Names, limit: float) -> Names:
    """Joins the story of the nearest earlier entry of the window, when its cosine is at least `limit`."""
    weighed = TfidfVectorizer(sublinear_tf=True).fit([texts[item["id"]] for item in gold])
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


def _f1(
    gold: Gold, found: Names, seen: dict[str, Sighting], two: bool | None
) -> tuple[float, float, float]:
    """Precision, recall and F1 of pairs of one window; `two`: only those of two languages, or of one."""
    right = said = true = 0
    for items in _windows(gold):
        for one, other in combinations(items, 2):
            apart = seen[one["id"]].language != seen[other["id"]].language
            if two is not None and apart != two:
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


def _fit(gold: Gold, seen: dict[str, Sighting]) -> None:
    rows, same = [], []
    for items in _windows(gold):
        for one, other in combinations(items, 2):
            a, b = seen[one["id"]], seen[other["id"]]
            rows.append(likeness.features(a, b, float(a.vector @ b.vector)))
            same.append(one["story"] == other["story"])
    model = LogisticRegression(C=1.0, max_iter=5_000).fit(rows, same)
    print("BIAS", round(float(model.intercept_[0]), 2))
    print("WEIGHTS", tuple(round(float(weight), 2) for weight in model.coef_[0]))


def _speed(seen: list[Sighting], size: int = 50_000, batch: int = 200) -> None:
    """Joining against a full window: vectors spread around the real ones, on one thread."""
    rng = np.random.default_rng(1)
    window = Window(size)

    def another(number: int) -> Sighting:
        like = seen[number % len(seen)]
        vector = like.vector + rng.normal(0, 0.05, 512).astype(np.float32)
        return Sighting(
            f"e{number}", like.source, None, like.language, like.at, vector / np.linalg.norm(vector),
            like.prints, like.words, like.codes, like.actors, like.people, like.acts,
        )  # fmt: skip

    for number in range(size):
        window.add(number, another(number), f"s{number // 3}")
    asked = [another(size + number) for number in range(5 * batch)]
    started = time.perf_counter()
    for at in range(0, len(asked), batch):
        some = asked[at : at + batch]
        for one, near in zip(some, window.near(some), strict=True):
            joined(one, near)
    print(f"{len(asked) / (time.perf_counter() - started):,.0f} entries/s against a window of {len(window):,}")


if __name__ == "__main__":
    main()
