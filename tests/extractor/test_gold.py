"""Every case of tests/gold, one test each: found is what a reader accepts."""

from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from archwatch.contracts.event import CodedEvent
from archwatch.extractor import Coder, Extraction, extract

ROOT = Path(__file__).parents[2]
GOLD: list[dict[str, Any]] = [
    case
    for name in ("sentences.yaml", "languages.yaml")
    for case in YAML(typ="safe").load((ROOT / "tests/gold" / name).read_text(encoding="utf-8"))
]
PUBLISHED = date(2022, 1, 14)


@cache
def coder() -> Coder:
    return Coder.load(ROOT / "config/actors.yaml", ROOT / "config/verbs.yaml")


def run(case: dict[str, Any]) -> Extraction:
    published = datetime.combine(case.get("published", PUBLISHED), time(12), UTC)
    return extract(
        case.get("title", ""), case.get("summary", ""), case.get("text", ""),
        published_at=published, language=case.get("language", "en"), coder=coder(),
    )  # fmt: skip


def described(event: CodedEvent) -> dict[str, object]:
    """An event in the words of the gold file."""
    return {
        "type": event.event_type,
        "mode": event.mode,
        "actors": [a.code or "-" for a in event.actors],
        "recipients": [r.code or "-" for r in event.recipients],
        "modality": event.modality,
        "office": event.actors[0].office if event.actors else None,
        "date": event.date.resolved if event.date else None,
        "place": event.place.name if event.place else None,
        "attribution": event.attribution.code if event.attribution else None,
    }


def accepts(gold: dict[str, Any], found: dict[str, object]) -> bool:
    expected = {"modality": "asserted", **gold}
    types = expected.pop("type")
    return found["type"] in (types if isinstance(types, list) else [types]) and all(
        found[name] == value for name, value in expected.items()
    )


@pytest.mark.parametrize("case", GOLD, ids=lambda case: case["id"])
def test_gold(case: dict[str, Any]) -> None:
    found = run(case)
    coded = [described(event) for event in found.events]
    unmet = [gold for gold in case["events"] if not any(accepts(gold, event) for event in coded)]
    extra = [event for event in coded if not any(accepts(gold, event) for gold in case["events"])]
    assert not unmet, f"not found: {unmet}\nfound: {coded}\nreason: {found.reason}"
    assert not extra, f"no reader would accept: {extra}"
    assert (found.reason is None) == bool(found.events)
    assert case.get("reason", "") in (found.reason or "")
    if "quotes" in case:
        quotes = [(q.speaker.code if q.speaker else None, q.kind, q.text) for q in found.quotes]
        assert [[code, kind] for code, kind, _ in quotes] == [
            [code, kind] for code, kind, _ in case["quotes"]
        ], quotes
        assert all(
            text.startswith(gold[2]) for (_, _, text), gold in zip(quotes, case["quotes"], strict=True)
        ), quotes


def test_the_gold_has_cases_with_and_without_events_in_every_language() -> None:
    languages = {case.get("language", "en") for case in GOLD}
    assert {"en", "de", "fr", "ru", "uk", "pl", "ro", "es", "it"} <= languages
    assert sum(not case["events"] for case in GOLD) >= 15
    assert len({case["id"] for case in GOLD}) == len(GOLD)
