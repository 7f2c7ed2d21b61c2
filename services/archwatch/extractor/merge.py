"""The same act told in title, lead and text is one event."""

from archwatch.contracts.event import CodedEvent

_ORDER = {
    "asserted": 0,
    "historical": 0,
    "future": 1,
    "hypothetical": 2,
    "negated": 3,
}


def merged(events: list[CodedEvent]) -> list[CodedEvent]:
    """Without repetitions, in the order of the text; of those alike the one with most detail is kept."""
    kept: list[CodedEvent] = []
    for event in events:
        at = next((i for i, other in enumerate(kept) if _same(event, other)), None)
        if at is None:
            kept.append(event)
        elif _detail(event) > _detail(kept[at]):
            kept[at] = event
    return kept


def _codes(event: CodedEvent) -> tuple[frozenset[str], frozenset[str]]:
    return (
        frozenset(a.code or a.text for a in event.actors),
        frozenset(r.code or r.text for r in event.recipients),
    )


def _same(one: CodedEvent, other: CodedEvent) -> bool:
    if one.event_type != other.event_type or _ORDER[one.modality] != _ORDER[other.modality]:
        return False
    (actors, whom), (others, their) = _codes(one), _codes(other)
    if one.event_type in ("CONSULT", "COOPERATE", "AGREE"):
        return actors | whom == others | their
    return actors == others and (whom <= their or their <= whom)


def _detail(event: CodedEvent) -> tuple[int, int, int, float]:
    dated = bool(event.date and event.date.resolved)
    return (
        len(event.recipients) > 0,
        dated
        + (event.place is not None)
        + (event.attribution is not None)
        + (event.modality == "historical"),
        -_ORDER[event.modality],
        event.confidence,
    )
