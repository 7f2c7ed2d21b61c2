"""When an article is wanted, and whether a text is the article of an entry."""

import pytest

from archwatch.extractor.article import (
    LEAD_CHARS,
    Mode,
    Outcome,
    doubt,
    no_link,
    share_of_prose,
    shared_words,
    wanted,
)
from archwatch.telemetry.metrics import Metrics
from archwatch.web.failure import Failure
from samples import entry

STORY = (
    "Norland has rejected a second missile base on its coast, and its foreign minister told parliament why.\n"
    "The alliance had not been asked, she said, and an offer that comes through the press is none.\n"
    "Talks will go on in March, when the defence ministers of the region meet for their yearly round.\n"
    "Until then nothing will be built, the government says, and nothing be promised to anybody either."
)
CONSENT = (
    "We and our partners store and access information on a device, such as cookies, to show you content.\n"
    "You can accept or manage your choices by clicking below, including your right to object.\n"
    "These choices will be signaled to our partners and will not affect browsing data of any kind.\n"
    "We and our 842 partners process data to provide precise geolocation and identification scans."
)
STUB = (
    "The foreign minister said the alliance had not been asked. Subscribe to read on. From one euro a month."
)
OTHER = (
    "The harbour town of Westby won the cup on Saturday after a long night of penalties in the rain.\n"
    "Its goalkeeper saved three of them, and the trainer spoke of the finest day of his working life.\n"
    "The streets were full until the morning, and the mayor has promised a statue of the captain.\n"
    "For the losers it was the fourth final in nine years that ended with nothing in their hands."
)
FRONT_PAGE = "\n".join(
    ["Norland rejects a second missile base", *(f"Alliance asks for talks on matter {n}" for n in range(40))]
)


@pytest.mark.parametrize(
    ("mode", "summary", "text", "expected"),
    [
        ("never", "", "", False),
        ("flagged", "", "", True),
        ("flagged", "A lead.", "", True),
        ("flagged", "A lead.", "x" * LEAD_CHARS, False),
        ("flagged", "x" * LEAD_CHARS, "", False),
        ("always", "A lead.", "x" * LEAD_CHARS, True),
    ],
)
def test_the_mode_says_which_articles_are_wanted(mode: Mode, summary: str, text: str, expected: bool) -> None:
    assert wanted(entry(summary=summary, text=text, url="https://news.net/1"), mode) is expected


@pytest.mark.parametrize(
    ("host", "expected"),
    [("example.org", False), ("www.example.com", False), ("a.test", False), ("localhost", False),
     ("X.EXAMPLE", False), ("bestexample.org", True), ("example.org.uk", True), ("latest", True),
     ("contest.net", True), ("127.0.0.1", True)],
)  # fmt: skip
@pytest.mark.parametrize("mode", ["flagged", "always"])
def test_nothing_is_wanted_at_a_name_for_examples(host: str, expected: bool, mode: Mode) -> None:
    assert wanted(entry(url=f"https://{host}:8080/a"), mode) is expected


@pytest.mark.parametrize(
    ("url", "why"),
    [(None, "the feed gives no link"), ("ftp://news.net/1", "the link is no http or https address"),
     ("https://[a/", "the link is no http or https address"), ("https://news.net/1", None)],
)  # fmt: skip
def test_a_link_is_one_that_can_be_followed(url: str | None, why: str | None) -> None:
    assert no_link(entry(url=url)) == why
    assert wanted(entry(url=url), "flagged")


def test_the_article_is_taken() -> None:
    assert doubt(STORY, entry()) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [("", "no longer"), (STUB, "no longer"), (CONSENT, "something else"), (OTHER, "something else"),
     (FRONT_PAGE, "a list")],
)  # fmt: skip
def test_what_is_not_the_article_is_not_taken(text: str, why: str) -> None:
    assert why in (doubt(text, entry()) or "")


def test_an_article_no_longer_than_the_feed_is_not_taken() -> None:
    assert "no longer" in (doubt(STORY, entry(text=STORY)) or "")
    assert doubt(STORY + "\n" + STORY, entry(text=STORY)) is None


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Норландия отвергла вторую ракетную базу",
            "Вторая ракетная база не нужна, заявил министр.",
        ),
        ("Norlandia odrzuca drugą bazę rakietową", "Drugiej bazy rakietowej w Norlandii nie będzie."),
        ("Nordland lehnt Raketenbasis ab", "Eine Raketenbasis in Nordland lehne sie ab, so die Ministerin."),
    ],
)
def test_words_that_bend_are_the_same_words(title: str, text: str) -> None:
    assert shared_words(text, entry(title=title, summary="")) >= 0.4


def test_another_language_shares_nothing() -> None:
    russian = "Министр иностранных дел заявил, что альянс не спрашивали о ракетах. " * 10
    assert "something else" in (doubt(russian, entry()) or "")


def test_a_headline_without_words_fits_no_text() -> None:
    assert "something else" in (doubt(STORY, entry(title="1:0", summary="")) or "")


@pytest.mark.parametrize(("text", "share"), [("", 0), ("A list", 0), ("“It is.”", 1), ("Done.\nList", 5 / 9)])
def test_prose_ends_as_sentences_do(text: str, share: float) -> None:
    assert share_of_prose(text) == share


def test_the_outcomes_hold_every_failure_and_are_described() -> None:
    assert {kind.value for kind in Failure} <= {one.value for one in Outcome}
    (described,) = [f.documentation for f in Metrics().registry.collect() if f.name == "archwatch_articles"]
    assert all(one.value in described for one in Outcome)
