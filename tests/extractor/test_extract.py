"""The whole core: spans, merging, bounds, odd inputs, and the model story retold in our own words."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archwatch.contracts.entry import Entry
from archwatch.contracts.story import Relevance, Story
from archwatch.extractor.extract import MAX_CHARS, Coder, Extraction, extract
from archwatch.extractor.story import code_story

CONFIG = Path(__file__).parents[2] / "config"
PUBLISHED = datetime(2022, 1, 14, 9, tzinfo=UTC)

# The traps of the model story in our own words: a role before a name and two spellings of it, scare quotes,
# a promise recalled, three meetings in one sentence, a threat that is only not ruled out, a newsletter box.
RETOLD = """\
The United States promised Mikhail Gorbachev that NATO would stay where it was, the Russian envoy \
Alexander Lukashevich told reporters.

According to the Russian diplomat, that promise was made to Gorbachev in 1990 by US Secretary of State \
James Baker.

The Kremlin insisted that NATO had deceived Russia.

Meetings took place on Sunday in Geneva between the US and Russia, continued on Wednesday with a NATO- \
Russia Council meeting and on Thursday with a meeting within the OSCE.

“Regrettably we have heard nothing useful from our partners,” Lukashevich said.

The United States said through its OSCE ambassador Michael Carpenter that Washington will not accept \
Russia’s “blackmail” or its talk of “spheres”.

Ambassador Aleksandr Lukashevich said the OSCE had gathered “a great many troubles”.

“Our continent depends on the great powers, and they depend on dialogue,” he said.

Deputy Foreign Minister Sergei Riabkov said that the West had said “no” to the guarantees demanded by \
Russia. “The trouble is that the United States and NATO are not willing to give anything,” said Riabkov. \
If nothing is agreed, the deputy minister added, Moscow does not rule out a deployment of \
“infrastructure” in Cuba and Venezuela.

Russian Foreign Minister Sergei Lavrov said that Moscow expects a written response from the United \
States and NATO next week.

Source Link

The week’s news to your inbox!

