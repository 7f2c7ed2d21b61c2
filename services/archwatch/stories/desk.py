"""Where reports become stories: the decisions of `joining` and `revisions` on the store.

All entries are joined in one order, each batch in a transaction that nobody else enters meanwhile; what came
of an entry is kept under its id. So a batch that is taken again, here or on another instance, gives the same
revisions, and none of them once it is known to be on the log.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from archwatch.contracts.event import FlaggedStory
from archwatch.store.store import Store
from archwatch.store.stories import Revision, StoryBook
from archwatch.stories import revisions
from archwatch.stories.joining import HORIZON, Joined, joined
from archwatch.stories.revisions import State
from archwatch.stories.sighting import Sighting, as_kept, packed, unpacked
from archwatch.stories.voices import heard
from archwatch.stories.window import Window

WINDOW: Final = 50_000  # entries; 130 MB of vectors at most


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
        """For each report, in order, what is to be published with it: mostly nothing. What waited in other
        stories is told with the first report after its time.

        Raises TransientError when the store is away; then nothing was changed.
        """
        if not reports:
            return []
        with self._working:
            try:
                with self._store.story_book() as book:
                    self._catch_up(book, min(report.sighting.at for report in reports))
                    return _Batch(book, self._window, reports).told()
            except BaseException:
                # it may hold what was not kept: the next call reads it anew
                self._window = Window(self._size)
                raise

    def on_log(self, data: FlaggedStory) -> None:
        """A revision was published: it need not be again."""
        with self._store.story_book() as book:
            book.on_log(data.story.id, data.story.revision)

    def _catch_up(self, book: StoryBook, earliest: datetime) -> None:
        """Entries that others joined, or that were joined before a restart."""
        for kept in book.entries(self._window.last, self._size):
            self._window.add(kept.number, unpacked(kept.facts, kept.vector, kept.prints), kept.story_id)
        for story, into in book.merges(earliest - HORIZON):
            self._window.merge(story, into)


class _Batch:
    """The reports of one transaction."""

    def __init__(self, book: StoryBook, window: Window, reports: Sequence[Report]) -> None:
        self._book, self._window, self._reports = book, window, reports
        self._joined: list[tuple[int, Sighting, str]] = []
        self._telling: list[Told] = []

    def told(self) -> list[list[Told]]:
        known = self._book.known([report.sighting.entry for report in self._reports])
        sightings = [as_kept(report.sighting) for report in self._reports]
        asked = self._window.asked(sightings)
        answers = []
        for position, (report, sighting) in enumerate(zip(self._reports, sightings, strict=True)):
            if sighting.entry in known:
                late = self._book.untold(sighting.entry)
                answers.append([Told(FlaggedStory.model_validate_json(r.data), r.at) for r in late])
                continue
            self._telling = []
            found = joined(sighting, asked.candidates(position, sighting, self._joined))
            story = self._place(report, sighting, found)
            self._tell_overdue(report)
            self._joined.append((position, sighting, story))
            known.add(sighting.entry)
            answers.append(self._telling)
        return answers

    def _place(self, report: Report, sighting: Sighting, found: Joined) -> str:
        if found.story is None:
            spoken = heard(sighting, ())
            state = revisions.opened(report.data, report.length, spoken, sighting.at, found.predecessor)
        else:
            state, story = self._merged(found, report)
            carried = [(np.frombuffer(p, dtype=np.uint32), voice) for p, voice in self._book.carried(story)]
            spoken = heard(sighting, carried)
            state = revisions.taken_in(state, report.data, report.length, spoken, sighting.at)
        story = state.data.story.id
        number = self._book.join(sighting.entry, story, spoken.voice, *packed(sighting))
        self._window.add(number, sighting, story)
        self._keep(state, report)
        return story

    def _merged(self, found: Joined, report: Report) -> tuple[State, str]:
        """The story that was opened first, with those in it that are the same."""
        stories = [self._state(story) for story in (found.story or "", *found.others)]
        first, *others = sorted(stories, key=lambda state: (min(state.times), state.data.story.id))
        into = first.data.story.id
        for other in others:
            first, ended = revisions.merged(first, other)
            self._keep(ended, report)
            self._book.merge(ended.data.story.id, into)
            self._window.merge(ended.data.story.id, into)
        return first, into

    def _tell_overdue(self, report: Report) -> None:
        for waiting in self._book.overdue(report.now):
            self._keep(State.model_validate_json(waiting), report)

    def _keep(self, state: State, report: Report) -> None:
        """Save a story as it stands now, and tell it if it is time."""
        story = state.data.story.id
        if revisions.due(state, report.now):
            state = revisions.published(state, report.now)
            data = state.data.model_dump_json()
            entry = report.sighting.entry
            self._book.tell(Revision(story, state.revision, entry, report.now, data, on_log=False))
            self._telling.append(Told(state.data, report.now))
        self._book.save(story, state.model_dump_json(), max(state.times), revisions.due_at(state))

    def _state(self, story: str) -> State:
        kept = self._book.state(story)
        if kept is None:
            raise LookupError(f"entries of story {story} are in the store, but not the story")
        return State.model_validate_json(kept)
