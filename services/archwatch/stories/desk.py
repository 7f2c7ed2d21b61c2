"""Where reports become stories: the decision of `joining` and `revisions` on the store.

All entries are joined in one order, each in a transaction that nobody else enters meanwhile; what came of an
entry is kept under its id. So a batch that is taken again, here or on another instance, gives the same
revisions, and none of them twice once it is known to be on the log.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from archwatch.contracts.event import FlaggedStory
from archwatch.store.stories import Revision, StoryBook
from archwatch.store.store import Store
from archwatch.stories import revisions
from archwatch.stories.joining import Candidate, joined
from archwatch.stories.revisions import State
from archwatch.stories.sighting import Sighting, as_kept, packed, unpacked
from archwatch.stories.voices import voice
from archwatch.stories.window import Window

WINDOW: Final = 50_000  # entries; 200 MB at most


@dataclass(frozen=True)
class Report:
    """An entry that was coded as if it were a story of its own. `length`: characters of the text coded."""

    sighting: Sighting
    data: FlaggedStory
    length: int
    now: datetime


@dataclass(frozen=True)
class Told:
    """A revision to publish, and when it was decided on."""

    data: FlaggedStory
    at: datetime


class StoryDesk:
    """Joins reports into stories. Several may work on one store."""

    def __init__(self, store: Store, *, size: int = WINDOW) -> None:
        self._store, self._size = store, size
        self._window = Window(size)
        self._working = threading.Lock()

    def told(self, reports: Sequence[Report]) -> list[list[Told]]:
        """For each report, in order, what is to be published for it: mostly nothing.

        Raises TransientError when the store is away; then nothing was changed.
        """
        with self._working:
            try:
                with self._store.story_book() as book:
                    self._catch_up(book)
                    return self._joined(book, reports)
            except BaseException:
                self._window = Window(
                    self._size
                )  # it may hold what was not kept; the next call reads it anew
                raise

    def on_log(self, data: FlaggedStory) -> None:
        """A revision was published: it need not be again."""
        with self._store.story_book() as book:
            book.on_log(data.story.id, data.story.revision)

    def _catch_up(self, book: StoryBook) -> None:
        """Entries that others joined, or that were joined before a restart."""
        for kept in book.entries(self._window.last, self._size):
            self._window.add(kept.number, unpacked(kept.facts, kept.vector, kept.prints), kept.story_id)

    def _joined(self, book: StoryBook, reports: Sequence[Report]) -> list[list[Told]]:
        known = book.known([report.sighting.entry for report in reports])
        sightings = [as_kept(report.sighting) for report in reports]
        near = self._window.near(sightings)
        fresh: list[tuple[Sighting, str]] = []
        answers = []
        for report, sighting, candidates in zip(reports, sightings, near, strict=True):
            if sighting.entry in known:
                late = book.untold(sighting.entry)
                answers.append([Told(FlaggedStory.model_validate_json(r.data), r.at) for r in late])
                continue
            beside = [Candidate(s, story, float(sighting.vector @ s.vector)) for s, story in fresh]
            found = joined(sighting, [*candidates, *beside])
            state = (
                _opened(report, found.predecessor)
                if found.story is None
                else _taken_in(book, report, found.story)
            )
            answers.append(self._kept(book, report, sighting, state))
            known[sighting.entry] = state.data.story.id
            fresh.append((sighting, state.data.story.id))
        return answers

    def _kept(self, book: StoryBook, report: Report, sighting: Sighting, state: State) -> list[Told]:
        story = state.data.story.id
        tells = revisions.due(state, report.now)
        if tells:
            state = revisions.published(state, report.now)
            data = state.data.model_dump_json()
            book.tell(Revision(story, state.revision, sighting.entry, report.now, data, on_log=False))
        number = book.join(sighting.entry, story, state.voices[-1], *packed(sighting))
        book.save(story, state.model_dump_json(), sighting.at)
        self._window.add(number, sighting, story)
        return [Told(state.data, report.now)] if tells else []


def _opened(report: Report, predecessor: str | None) -> State:
    return revisions.opened(
        report.data, report.length, voice(report.sighting, ()), report.sighting.at, predecessor
    )


def _taken_in(book: StoryBook, report: Report, story: str) -> State:
    kept = book.state(story)
    if kept is None:
        raise LookupError(f"entries of story {story} are in the store, but not the story")
    carried = [(np.frombuffer(prints, dtype=np.uint32), whose) for prints, whose in book.carried(story)]
    spoken = voice(report.sighting, carried)
    state = State.model_validate_json(kept)
    return revisions.taken_in(state, report.data, report.length, spoken, report.sighting.at)
