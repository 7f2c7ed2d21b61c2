"""What an entry adds to its story. Pure."""

import re
from typing import Final

from archwatch.contracts.event import Change, ChangeKind, FlaggedStory
from archwatch.contracts.wording import event_in_words
from archwatch.stories.coding import new_quotes, same_act, same_parties

_MILESTONES: Final = (2, 3, 5)
_SURE: Final = 0.5  # confidence from which on a new event is worth telling
_WORDS: Final = 300
_CORRECTS: Final = re.compile(
    r"^\W*((correct(ion|ed)|retract(ion|ed)|withdrawn|berichtigung|korrektur)\b|"
    r"rectificati[fv]|corrección|correção|sprostowanie|исправлен|опровержение|виправлен|спростування)",
    re.IGNORECASE,
)


def of_sources(before: int, after: int, data: FlaggedStory) -> list[Change]:
    """That so many outlets carry it, when that is worth telling."""
    if after == before or not is_milestone(after):
        return []
    return [change("sources", f"{after} outlets carry it, now {data.story.source}", data)]


def is_milestone(sources: int) -> bool:
    """2, 3, 5, 10, 20, and then each doubling: 40, 80 ..."""
    if sources in _MILESTONES:
        return True
    tens, rest = divmod(sources, 10)
    return rest == 0 and tens > 0 and tens & (tens - 1) == 0


def news(known: FlaggedStory, data: FlaggedStory, again: bool) -> list[Change]:
    """What `data` tells that `known` does not. `again`: its text was there before, but for some words, so
    only that it is a correction counts."""
    changes = []
    if _CORRECTS.match(data.story.title):
        changes.append(change("correction", data.story.title, data))
    if again:
        return changes
    for event in data.events:
        alike = [other for other in known.events if same_parties(event, other)]
        if event.confidence < _SURE or any(same_act(event, other) for other in alike):
            continue
        of_type = any(other.event_type == event.event_type for other in alike)
        kind: ChangeKind = "modality" if of_type else ("type" if alike else "event")
        changes.append(change(kind, event_in_words(event), data))
    return changes + [change("quote", quote.text, data) for quote in new_quotes(known.quotes, data.quotes)]


def change(kind: ChangeKind, what: str, data: FlaggedStory) -> Change:
    """A change that the newest entry of `data` brings."""
    short = what if len(what) <= _WORDS else what[: _WORDS - 1] + "…"
    return Change(kind=kind, what=short, entry=data.story.entries[-1].id)
