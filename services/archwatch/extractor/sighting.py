"""A coded story as the joining sees it."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

import numpy as np

from archwatch.contracts.entry import Entry
from archwatch.contracts.event import FlaggedStory
from archwatch.encoders import cleaned, quick_vectors
from archwatch.extractor.memory import name_key
from archwatch.extractor.transliteration import spellings
from archwatch.stories.fingerprint import prints
from archwatch.stories.sighting import Sighting, Vector

_HEADLINE: Final = 300  # characters of the title that are compared: a title may be as long as an article
_LEAD: Final = 250  # and of the lead
_KEY: Final = 5  # letters of a word's key: endings differ, stems do not
_EVENTS: Final = 3  # the first ones are of headline and lead
# `Headline | Outlet`, `Headline « Section | Outlet`: what follows is the same in every item of an outlet
_OUTLET: Final = re.compile(r"\s[|«]\s.*$", re.DOTALL)
_WORD: Final = re.compile(r"[^\W\d_]{4,}")


def sightings(told: Sequence[tuple[Entry, FlaggedStory]]) -> list[Sighting]:
    """One for each entry with its coding. The vectors of all are made at once."""
    titles = [headline(entry) for entry, _ in told]
    openings = [
        f"{title}. {cleaned(entry.summary, _LEAD)}" for title, (entry, _) in zip(titles, told, strict=True)
    ]
    vectors = quick_vectors([*titles, *openings])
    both = vectors[: len(told)] + vectors[len(told) :]  # of the headline and of the opening, as one
    both /= np.maximum(np.linalg.norm(both, axis=1, keepdims=True), 1e-9)
    return [
        _sighting(entry, data, vector, title, opening)
        for (entry, data), vector, title, opening in zip(told, both, titles, openings, strict=True)
    ]


def headline(entry: Entry) -> str:
    """The title without the outlet's name behind it."""
    title = cleaned(entry.title, _HEADLINE)
    return _OUTLET.sub("", title) or title


def _sighting(entry: Entry, data: FlaggedStory, vector: Vector, title: str, opening: str) -> Sighting:
    events = data.events[:_EVENTS]
    parties = [party for event in events for party in (*event.actors, *event.recipients)]
    speakers = [quote.speaker for quote in data.quotes if quote.speaker]
    stated = data.story.published_at
    return Sighting(
        entry=entry.id,
        source=entry.source,
        owner=entry.owner,
        language=data.story.language,
        at=stated if stated and stated < entry.fetched_at else entry.fetched_at,
        vector=vector,
        prints=prints("\n".join((title, entry.summary, entry.text))),
        words=_keys(opening),
        headline=_keys(title),
        codes=_known(mention.code for mention in data.mentions),
        actors=_known(actor.code for event in events for actor in event.actors),
        people=_known(
            [*(p.name for p in parties if p.kind == "person"), *(speaker.name for speaker in speakers)]
        ),
        acts=frozenset(event.event_type for event in events),
    )


def _keys(text: str) -> frozenset[str]:
    return frozenset(_key(word) for word in _WORD.findall(text))


@lru_cache(maxsize=65_536)
def _key(word: str) -> str:
    """Alike for Macron, Macrons and Макрон."""
    latin = spellings(word, "ru")[0] if re.search("[а-яёіїєґ]", word.lower()) else word
    return name_key(latin)[:_KEY]


def _known(names: Iterable[str | None]) -> frozenset[str]:
    return frozenset(name for name in names if name)
