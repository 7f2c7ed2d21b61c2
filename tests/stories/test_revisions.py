"""What an entry adds to its story, which text is coded, who contradicts whom, and where a story stands."""

from datetime import timedelta

import pytest

from archwatch.contracts.event import ActorRef, CodedEvent, FlaggedStory, Quote, Speaker
from archwatch.stories import revisions
from archwatch.stories.coding import MOST_ENTRIES, better, united
from archwatch.stories.news import is_milestone, news
from archwatch.stories.phase import phase
from archwatch.stories.voices import Heard
from samples import NOW, flagged_story
from stories_told import report

KNOWN = flagged_story("a")
THREAT = KNOWN.events[0].model_copy(update={"event_type": "THREATEN", "modality": "future"})


def with_events(name: str, *events: CodedEvent, **head: object) -> FlaggedStory:
    data = flagged_story(name)
    return data.model_copy(
        update={"events": events, "story": data.story.model_copy(update=head)},
    )


def kinds(known: FlaggedStory, data: FlaggedStory, *, again: bool = False) -> list[str]:
    return [change.kind for change in news(known, data, again)]


def test_an_announced_act_that_is_done_is_news_and_a_repeated_one_is_not() -> None:
    known = with_events("a", THREAT)
    assert kinds(known, with_events("b", THREAT)) == []
    done = THREAT.model_copy(update={"modality": "asserted"})
    assert kinds(known, with_events("b", done)) == ["modality"]
    assert kinds(known, with_events("b", done), again=True) == []
    assert kinds(known, with_events("b", done.model_copy(update={"confidence": 0.3}))) == []


def test_another_act_is_another_type_between_the_same_and_an_event_between_others() -> None:
    moldova = ActorRef(text="Moldova", start=0, end=7, code="MDA", kind="state")
    others = KNOWN.events[0].model_copy(update={"actors": (moldova,)})
    assert kinds(with_events("a", THREAT), KNOWN) == ["type"]
    assert kinds(with_events("a", THREAT), with_events("b", others)) == ["event"]


def test_a_new_voice_in_direct_speech_is_news_once() -> None:
    quote = Quote(
        text="No.", speaker=Speaker(text="Berg", name="Ada Berg"), verb="said", kind="direct", start=0, end=3
    )
    data = KNOWN.model_copy(update={"quotes": (quote, quote)})
    assert kinds(KNOWN, data) == ["quote"]
    assert kinds(data, data) == []


@pytest.mark.parametrize("title", ["Correction: Oslo has not decided", "BERICHTIGUNG: Kein Stützpunkt",
                                   "Исправление: Осло не решило", "RETRACTED - Norland's base"])  # fmt: skip
def test_corrections_are_seen(title: str) -> None:
    assert kinds(KNOWN, with_events("b", title=title), again=True) == ["correction"]


def test_a_word_that_only_begins_so_is_no_correction() -> None:
    told = with_events("b", title="Correctional officers protest in Oslo")
    assert "correction" not in kinds(KNOWN, told, again=True)


def test_milestones() -> None:
    assert [n for n in range(1, 100) if is_milestone(n)] == [2, 3, 5, 10, 20, 40, 80]


def test_the_best_text_is_coded() -> None:
    event = KNOWN.events[0]
    none, one, two = with_events("n"), with_events("o", event), with_events("t", event, THREAT)
    german = with_events("g", event, language="de")
    assert better(none, 100, one, 10)
    assert not better(one, 100, none, 1_000)
    assert better(one, 100, one, 151)
    assert not better(one, 100, one, 150)
    assert not better(two, 100, one, 1_000)
    assert better(german, 1_000, one, 100)
    assert not better(one, 100, german, 1_000)


def test_a_better_text_takes_over_the_coding_and_what_only_the_first_told_names_it() -> None:
    first, second = with_events("a", THREAT, title="First"), with_events("b", KNOWN.events[0], title="Second")
    story = united(first, second, take=True)
    assert (story.story.id, story.story.title, story.story.coded_from) == ("a", "Second", "b")
    assert [(event.event_type, event.entry) for event in story.events] == [
        ("REJECT", None),
        ("THREATEN", "a"),
    ]
    assert [ref.id for ref in story.story.entries] == ["a", "b"]


def test_who_says_the_contrary_is_named_on_either_side() -> None:
    denied = KNOWN.events[0].model_copy(update={"modality": "negated"})
    story = united(KNOWN, with_events("b", denied), take=False)
    assert [(event.modality, event.entry, event.contested_by) for event in story.events] == [
        ("asserted", None, ("b",)),
        ("negated", "b", ("a",)),
    ]


def test_a_story_that_everybody_carries_still_fits_on_the_log() -> None:
    state = revisions.opened(KNOWN, 10, Heard("v0"), NOW, None)
    for n in range(150):
        one = KNOWN.events[0].model_copy(
            update={"actors": (ActorRef(text=f"party {n}", start=0, end=1, kind="unknown"),)}
        )
        data = with_events(f"e{n}", one, source=f"outlet {n}", entries=report(f"e{n}").data.story.entries)
        state = revisions.taken_in(state, data, 10, Heard(f"v{n}"), NOW)
    told = revisions.published(state, NOW).data
    assert (told.story.source_count, len(told.story.entries)) == (151, MOST_ENTRIES)
    assert told.story.missing["entries"] == "the first 100 are listed"
    assert len(told.model_dump_json()) < 500_000


def test_merged_stories_tell_of_each_other_at_once() -> None:
    one, other = (
        revisions.published(revisions.opened(flagged_story(name), 10, Heard(name), NOW, None), NOW)
        for name in "ab"
    )
    first, ended = revisions.merged(one, other)
    soon = NOW + timedelta(seconds=1)
    assert revisions.due(first, soon)
    assert revisions.due(ended, soon)
    told, last = (revisions.published(state, soon).data.story for state in (first, ended))
    assert [ref.id for ref in told.entries] == ["a", "b"]
    assert (told.merged_into, last.merged_into) == (None, "a")
    assert [change.kind for change in (*told.changes, *last.changes)] == ["merged", "merged"]


@pytest.mark.parametrize(
    ("hours", "now", "expected"),
    [
        ([0], 1, "new"),
        ([0, 1, 2], 3, "developing"),
        ([0, 20, 40, 50], 60, "sustained"),
        ([0, 1, 2], 27, "fading"),
        ([0], 25, "fading"),
    ],
)
def test_phases(hours: list[int], now: int, expected: str) -> None:
    assert phase([NOW + timedelta(hours=h) for h in hours], NOW + timedelta(hours=now)) == expected
