"""The language of an item: shown by the text, else declared, else unknown."""

import pytest

from archwatch.classifier.language import detect, detect_or_declared


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Poland wants more troops from the alliance at its border", "en"),
        ("Polen wünscht sich mehr Soldaten des Bündnisses an seiner Grenze", "de"),
        ("Польша просит разместить больше войск альянса на границе", "ru"),
        ("Польща просить розмістити більше військ альянсу на кордоні", "uk"),
        ("Polska chce więcej żołnierzy sojuszu przy swojej granicy", "pl"),
        ("La Pologne veut davantage de soldats de l'alliance à sa frontière", "fr"),
    ],
)
def test_a_sentence_shows_its_language(text: str, language: str) -> None:
    assert detect(text)[0] == language
    assert detect_or_declared(text, "ja") == language


@pytest.mark.parametrize(
    "text", ["", "2024", "https://example.org/de/artikel", "NATO", "Lavrov, Blinken, Genf"]
)
def test_what_shows_no_language_is_unknown(text: str) -> None:
    assert detect(text)[0] is None


@pytest.mark.parametrize(
    ("declared", "language"),
    [("de", "de"), ("de-AT", "de"), ("EN", "en"), (None, None), ("", None), ("german", None), ("12", None)],
)
def test_what_shows_no_language_may_be_declared(declared: str | None, language: str | None) -> None:
    assert detect_or_declared("NATO", declared) == language
