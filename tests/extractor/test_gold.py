"""The gold of tests/gold: floors on the whole, and the cases held one by one: found is what a reader accepts.

Held are all of sentences.yaml, and of the other files those marked `exact`: what the coder once got right.
"""

from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
from ruamel.yaml import YAML

from archwatch.contracts.event import CodedEvent
from archwatch.extractor import Coder, Extraction, extract
from archwatch.extractor.examine import Report, examine_file
from archwatch.extractor.gold import Case
from archwatch.extractor.goldfile import read_gold
from archwatch.extractor.scoring import score
from archwatch.extractor.scoring_quotes import score_quotes

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "tests/gold"
FILES = ("sentences", "headlines", "traps", "stories")

# What the coder reaches on all of tests/gold, as `archwatch evaluate events tests/gold` prints it. Floors
# only go up: a change that falls below is no progress.
FLOORS: Final = {"precision": 0.874, "recall": 0.670, "f1": 0.759, "recipient": 0.943, "modality": 0.958}
MOST_SPURIOUS: Final = 8.3  # events that no reader would accept, a hundred texts
QUOTES_F1, QUOTES_SPEAKER = 0.898, 0.875


def held() -> list[dict[str, Any]]:
    found = []
    for name in FILES:
        _, *cases = YAML(typ="safe").load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
        found += [case for case in cases if name == "sentences" or case.get("exact")]
    return found


@cache
def coder() -> Coder:
    return Coder.load(ROOT / "config/actors.yaml", ROOT / "config/verbs.yaml")


@cache
def cases() -> dict[str, Case]:
    read, failed = read_gold(FOLDER)
    assert not failed
    return {case.id: case for case in read}


@cache
def report() -> Report:
    found, _ = examine_file(FOLDER, (), coder(), lambda _: None)
    assert isinstance(found, Report)
    return found


def run(case: Case) -> Extraction:
    return extract(
        case.title, case.summary, case.text,
        published_at=case.published_at, language=case.language, coder=coder(),
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
    expected.pop("optional", None)
    for several in ("type", "modality"):
        value = expected.pop(several)
        if found[several] not in (value if isinstance(value, list) else [value]):
            return False
    return all(found[name] == value for name, value in expected.items())


@pytest.mark.parametrize("gold", held(), ids=lambda gold: gold["id"])
def test_a_case_once_right_stays_right(gold: dict[str, Any]) -> None:
    case = cases()[gold["id"]]
    found = run(case)
    coded = [described(event) for event in found.events]
    wanted = [event for event in gold["events"] if not event.get("optional")]
    unmet = [event for event in wanted if not any(accepts(event, other) for other in coded)]
    extra = [event for event in coded if not any(accepts(other, event) for other in gold["events"])]
    assert not unmet, f"not found: {unmet}\nfound: {coded}\nreason: {found.reason}"
    assert not extra, f"no reader would accept: {extra}"
    assert (found.reason is None) == bool(found.events)
    assert gold.get("reason", "") in (found.reason or "")
    quotes = score(case, (), found.quotes).quotes
    if quotes is not None:
        assert quotes.matched == quotes.gold == quotes.found, found.quotes
    for quote in case.quotes or ():
        same = next(other for other in found.quotes if score_quotes([quote], [other]).matched)
        assert same.kind == quote.kind, same
        assert (same.speaker and same.speaker.code) == quote.speaker_code, same


def test_all_of_the_gold_stays_above_its_floors() -> None:
    figures = report().coder
    reached = {name: getattr(figures, name) for name in FLOORS}
    assert all(reached[name] >= floor for name, floor in FLOORS.items()), reached
    assert figures.spurious is not None
    assert figures.spurious <= MOST_SPURIOUS


def test_the_quotes_of_the_gold_stay_above_their_floors() -> None:
    quotes = report().quotes
    assert quotes is not None
    assert quotes.f1 >= QUOTES_F1
    assert quotes.speaker_right >= QUOTES_SPEAKER


def test_the_coder_beats_the_plain_one() -> None:
    ours, plain = report().coder, report().plain
    assert ours.f1 is not None
    assert plain.f1 is not None
    assert ours.f1 > plain.f1 + 0.2


def test_the_gold_is_broad() -> None:
    languages = {case.language for case in cases().values()}
    assert {"en", "de", "fr", "ru", "uk", "pl", "ro", "es", "it"} <= languages
    assert sum(case.language == "en" for case in cases().values()) >= 120
    assert sum(not case.events for case in cases().values()) >= 40
    assert sum(case.text.count("\n\n") >= 2 for case in cases().values()) >= 15
