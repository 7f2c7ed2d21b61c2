"""Who speaks: a person nobody listed is known by the office beside the name, then by the surname."""

from pathlib import Path

import pytest

from archwatch.extractor.extract import Coder, extract

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder.load(ROOT / "config/actors.yaml", ROOT / "config/verbs.yaml")


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


def test_a_list_of_people_is_no_apposition(coder: Coder) -> None:
    text = (
        "The foreign minister, French President Emmanuel Macron and others met. "
        '"We go on talking," Macron said.'
    )
    found = extract("", "", text, published_at=None, language="en", coder=coder)
    assert [quote.speaker.name for quote in found.quotes if quote.speaker] == ["Emmanuel Macron"]
