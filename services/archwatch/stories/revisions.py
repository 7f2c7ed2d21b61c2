"""What an entry adds to its story, and whether that is worth an update. Pure."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from pydantic import Field

from archwatch.contracts.event import ActorRef, Change, CodedEvent, FlaggedStory, Quote
from archwatch.contracts.message import Message, Utc
from archwatch.contracts.wording import event_in_words
from archwatch.stories.phase import phase

RATE: Final = timedelta(minutes=10)  # between two updates of a story, unless one corrects
MOST_ENTRIES: Final = 100  # listed in an event; all are counted
_MILESTONES: Final = (2, 3, 5)
_LONGER: Final = 1.5  # so much longer must a text be for the story to be coded from it instead
_SURE: Final = 0.5  # confidence from which on a new event is worth telling
_HELD: Final = {"asserted": "done", "historical": "done", "future": "announced", "hypothetical": "possible"}
_CORRECTS: Final = re.compile(
    r"^\W*(correct(ion|ed)|retract(ion|ed)|withdrawn|berichtigung|korrektur|rectificati[fv]|corrección|correção|"
    r"sprostowanie|исправлен|опровержение|виправлен|спростування)",
    re.IGNORECASE,
)


class State(Message):
    """A story so far: what would be published of it, what was, and what waits to be told."""

    data: FlaggedStory
    revision: int = Field(ge=0, description="the last one published")
    length: int = Field(ge=0, description="of the text that was coded, in characters")
    sources: tuple[str, ...]
    voices: tuple[str, ...]
    times: tuple[Utc, ...]
    pending: tuple[Change, ...] = ()
    told_at: Utc | None = None


def opened(data: FlaggedStory, length: int, voice: str, at: datetime, predecessor: str | None) -> State:
    """A new story of one entry; its first revision is to be published."""
    return State(
        data=_headed(data, predecessor=predecessor, coded_from=data.story.entries[0].id),
        revision=0,
        length=length,
        sources=(data.story.source,),
        voices=(voice,),
        times=(at,),
    )


def taken_in(state: State, data: FlaggedStory, length: int, voice: str, at: datetime) -> State:
    """The story with one entry more; what that changes is added to `pending`."""
    sources = tuple(dict.fromkeys((*state.sources, data.story.source)))
    changes = [*_of_sources(len(state.sources), len(sources), data), *_news(state.data, data)]
    better = _better(state, data, length)
    base, other = (data, state.data) if better else (state.data, data)
    return state.model_copy(
        update={
            "data": _both(state.data, data, base, other),
            "length": length if better else state.length,
            "sources": sources,
            "voices": (*state.voices, voice),
            "times": (*state.times, at),
            "pending": (*state.pending, *changes),
        }
    )


def due(state: State, now: datetime) -> bool:
    """Whether what waits is to be told now: the first revision always, an update not within ten minutes of
    the one before, a correction at once."""
    if state.revision == 0:
        return True
    if any(change.kind == "correction" for change in state.pending):
        return True
    return bool(state.pending) and (state.told_at is None or now - state.told_at >= RATE)


def published(state: State, now: datetime) -> State:
    """The state after its next revision, which is its `data`."""
    revision = state.revision + 1
    data = _headed(
        state.data,
        revision=revision,
        source_count=len(state.sources),
        independent_sources=len(set(state.voices)),
        phase=phase(state.times, now),
        changes=state.pending if revision > 1 else (),
    )
    return state.model_copy(update={"data": data, "revision": revision, "pending": (), "told_at": now})


def is_milestone(sources: int) -> bool:
    """2, 3, 5, 10, 20, and then each doubling: 40, 80 ..."""
    if sources in _MILESTONES:
        return True
    tens, rest = divmod(sources, 10)
    return rest == 0 and tens > 0 and tens & (tens - 1) == 0


def _of_sources(before: int, after: int, data: FlaggedStory) -> list[Change]:
    if after == before or not is_milestone(after):
        return []
    return [_change("sources", f"{after} outlets carry it, now {data.story.source}", data)]


def _news(known: FlaggedStory, data: FlaggedStory) -> list[Change]:
    changes = []
    if _CORRECTS.match(data.story.title):
        changes.append(_change("correction", data.story.title, data))
    for event in data.events:
        alike = [other for other in known.events if _same_parties(event, other)]
        if event.confidence < _SURE or any(_same(event, other) for other in alike):
            continue
        of_type = [other for other in alike if other.event_type == event.event_type]
        kind = "modality" if of_type else ("type" if alike else "event")
        changes.append(_change(kind, event_in_words(event), data))
    changes += [_change("quote", quote.text, data) for quote in _new_quotes(known.quotes, data.quotes)]
    return changes


def _same(one: CodedEvent, other: CodedEvent) -> bool:
    return one.event_type == other.event_type and _held(one) == _held(other)


def _held(event: CodedEvent) -> str:
    return _HELD.get(event.modality, event.modality)


def _same_parties(one: CodedEvent, other: CodedEvent) -> bool:
    """Somebody in common on each side, or nobody named on one of them."""
    return _meet(_codes(one.actors), _codes(other.actors)) and _meet(
        _codes(one.recipients), _codes(other.recipients)
    )


def _codes(parties: Sequence[ActorRef]) -> frozenset[str]:
    return frozenset(party.code or party.text for party in parties)


def _meet(one: frozenset[str], other: frozenset[str]) -> bool:
    return not one or not other or bool(one & other)


def _new_quotes(known: Sequence[Quote], quotes: Sequence[Quote]) -> list[Quote]:
    """Those of a speaker who was not quoted yet: the same words come shortened, translated, re-cut."""
    heard = {_speaker(quote) for quote in known}
    new: dict[str, Quote] = {}
    for quote in quotes:
        speaker = _speaker(quote)
        if quote.kind == "direct" and speaker is not None and speaker not in heard:
            new.setdefault(speaker, quote)
    return list(new.values())


def _speaker(quote: Quote) -> str | None:
    return (quote.speaker.name or quote.speaker.code) if quote.speaker else None


def _better(state: State, data: FlaggedStory, length: int) -> bool:
    """A text that gives events where there were none, or as many out of a much longer text."""
    if bool(data.events) != bool(state.data.events):
        return bool(data.events)
    return length > _LONGER * state.length and len(data.events) >= len(state.data.events)


def _both(known: FlaggedStory, data: FlaggedStory, base: FlaggedStory, other: FlaggedStory) -> FlaggedStory:
    """The coding of `base`, with what only `other` tells: that names the entry that it comes from."""
    whose = other.story.coded_from or other.story.entries[0].id
    events = [
        event if event.entry else event.model_copy(update={"entry": whose})
        for event in other.events
        if not any(_same(event, one) and _same_parties(event, one) for one in base.events)
    ]
    quotes = [
        quote if quote.entry else quote.model_copy(update={"entry": whose})
        for quote in (_new_quotes(base.quotes, other.quotes) if other is data else other.quotes)
        if _speaker(quote) not in {_speaker(one) for one in base.quotes}
    ]
    head, new = known.story, data.story
    told = [moment for moment in (head.published_at, new.published_at) if moment]
    entries = {ref.id: ref for ref in (*head.entries, *new.entries)}
    missing = dict(base.story.missing)
    if len(entries) > MOST_ENTRIES:
        missing["entries"] = f"the first {MOST_ENTRIES} are listed"
    story = base.story.model_copy(
        update={
            "id": head.id,
            "revision": head.revision,
            "entries": tuple(entries.values())[:MOST_ENTRIES],
            "published_at": min(told) if told else None,
            "fetched_at": min(head.fetched_at, new.fetched_at),
            "predecessor": head.predecessor,
            "coded_from": base.story.coded_from or base.story.entries[0].id,
            "missing": missing,
        }
    )
    return base.model_copy(
        update={
            "story": story,
            "events": (*base.events, *events),
            "quotes": (*base.quotes, *quotes),
            "relevance": max((known.relevance, data.relevance), key=lambda relevance: relevance.score),
            "reason": None if base.events or events else base.reason,
        }
    )


def _change(kind: str, what: str, data: FlaggedStory) -> Change:
    short = what if len(what) <= 300 else what[:299] + "…"
    return Change.model_validate({"kind": kind, "what": short, "entry": data.story.entries[0].id})


def _headed(data: FlaggedStory, **fields: object) -> FlaggedStory:
    return data.model_copy(update={"story": data.story.model_copy(update=fields)})
