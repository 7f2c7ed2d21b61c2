"""Several codings of one story: which is the best, what only others tell, who contradicts whom. Pure."""

from collections.abc import Sequence
from typing import Final

from archwatch.contracts.event import ActorRef, CodedEvent, FlaggedStory, Quote

MOST_ENTRIES: Final = 100  # listed in an event; all are counted
_MOST_EVENTS: Final = 60  # of others than the text that was coded: an event must fit on the log
_MOST_QUOTES: Final = 20
_LONGER: Final = 1.5  # so much longer must a text be for the story to be coded from it instead
_BEST: Final = "en"  # the language in which most is found (docs/measuring.md)
_HELD: Final = {"asserted": "done", "historical": "done", "future": "announced", "hypothetical": "possible"}


def better(known: FlaggedStory, known_length: int, data: FlaggedStory, length: int) -> bool:
    """Whether the story is to be coded from the text of `data` instead: it gives events where there were
    none, or as many in the language in which most is found, or as many out of a much longer text."""
    own = sum(event.entry is None for event in known.events)
    if not own or not data.events:
        return bool(data.events) and not own
    if len(data.events) < own:
        return False
    was, best = known.story.language == _BEST, data.story.language == _BEST
    return best if best != was else length > _LONGER * known_length


def united(known: FlaggedStory, data: FlaggedStory, *, take: bool) -> FlaggedStory:
    """The story with the coding of `data` if `take`, else of `known`; what only the other tells names the
    entry that tells it. Head, entries and first dates stay those of the story `known`."""
    base, other = (data, known) if take else (known, data)
    whose = other.story.coded_from or other.story.entries[0].id
    source = base.story.coded_from or base.story.entries[0].id
    events = [
        event if event.entry else event.model_copy(update={"entry": whose})
        for event in other.events
        if not any(same_act(event, one) and same_parties(event, one) for one in base.events)
    ]
    quotes = [
        quote if quote.entry else quote.model_copy(update={"entry": whose})
        for quote in new_quotes(base.quotes, other.quotes)
    ]
    own_events, own_quotes = len(base.events), len(base.quotes)
    kept = _contested([*base.events, *events][: max(own_events, _MOST_EVENTS)], source)
    head, new = known.story, data.story
    moments = [moment for moment in (head.published_at, new.published_at) if moment]
    entries = {ref.id: ref for ref in (*head.entries, *new.entries)}
    missing = dict(base.story.missing)
    if len(entries) > MOST_ENTRIES or "entries" in head.missing:
        missing["entries"] = f"the first {MOST_ENTRIES} are listed"
    story = base.story.model_copy(
        update={
            "id": head.id,
            "revision": head.revision,
            "entries": tuple(entries.values())[:MOST_ENTRIES],
            "published_at": min(moments) if moments else None,
            "fetched_at": min(head.fetched_at, new.fetched_at),
            "predecessor": head.predecessor,
            "coded_from": source,
            "missing": missing,
        }
    )
    return base.model_copy(
        update={
            "story": story,
            "events": tuple(kept),
            "quotes": (*base.quotes, *quotes)[: max(own_quotes, _MOST_QUOTES)],
            "relevance": max((known.relevance, data.relevance), key=lambda relevance: relevance.score),
            "reason": None if kept else base.reason,
        }
    )


def same_act(one: CodedEvent, other: CodedEvent) -> bool:
    """Of one type, and held alike: what is done, announced, possible or denied."""
    return one.event_type == other.event_type and _held(one) == _held(other)


def same_parties(one: CodedEvent, other: CodedEvent) -> bool:
    """Somebody in common on each side, or nobody named on one of them."""
    return _meet(one.actors, other.actors) and _meet(one.recipients, other.recipients)


def new_quotes(known: Sequence[Quote], quotes: Sequence[Quote]) -> list[Quote]:
    """Those of a speaker who was not quoted yet: the same words come shortened, translated, re-cut."""
    heard = {_speaker(quote) for quote in known}
    new: dict[str, Quote] = {}
    for quote in quotes:
        speaker = _speaker(quote)
        if quote.kind == "direct" and speaker is not None and speaker not in heard:
            new.setdefault(speaker, quote)
    return list(new.values())


def _contested(events: Sequence[CodedEvent], source: str) -> list[CodedEvent]:
    """Each with the entries whose text says the contrary: done, and not done."""

    def told_by(event: CodedEvent) -> str:
        return event.entry or source

    marked = []
    for event in events:
        contrary = {
            told_by(other)
            for other in events
            if other.event_type == event.event_type
            and {_held(event), _held(other)} == {"done", "negated"}
            and told_by(other) != told_by(event)
            and same_parties(event, other)
        }
        by = tuple(sorted(contrary))
        marked.append(event if event.contested_by == by else event.model_copy(update={"contested_by": by}))
    return marked


def _held(event: CodedEvent) -> str:
    return _HELD.get(event.modality, event.modality)


def _meet(one: Sequence[ActorRef], other: Sequence[ActorRef]) -> bool:
    ours, theirs = ({party.code or party.text for party in side} for side in (one, other))
    return not ours or not theirs or bool(ours & theirs)


def _speaker(quote: Quote) -> str | None:
    return (quote.speaker.name or quote.speaker.code) if quote.speaker else None
