"""Quotes: direct, indirect and mixed; who is quoted, by name, office, pronoun or body; labels are none."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archwatch.contracts.event import Quote
from archwatch.extractor.extract import Coder, extract
from archwatch.extractor.sentences import MAX_SENTENCES

CONFIG = Path(__file__).parents[2] / "config"


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder.load(CONFIG / "actors.yaml", CONFIG / "verbs.yaml", CONFIG.parent / "models/events")


def quotes(coder: Coder, text: str, title: str = "", language: str = "en") -> tuple[Quote, ...]:
    return extract(title, "", text, published_at=None, language=language, coder=coder).quotes


def told(found: tuple[Quote, ...]) -> list[tuple[str | None, str]]:
    return [((q.speaker.name or q.speaker.text) if q.speaker else None, q.text.strip(" ,.?!")) for q in found]


CASES = {
    # who says it stands after, before, between, or in the next sentence
    "“We need peace,” said John Smith, a fellow at Chatham House. “It will take years.”": [
        ("John Smith", "We need peace"),
        ("John Smith", "It will take years"),
    ],
    '"We will answer," the spokesman said, "and we will answer soon."': [
        ("spokesman", "We will answer"),
        ("spokesman", "and we will answer soon"),
    ],
    "“Truth outlives arms!” Defence Minister Petro Halych wrote on his page.": [
        ("Petro Halych", "Truth outlives arms")
    ],
    'The defence minister said:\n"I may not say which country it is."': [
        ("defence minister", "I may not say which country it is")
    ],
    "“I would guess he is dining now,” said Hale, chairman of the committee.": [
        ("Hale", "I would guess he is dining now")
    ],
    '"It is their job to come to us," Sen. Paul Kerr, R-N.Y., a member of the panel, told reporters.': [
        ("Paul Kerr", "It is their job to come to us")
    ],
    '"They lied to us," one of the soldiers, who asked not to be named, told the BBC.': [
        ("one of the soldiers", "They lied to us")
    ],
    '"It is a dark day for Europe," reads the letter, signed by thirty ministers.': [
        ("letter", "It is a dark day for Europe")
    ],
    # indirect: the reported clause, whoever says it
    "Senior officials told reporters on condition of anonymity the main point was still open.": [
        ("Senior officials", "the main point was still open")
    ],
    "The ministry said in a statement that two ships had entered the Black Sea.": [
        ("ministry", "two ships had entered the Black Sea")
    ],
    "The drills will end on Friday, according to Governor Maria Lenz.": [
        ("Maria Lenz", "The drills will end on Friday")
    ],
    "Two battalions left their bases, a Western diplomat said on Monday.": [
        ("Western diplomat", "Two battalions left their bases")
    ],
    "Peskov said the plan was dead and added that nobody would miss it.": [
        ("Dmitry Peskov", "the plan was dead"),
        ("Dmitry Peskov", "nobody would miss it"),
    ],
    "Poland said it had seen four missiles, but Ukraine said only two were fired.": [
        ("Poland", "it had seen four missiles"),
        ("Ukraine", "only two were fired"),
    ],
    "He went on to say that the treaty was void.": [("He", "the treaty was void")],
    # words in marks inside the clause belong to it
    "Medvedev tweeted that Poland was “dangerous for everyone” and had lost its mind.": [
        ("Dmitry Medvedev", "Poland was “dangerous for everyone” and had lost its mind")
    ],
    "Trump called it “the worst deal ever made by anyone”.": [
        ("Donald Trump", "the worst deal ever made by anyone")
    ],
    # who is quoted by whom
    "The agency quoted Lavrov as saying that the talks had failed.": [
        ("Sergei Lavrov", "the talks had failed")
    ],
    '"The talks are dead," Lavrov was quoted as saying by Interfax.': [
        ("Sergei Lavrov", "The talks are dead")
    ],
    "Kim said his weapons were a shield, state media reported on Sunday.": [
        ("Kim", "his weapons were a shield")
    ],
    "Reuters reported that Lavrov said the talks had failed.": [("Sergei Lavrov", "the talks had failed")],
    # what is no quote
    "As evidence of the agreement, the minister confirmed the new judge.": [],
    "The minister spoke of a “reset” and of “red lines”.": [],
    'The so-called "coalition of the willing" met in Paris.': [],
    "He was told that the plan was dead. The reported attack was not claimed.": [],
    "Lavrov did not say that the talks had failed, and declined to say when they would.": [],
    "The parliament announced a ceasefire on Monday and told the army to stop.": [],
}  # fmt: skip


@pytest.mark.parametrize("text", CASES)
def test_quotes(coder: Coder, text: str) -> None:
    assert told(quotes(coder, text)) == CASES[text]


@pytest.mark.parametrize(
    ("title", "speaker", "text", "kind"),
    [
        ("Lavrov: West has 'buried' the idea of equals", "Sergei Lavrov", "West has", "indirect"),
        ("'We are not at war with Russia' – Macron", "Emmanuel Macron", "We are not", "direct"),
        ("NATO will not back down, says Stoltenberg", "Jens Stoltenberg", "NATO will", "indirect"),
        ("Russia says US missiles in Poland threaten its security", "Russia", "US missiles", "indirect"),
        ("Sanctions will hurt Europe more - Hungarian PM", "Hungarian PM", "Sanctions will", "indirect"),
        ("Poland warns Russia could attack NATO", "Poland", "Russia could", "indirect"),
    ],
)
def test_headlines(coder: Coder, title: str, speaker: str, text: str, kind: str) -> None:
    (quote,) = quotes(coder, "", title=title)
    assert told((quote,))[0][0] == speaker
    assert quote.text.startswith(text)
    assert quote.kind == kind


@pytest.mark.parametrize(
    "title", ["War in Ukraine: What we know on day 30", "Russia warns of 'consequences'"]
)
def test_a_label_before_a_colon_says_nothing(coder: Coder, title: str) -> None:
    assert quotes(coder, "", title=title) == ()


def test_a_pronoun_is_the_last_who_spoke(coder: Coder) -> None:
    text = (
        "German Chancellor Angela Merkel met Prime Minister Mateusz Morawiecki in Warsaw. "
        '"We have talked about everything," she said. Morawiecki said that the pipeline had to be stopped. '
        '"It is a weapon," he added.\n\n'
        "The two sides agreed to meet again. They said the border would stay open."
    )
    assert [name for name, _ in told(quotes(coder, text))] == [
        "Angela Merkel", "Mateusz Morawiecki", "Mateusz Morawiecki", "two sides",
    ]  # fmt: skip


def test_a_quotation_over_paragraphs_is_one(coder: Coder) -> None:
    text = "“We are ready,” Putin said. “It opens here.\n\n“It goes on.\n\n“It ends.”"
    first, second = quotes(coder, text)
    assert (first.text, second.text[:13], second.text[-8:]) == ("We are ready,", "It opens here", "It ends.")
    assert second.speaker is not None
    assert second.speaker.code == "RUS"


def test_a_speaker_nobody_listed_has_no_code_and_a_reason(coder: Coder) -> None:
    (quote,) = quotes(coder, '"We are watching closely," a senior official said.')
    assert quote.speaker is not None
    assert (quote.speaker.text, quote.speaker.code) == ("senior official", None)
    assert "speaker.code" in quote.missing


def test_a_transcript_is_turns(coder: Coder) -> None:
    text = (
        "ANNA BERG: You follow the talks in Vienna, so tell us what is new today.\n"
        "JON HALE: Nothing is new. They will meet again, and they will part again, as always."
    )
    assert [name for name, _ in told(quotes(coder, text))] == ["Anna Berg", "Jon Hale"]


WORDS = [
    "Lavrov",
    "he",
    "said",
    "“",
    "”",
    '"',
    "'",
    "that",
    ",",
    ".",
    "\n\n",
    "according to",
    ":",
    "—",
    "was",
    "told",
]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(WORDS), max_size=60), st.sampled_from(["en", "de"]))
def test_spans_are_in_the_text_and_whole_quotations_apart(
    coder: Coder, words: list[str], language: str
) -> None:
    text = " ".join(words)
    found = quotes(coder, text, language=language)
    for quote in found:
        assert text[quote.start : quote.end] == quote.text
    assert [(q.start, q.end) for q in found] == sorted({(q.start, q.end) for q in found})


@pytest.mark.parametrize(
    "text",
    ['"' * 100_000, "said word Putin " * 17_000, "“word " * 20_000, '"We go on now," he said. ' * 5_000,
     "ANNA: we all know that this goes on and on and on and on\n" * 2_000],
)  # fmt: skip
def test_hostile_texts_end(coder: Coder, text: str) -> None:
    assert len(quotes(coder, text)) <= MAX_SENTENCES
