"""Quotation marks, well and badly set: which stretch stands between them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archwatch.extractor.marks import quotations


def between(text: str) -> list[str]:
    return [text[q.start : q.end] for q in quotations(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('She said "never again" twice.', ["never again"]),
        ("„Nie wieder“, sagte sie. «Jamais», dit-il.", ["Nie wieder", "Jamais"]),
        ("‘We shall stay,’ he said. The allies’ plan won’t hold.", ["We shall stay,"]),
        ("The envoy’s note says ‘the allies’ plan is dead.’", ["the allies’ plan is dead."]),
        ("With apparent 'opening,' both sides extend talks", ["opening,"]),
        (
            "“No king ever bowed so low, “said the senator. “Never.”",
            ["No king ever bowed so low, ", "Never."],
        ),
        ("“He told me ‘stay’ and I stayed,” she said.", ["He told me ‘stay’ and I stayed,"]),
        ("“It is open here.\n\nAnd this is not it.", ["It is open here."]),
        ("Nothing here, don’t look.", []),
        ('5" pipes and 6" pipes', []),
    ],
)
def test_between_marks(text: str, expected: list[str]) -> None:
    assert between(text) == expected


def test_paragraphs_that_each_open_are_one_quotation() -> None:
    text = "“One begins,” he said. “Two goes on.\n\n“Three as well.\n\n“Four ends.”\n\nOther words."
    assert between(text) == ["One begins,", "Two goes on.\n\n“Three as well.\n\n“Four ends."]


@given(st.text(alphabet="\"“”„«»‘’' \nab.,", max_size=300))
def test_quotations_are_in_the_text_in_order_and_apart(text: str) -> None:
    reached = 0
    for quotation in quotations(text):
        assert reached <= quotation.start < quotation.end <= len(text)
        reached = quotation.end


def test_a_hundred_thousand_marks_end() -> None:
    assert quotations('"' * 100_000) == []
    assert len(quotations("“a” " * 25_000)) == 25_000
    assert len(quotations("‘a b’ " * 20_000)) == 20_000
