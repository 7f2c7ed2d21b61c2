"""Any words in any order: spans are right, time is bounded, and what is asked or supposed is no event."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archwatch.extractor.extract import Coder, extract

CONFIG = Path(__file__).parents[3] / "config"
LANGUAGES = ("de", "fr", "ru", "uk", "pl", "ro", "es", "it")
PUBLISHED = datetime(2022, 1, 14, 9, tzinfo=UTC)
WORDS = [
    "Russland",
    "Ukraine-Krise",
    "Nato-Generalsekretär",
    "lehnt",
    "ab",
    "wurde",
    "von",
    "verurteilt",
    "dass",
    "der",
    "am",
    "Montag",
    "US-",
    "USA",
    "und",
    "1999",
    "?",
    "Россия",
    "президентом",
    "Украины",
    "отвергла",
    "с",
    "российско-американские",
    "переговоры",
    "сказал",
    "он",
    "и",
    "«",
    "»",
    "—",
    ":",
    ",",
    "-",
    "‑",
    ".",
    "(",
    "\n",
    "La",
    "l'Ukraine",
    "a",
    "condamné",
    "par",
    "qui",
    "Rusia",
    "rechaza",
    "no",
    "si",
    "Polska",
    "została",
    "potępiona",
    "przez",
]


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder.load(CONFIG / "actors.yaml", CONFIG / "verbs.yaml", CONFIG.parent / "models/events")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(WORDS), max_size=40), st.sampled_from(LANGUAGES))
def test_spans_point_at_what_they_quote(coder: Coder, words: list[str], language: str) -> None:
    text = " ".join(words)
    found = extract("", "", text, published_at=PUBLISHED, language=language, coder=coder)
    for event in found.events:
        assert event.actors
        assert text[event.evidence.start : event.evidence.end] == event.evidence.text
        assert {a.code for a in event.actors}.isdisjoint({r.code for r in event.recipients})
        for ref in event.actors + event.recipients:
            assert text[ref.start : ref.end] == ref.text
    for quote in found.quotes:
        assert text[quote.start : quote.end] == quote.text
    assert (found.reason is None) == bool(found.events)


@pytest.mark.parametrize("unit", ["Russland lehnt ", "US-", "«a b c d» ", ", dass "])
def test_a_long_text_without_a_full_stop_is_read_to_its_bound(coder: Coder, unit: str) -> None:
    found = extract("", "", unit * (100_000 // len(unit)), published_at=PUBLISHED, language="de", coder=coder)
    assert all(event.evidence.end <= 100_000 for event in found.events)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Lehnt Russland den Vorschlag der Nato ab?"),
        ("fr", "Si la Russie menace la Suède, rien ne change."),
        ("ru", "Почему Россия отвергла предложение НАТО"),
        ("es", "La amenaza de Rusia"),
        ("it", "La condanna della Russia"),
    ],
)
def test_questions_conditions_and_bare_nouns_are_no_events(coder: Coder, language: str, text: str) -> None:
    found = extract("", "", text, published_at=PUBLISHED, language=language, coder=coder)
    assert found.events == ()
    assert found.reason
