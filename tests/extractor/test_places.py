"""Where it happened: a capital is a place after a preposition of place, and an actor elsewhere."""

from pathlib import Path

import pytest

from archwatch.extractor.extract import Coder, extract

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder.load(ROOT / "config/actors.yaml", ROOT / "config/verbs.yaml", ROOT / "models/events")


@pytest.mark.parametrize(
    ("text", "language", "places"),
    [
        ("Poland criticised Hungary in Vienna.", "en", [("Vienna", "AUT")]),
        ("Vienna criticised Hungary.", "en", []),
        (
            "Russia attacked Ukraine near Kramatorsk and in Chernivtsi.",
            "en",
            [("Kramatorsk", "UKR"), ("Chernivtsi", "UKR")],
        ),
        ("The allies met in Brussels.", "en", [("Brussels", "BEL")]),
        ("The ministers met in Kiev.", "en", [("Kiev", "UKR")]),
        ("Die Minister trafen sich in Wien.", "de", [("Vienna", "AUT")]),
        (
            "Les ministres se réunissent à Moscou et à Bruxelles.",
            "fr",
            [("Moscow", "RUS"), ("Brussels", "BEL")],
        ),
        ("Министры встретились в Варшаве.", "ru", [("Warsaw", "POL")]),
        ("Ministrowie spotkali się w Kijowie.", "pl", [("Kyiv", "UKR")]),
        ("A split of Bath tubs.", "en", []),
    ],
)
def test_places_have_a_name_and_a_country(
    coder: Coder, text: str, language: str, places: list[tuple[str, str]]
) -> None:
    found = extract("", "", text, published_at=None, language=language, coder=coder)
    assert [(place.name, place.country) for place in found.places] == places
