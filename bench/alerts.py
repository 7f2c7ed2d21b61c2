"""What the shipped alert rules send over the densest 30 days of real news, and whether a core turn is missed.

    python bench/alerts.py [DATA]     DATA: the folder of the development data, ../shared/data

Fails when a day has more than 10 alerts or a turn of bench/alert_turns.yaml that is told neither at once
nor in the day's digest.
"""

import gzip
import json
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from ruamel.yaml import YAML

from archwatch import bootstrap
from archwatch.contracts.entry import Entry
from archwatch.scheduler.items import read_item
from archwatch.settings import load_settings

ROOT = Path(__file__).parent.parent
FIRST, LAST = "2022-06-14", "2022-07-13"
FILES = ("labelled.jsonl", "unlabelled.jsonl.gz", "articles.jsonl.gz")


def items(data: Path) -> list[Entry]:
    """The items of the 30 days, each once."""
    found: dict[str, Entry] = {}
    for name in FILES:
        path = data / name
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
            for line in lines:
                if FIRST <= str(json.loads(line).get("published") or "")[:10] <= LAST:
                    entry = read_item(line, place=name, fetched_at=datetime.now(UTC))
                    found[entry.id] = entry
    return list(found.values())


def main() -> int:
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "../shared/data"
    settings = load_settings(ROOT / "config/archwatch.yaml")
    policy, stories = bootstrap.policy_of(settings), bootstrap.stories_of(settings, ROOT / "models")
    entries = items(data)
    print(f"{len(entries)} items of {FIRST} to {LAST}")
    flagged = [data for at in range(0, len(entries), 256) for data in stories(entries[at : at + 256])]
    told: dict[str, str] = {}
    days: Counter[tuple[str, str]] = Counter()
    for story, alert in bootstrap.rehearsal(policy, bootstrap.when_heard(flagged)):
        if alert.outcome != "suppressed":
            told[story.story.id] = alert.outcome
            days[f"{policy.local(alert.raised_at):%Y-%m-%d}", alert.outcome] += 1
    names = sorted({day for day, _ in days})
    for day in names:
        print(f"{day}  {days[day, 'sent']:2} at once  {days[day, 'digest']:3} in the digest")
    worst = max(days[day, "sent"] for day in names)
    total = sum(days[day, "sent"] for day in names)
    print(f"{len(flagged)} stories flagged, {total} alerts at once, at most {worst} a day, one digest a day")
    listed = YAML(typ="safe").load(ROOT / "bench/alert_turns.yaml")["turns"]
    how = [{told.get(item) for item in turn["items"]} for turn in listed]
    missed = [turn for turn, found in zip(listed, how, strict=True) if not found & {"sent", "digest"}]
    print(
        f"{len(listed)} core turns: {sum('sent' in found for found in how)} told at once, "
        f"{sum('sent' not in found and 'digest' in found for found in how)} in the digest alone, "
        f"{len(missed)} missed"
    )
    for turn in missed:
        print(f"missed: {turn['day']} {turn['turn']}")
    return int(worst > 10 or bool(missed))


if __name__ == "__main__":
    sys.exit(main())
