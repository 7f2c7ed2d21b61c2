"""Who speaks: a person nobody listed is known by the office beside the name, then by the surname."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from archwatch.extractor.extract import Coder, extract

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder.load(ROOT / "config/actors.yaml", ROOT / "config/verbs.yaml", ROOT / "models/events")


@pytest.mark.parametrize(
    ("text", "name", "code", "office"),
    [
        (
            '"We are far apart today," said the Polish foreign minister, Anna Berg, in Geneva.',
            "Anna Berg",
            "POL",
            "foreign minister",
        ),
        (
            '"We are far apart today," said Anna Berg, the Polish foreign minister.',
            "Anna Berg",
            "POL",
            "foreign minister",
        ),
        ('"We are far apart today," Polish Foreign Minister Anna Berg said.', "Anna Berg", "POL", None),
        (
            'The president of Moldova, Ion Rusnac, came late. "Our neutrality is ours alone," Rusnac said.',
            "Ion Rusnac",
            "MDA",
            "president",
        ),
        (
            '"No ally was asked about it," its ambassador to the OSCE, Laura Whitcombe, said on Monday.',
            "Laura Whitcombe",
            None,
            "ambassador to OSCE",
        ),
    ],
)
def test_a_speaker_has_a_name_and_an_office(
    coder: Coder, text: str, name: str, code: str | None, office: str | None
) -> None:
    found = extract("", "", text, published_at=None, language="en", coder=coder)
    (quote,) = [quote for quote in found.quotes if quote.kind == "direct"]
    assert quote.speaker is not None
    assert (quote.speaker.name, quote.speaker.code) == (name, code)
    assert office in (None, quote.speaker.office)


@pytest.mark.parametrize(
    ("text", "name", "office"),
    [
        ('"We will not bow," the Russian foreign minister said.', "Sergei Lavrov", "foreign minister"),
        ('"We will not bow," the NATO secretary general said.', "Jens Stoltenberg", "secretary general"),
        (
            '"We will not bow," said the president of the European Commission.',
            "Ursula von der Leyen",
            "commission president",
        ),
        ('"We will not bow," the former Russian foreign minister said.', None, "foreign minister"),
        ('"We will not bow," a Russian deputy foreign minister said.', None, "deputy foreign minister"),
    ],
)
def test_an_office_has_the_name_of_its_holder_at_the_time(
    coder: Coder, text: str, name: str | None, office: str
) -> None:
    moment = datetime(2022, 1, 14, tzinfo=UTC)
    found = extract("", "", text, published_at=moment, language="en", coder=coder)
    assert [(q.speaker.name, q.speaker.office) for q in found.quotes if q.speaker] == [(name, office)]
    undated = extract("", "", text, published_at=None, language="en", coder=coder)
    assert [q.speaker.name for q in undated.quotes if q.speaker] == [None]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            'The Polish foreign minister, Anna Berg, came late. "We go on talking," the minister said.',
            "Anna Berg",
        ),
        ('Polish envoy Jan Marczewicz came late. "We go on talking," Martschewitsch said.', "Jan Marczewicz"),
        ('Alexander Lukashevich came late. "We go on talking," Lukasevich said.', "Alexander Lukashevich"),
    ],
)
def test_a_person_is_known_again_by_office_and_by_any_spelling(coder: Coder, text: str, name: str) -> None:
    found = extract("", "", text, published_at=None, language="en", coder=coder)
    assert [q.speaker.name for q in found.quotes if q.speaker and q.kind == "direct"] == [name]


@pytest.mark.parametrize("actor", ["Italy", "The UN General Assembly", "Spain"])
def test_a_name_that_ends_like_an_adverb_is_none(coder: Coder, actor: str) -> None:
    found = extract("", "", f"{actor} condemned Iran.", published_at=None, language="en", coder=coder)
    assert [event.event_type for event in found.events] == ["ACCUSE"]


def test_a_list_of_people_is_no_apposition(coder: Coder) -> None:
    text = (
        "The foreign minister, French President Emmanuel Macron and others met. "
        '"We go on talking," Macron said.'
    )
    found = extract("", "", text, published_at=None, language="en", coder=coder)
    assert [quote.speaker.name for quote in found.quotes if quote.speaker] == ["Emmanuel Macron"]
