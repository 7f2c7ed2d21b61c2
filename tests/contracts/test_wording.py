"""Coded events read as sentences, and say what is not a fact."""

from typing import get_args

import pytest

from archwatch.contracts.event import ActorRef, Attribution, CodedEvent, EventType
from archwatch.contracts.wording import event_in_words
from samples import flagged_story

EVENT = flagged_story().events[0]


def actor(name: str) -> ActorRef:
    return ActorRef(text=name, start=0, end=len(name), name=name)


def event(*actors: str, to: tuple[str, ...] = (), **fields: object) -> CodedEvent:
    named = {"actors": tuple(map(actor, actors)), "recipients": tuple(map(actor, to))}
    return EVENT.model_copy(update=named | fields)


@pytest.mark.parametrize(
    ("coded", "words"),
    [
        (event("Russia", to=("NATO",)), "Russia says no to NATO"),
        (event("NATO", "Russia", event_type="CONSULT"), "NATO and Russia talk"),
        (event("A", "B", "C", to=("D",), event_type="AID"), "A, B and C aid D"),
        (event(to=("Kosovo",), event_type="SUPPORT"), "an unnamed party supports Kosovo"),
        (
            event("Russia", event_type="THREATEN", modality="hypothetical"),
            "Russia makes threats (hypothetical)",
        ),
        (event("USA", attribution=Attribution(text="the envoy")), "USA says no, says the envoy"),
    ],
)
def test_events_in_words(coded: CodedEvent, words: str) -> None:
    assert event_in_words(coded) == words


@pytest.mark.parametrize("kind", get_args(EventType))
def test_every_type_has_words(kind: str) -> None:
    assert event_in_words(event("Russia", to=("NATO",), event_type=kind)).startswith("Russia ")
