"""A story from its first entry on: when it is told, and what its revisions say. Pure."""

from datetime import datetime, timedelta
from typing import Final

from pydantic import Field

from archwatch.contracts.event import Change, FlaggedStory
from archwatch.contracts.message import Message, Utc
from archwatch.stories.coding import better, united
from archwatch.stories.news import change, news, of_sources
from archwatch.stories.phase import phase
from archwatch.stories.voices import Heard

RATE: Final = timedelta(minutes=10)  # between two updates of a story, but for what is urgent
_URGENT: Final = ("correction", "merged")


class State(Message):
    """A story so far: what would be published of it, what was, and what waits to be told."""

    data: FlaggedStory
    revision: int = Field(ge=0, description="the last one published")
    length: int = Field(ge=0, description="of the text that was coded, in characters")
    sources: tuple[str, ...]
    voices: tuple[str, ...] = Field(description="of each entry, in their order")
    times: tuple[Utc, ...] = Field(description="when each entry came")
    pending: tuple[Change, ...] = ()
    told_at: Utc | None = None


def opened(data: FlaggedStory, length: int, heard: Heard, at: datetime, predecessor: str | None) -> State:
    """A new story of one entry; its first revision is to be published."""
    return State(
        data=headed(data, predecessor=predecessor, coded_from=data.story.entries[0].id),
        revision=0,
        length=length,
        sources=(data.story.source,),
        voices=(heard.voice,),
        times=(at,),
    )


def taken_in(state: State, data: FlaggedStory, length: int, heard: Heard, at: datetime) -> State:
    """The story with one entry more; what that changes is added to `pending`."""
    sources = tuple(dict.fromkeys((*state.sources, data.story.source)))
    changes = [*of_sources(len(state.sources), len(sources), data), *news(state.data, data, heard.again)]
    take = not heard.again and better(state.data, state.length, data, length)
    return state.model_copy(
        update={
            "data": united(state.data, data, take=take),
            "length": length if take else state.length,
            "sources": sources,
            "voices": (*state.voices, heard.voice),
            "times": (*state.times, at),
            "pending": (*state.pending, *changes),
        }
    )


def merged(state: State, other: State) -> tuple[State, State]:
    """Two stories that turned out to be one: the first with the second in it, and the second, which ends."""
    ours, theirs = state.data.story, other.data.story
    into = change("merged", f"with the story {theirs.title!r} ({theirs.id})", other.data)
    over = change("merged", f"into the story {ours.title!r} ({ours.id})", other.data)
    one = state.model_copy(
        update={
            "data": united(state.data, other.data, take=False),
            "sources": tuple(dict.fromkeys((*state.sources, *other.sources))),
            "voices": (*state.voices, *other.voices),
            "times": (*state.times, *other.times),
            "pending": (*state.pending, *other.pending, into),
        }
    )
    ended = {"data": headed(other.data, merged_into=ours.id), "pending": (*other.pending, over)}
    return one, other.model_copy(update=ended)


def due_at(state: State) -> datetime | None:
    """From when on what waits is to be told; None when nothing waits."""
    if not state.pending or state.told_at is None:
        return None
    urgent = any(one.kind in _URGENT for one in state.pending)
    return state.told_at if urgent else state.told_at + RATE


def due(state: State, now: datetime) -> bool:
    """The first revision at once, an update not within ten minutes of the one before, unless urgent."""
    if state.revision == 0:
        return True
    when = due_at(state)
    return when is not None and when <= now


def published(state: State, now: datetime) -> State:
    """The state after its next revision, which is its `data`."""
    revision = state.revision + 1
    data = headed(
        state.data,
        revision=revision,
        source_count=len(state.sources),
        independent_sources=len(set(state.voices)),
        phase=phase(state.times, max(state.times)),  # as its newest entry finds it, however late that is read
        changes=state.pending if revision > 1 else (),
    )
    return state.model_copy(update={"data": data, "revision": revision, "pending": (), "told_at": now})


def headed(data: FlaggedStory, **fields: object) -> FlaggedStory:
    """`data` with some fields of its story put in."""
    return data.model_copy(update={"story": data.story.model_copy(update=fields)})
