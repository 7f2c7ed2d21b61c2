"""Reports of outlets, and what a desk tells of them, for tests of stories."""

from collections.abc import Sequence
from datetime import timedelta

import numpy as np

from archwatch.contracts.event import CodedEvent, FlaggedStory, StoryHead
from archwatch.stories.desk import Report, StoryDesk
from archwatch.stories.fingerprint import prints
from archwatch.stories.sighting import Sighting
from samples import NOW, flagged_story

TEXT = "Norland has rejected a second missile base in the fjords, its government said on Tuesday in Oslo."
OTHER = "Freedonia and Sylvania have agreed on inspections of each other's bridges and tunnels from May."


def report(
    name: str,
    text: str = TEXT,
    *,
    outlet: str | None = None,
    owner: str | None = None,
    minutes: float = 0,
    title: str | None = None,
    about: str | None = None,
    events: Sequence[CodedEvent] | None = None,
) -> Report:
    """An entry of the outlet that is named like it. Entries with the same `about` (else the same text) point
    the same way."""
    at = NOW + timedelta(minutes=minutes)
    seed = sum((about or text).encode())
    vector = np.random.default_rng(seed).normal(size=512).astype(np.float32)
    vector /= np.linalg.norm(vector)
    data = flagged_story(name)
    head = data.story.model_dump() | {"source": outlet or name, "published_at": at, "fetched_at": at}
    head["entries"] = [ref | {"source": outlet or name} for ref in head["entries"]]
    if title:
        head["title"] = title
    data = data.model_copy(update={"story": StoryHead.model_validate(head)})
    if events is not None:
        data = data.model_copy(update={"events": tuple(events)})
    words = frozenset((about or text).split())
    seen = Sighting(name, outlet or name, owner, "en", at, vector, prints(text), words=words)
    return Report(seen, data, len(text), at)


def told(desk: StoryDesk, *reports: Report, marked: bool = True) -> list[FlaggedStory]:
    """What the desk tells of a batch; `marked`: it is then on the log."""
    found = [one.data for answer in desk.told(reports) for one in answer]
    for data in found if marked else ():
        desk.on_log(data)
    return found


def ids(stories: Sequence[FlaggedStory]) -> list[tuple[str, int]]:
    return [(data.story.id, data.story.revision) for data in stories]