We never spam: our privacy policy says how."""


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder.load(CONFIG / "actors.yaml", CONFIG / "verbs.yaml", CONFIG.parent / "models/events")


def read(coder: Coder, text: str, title: str = "", language: str = "en") -> Extraction:
    return extract(title, "", text, published_at=PUBLISHED, language=language, coder=coder)


def test_the_model_story_retold(coder: Coder) -> None:
    found = read(coder, RETOLD)
    coded = {
        (e.event_type, tuple(a.code for a in e.actors), tuple(r.code for r in e.recipients), e.modality)
        for e in found.events
    }
    assert coded >= {
        ("AGREE", ("USA",), ("SUN",), "historical"),
        ("ACCUSE", ("RUS",), ("NATO",), "asserted"),
        ("CONSULT", ("USA", "RUS"), (), "asserted"),
        ("CONSULT", ("NATO", "RUS"), (), "asserted"),
        ("CONSULT", ("OSCE",), (), "asserted"),
        ("REJECT", ("USA",), ("RUS",), "asserted"),
        ("REJECT", ("WEST",), ("RUS",), "asserted"),
        ("REQUEST", ("RUS",), ("WEST",), "asserted"),
        ("THREATEN", ("RUS",), (), "hypothetical"),
        ("REQUEST", ("RUS",), ("USA", "NATO"), "future"),
    }
    promise = next(e for e in found.events if e.event_type == "AGREE")
    assert promise.date is not None
    assert (promise.date.resolved, promise.date.precision) == ("1990", "year")
    assert promise.attribution is not None
    assert promise.attribution.code == "RUS"
    days = {e.date.resolved for e in found.events if e.event_type == "CONSULT" and e.date}
    assert days == {"2022-01-09", "2022-01-12", "2022-01-13"}
    direct = [(q.speaker.name, q.text[:12]) for q in found.quotes if q.kind == "direct" and q.speaker]
    assert direct == [
        ("Alexander Lukashevich", "Regrettably "),
        ("Alexander Lukashevich", "the OSCE had"),
        ("Alexander Lukashevich", "Our continen"),
        ("Sergei Ryabkov", "The trouble "),
    ]
    assert {p.name for p in found.places} == {"Geneva", "Cuba", "Venezuela"}


def test_the_same_act_in_title_and_text_is_one_event(coder: Coder) -> None:
    found = read(
        coder, "On Thursday in Vienna, Russia rejected the NATO offer.", title="Russia rejects NATO offer"
    )
    assert [(e.event_type, e.place.name if e.place else None) for e in found.events] == [("REJECT", "Vienna")]


def test_mentions_count_every_form_of_a_party(coder: Coder) -> None:
    found = read(coder, "Moscow, said Lavrov, is Russian. The Kremlin agreed; so did NATO.")
    assert [(m.code, m.count) for m in found.mentions] == [("RUS", 4), ("NATO", 1)]


WORDS = [
    "Russia",
    "NATO",
    "“",
    "”",
    "said",
    "rejects",
    "the",
    "US",
    "will",
    "not",
    "if",
    ".",
    ":",
    "-",
    "ѣ",
    "\n\n",
    "İ",
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(WORDS), max_size=60), st.sampled_from(["en", "ru", "de", "xx"]))
def test_spans_point_at_what_they_quote(coder: Coder, words: list[str], language: str) -> None:
    text = " ".join(words)
    found = read(coder, text, language=language)
    for event in found.events:
        assert text[event.evidence.start : event.evidence.end] == event.evidence.text
        assert all(
            text[a.start : a.end] == a.text
            for a in event.actors + event.recipients
            if a.code not in (None, "NATO")
        )
    for quote in found.quotes:
        assert text[quote.start : quote.end] == quote.text
    assert (found.reason is None) == bool(found.events)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no text"),
        (" \n ", "no text"),
        ("|a|b|\n|1|2|\n", "no words"),
        ("def f(x):\n    return x * 2\n", "no actor"),
        ("12:01 ... 12:02 ...", "no words"),
        ("नाटो की बैठक दिल्ली में", "no actor"),
        ("Georgia elects a mayor.", "left unresolved: Georgia"),
    ],
)
def test_what_is_no_story_gives_a_reason(coder: Coder, text: str, reason: str) -> None:
    found = read(coder, text)
    assert found.events == ()
    assert reason in (found.reason or "")


@pytest.mark.parametrize(
    "unit", ["word ", "Russia rejects NATO and ", "“", "said ", "Russia, ", "(", "a.b.c. ", "\n"]
)
def test_a_megabyte_is_bounded_and_said_to_be(coder: Coder, unit: str) -> None:
    found = read(coder, unit * (1_000_000 // len(unit)))
    assert found.reason is not None
    assert all(e.evidence.end <= MAX_CHARS for e in found.events)


def story(text: str, **fields: object) -> Story:
    entry = Entry.model_validate(
        {
            "id": "e1",
            "feed": "f",
            "source": "s",
            "title": "T",
            "text": text,
            "fetched_at": PUBLISHED,
            **fields,
        }
    )
    relevance = Relevance(score=0.9, threshold=0.5, flagged=True, model="m")
    return Story(id="s1", entry=entry, language="en", relevance=relevance)


def test_a_story_goes_out_with_an_excerpt_and_reasons(coder: Coder) -> None:
    out = code_story(story("Russia rejects the NATO offer. " + "word " * 200), coder)
    assert len(out.story.excerpt) <= 300
    assert out.story.excerpt.endswith("word…")
    assert (out.story.revision, out.story.source_count, out.story.entries[0].id) == (1, 1, "e1")
    assert set(out.story.missing) == {"url", "published_at"}
    assert [e.event_type for e in out.events] == ["REJECT"]
    assert out.events[0].missing["date"]


def test_spans_count_characters_of_the_reading(coder: Coder) -> None:
    one = story("Poland condemned Belarus.", summary="A lead.")
    event = code_story(one, coder).events[0]
    actor = event.actors[0]
    assert one.entry.reading()[actor.start : actor.end] == "Poland"
