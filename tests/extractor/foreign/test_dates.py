"""Words of time in other languages, relative to a Friday of publication."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from archwatch.extractor.foreign.dates import find_dates
from archwatch.extractor.foreign.grammar import load_languages

GRAMMARS = load_languages(Path(__file__).parents[3] / "config/languages")
PUBLISHED = datetime(2022, 1, 14, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "text", "raw", "resolved", "precision"),
    [
        ("de", "Gestern sprach niemand", "Gestern", "2022-01-13", "day"),
        ("de", "am Donnerstag in Wien", "Donnerstag", "2022-01-13", "day"),
        ("de", "der Vertrag vom 3. März 1994", "3. März 1994", "1994-03-03", "day"),
        ("de", "der Gipfel von 1990", "1990", "1990", "year"),
        ("fr", "le 20 décembre", "20 décembre", "2021-12-20", "day"),
        ("fr", "en janvier 2019", "janvier 2019", "2019-01", "month"),
        ("es", "el 3 de mayo de 1990", "3 de mayo de 1990", "1990-05-03", "day"),
        ("ru", "в среду", "среду", "2022-01-12", "day"),
        ("ru", "5 февраля", "5 февраля", "2022-02-05", "day"),
        ("uk", "у п'ятницю", None, None, None),  # an apostrophe parts the word: left alone
        ("uk", "завтра", "завтра", "2022-01-15", "day"),
        ("pl", "w poniedziałek", "poniedziałek", "2022-01-10", "day"),
        ("ro", "mâine", "mâine", "2022-01-15", "day"),
        ("it", "domani", "domani", "2022-01-15", "day"),
        ("ru", "2000 военных", None, None, None),
        ("de", "30. Februar", "30. Februar", None, "day"),
    ],
)
def test_a_phrase_of_time(
    language: str, text: str, raw: str | None, resolved: str | None, precision: str | None
) -> None:
    found = find_dates(text, GRAMMARS[language], PUBLISHED)
    assert [(d.date.raw, d.date.resolved, d.date.precision) for d in found] == (
        [(raw, resolved, precision)] if raw else []
    )
    assert all(text[d.start : d.end] == d.date.raw for d in found)


def test_without_a_day_of_publication_only_full_dates_are_resolved() -> None:
    found = find_dates("gestern und am 3. März 1994", GRAMMARS["de"], None)
    assert [d.date.resolved for d in found] == [None, "1994-03-03"]


def test_a_weekday_to_come_is_the_next_of_its_name() -> None:
    [thursday] = find_dates("am Donnerstag", GRAMMARS["de"], PUBLISHED)
    assert thursday.ahead is not None
    assert thursday.ahead.resolved == "2022-01-20"
