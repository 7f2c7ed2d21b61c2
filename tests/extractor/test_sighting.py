"""What is compared of an entry is bounded, whatever the entry holds."""

from archwatch.extractor.sighting import headline
from samples import entry


def test_a_title_as_long_as_an_article_is_compared_by_its_beginning() -> None:
    assert headline(entry(title="Oslo\x1b says no " * 100_000)) == headline(
        entry(title="Oslo  says no " * 40)
    )


def test_the_name_of_the_outlet_is_no_part_of_the_headline() -> None:
    assert headline(entry(title="Oslo says no « World | The Daily")) == "Oslo says no"
