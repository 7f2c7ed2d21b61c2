"""Who acts towards whom, counted under a closed list of names so that the number of series is bounded."""

from collections.abc import Iterable
from typing import Final

from archwatch.contracts.event import ActorRef, CodedEvent, Quote
from archwatch.telemetry.metrics import NOBODY, OTHER, Metrics, leads_to

HAPPENED: Final = "asserted"


def count_events(metrics: Metrics, events: Iterable[CodedEvent], story_id: str) -> None:
    """Count each event by type, and what is said to have happened by pair of parties too.

    A pair counts once for an event, however often a text names its sides. The intensity (PLOVER's conflict-
    cooperation score, -10 to 10) is summed by its sign: a counter may not fall. The last story counted is the
    exemplar of its number.
    """
    for event in events:
        metrics.events.labels(event.event_type, str(event.quad_code), event.modality).inc(
            exemplar=leads_to(story_id)
        )
        if event.modality != HAPPENED:
            continue
        for pair in pairs_of(event, metrics.actors):
            metrics.pair_events.labels(*pair).inc(exemplar=leads_to(story_id))
            metrics.pair_conflict.labels(*pair).inc(max(0.0, -event.intensity))
            metrics.pair_cooperation.labels(*pair).inc(max(0.0, event.intensity))


def count_quotes(metrics: Metrics, quotes: Iterable[Quote]) -> None:
    """Count each quote by who speaks."""
    for quote in quotes:
        code = quote.speaker.code if quote.speaker else None
        named = NOBODY if quote.speaker is None else code if code in metrics.actors else OTHER
        metrics.quotes.labels(named).inc()


def pairs_of(event: CodedEvent, listed: frozenset[str]) -> set[tuple[str, str]]:
    """(actor, recipient) of an event: a code of `listed`, `other`, or `none` for a side that is empty."""
    actors, recipients = _names(event.actors, listed), _names(event.recipients, listed)
    # two sides of one state are talk within it; `other` to `other` are two that are not listed
    return {(a, r) for a in actors for r in recipients if a != r or a == OTHER}


def _names(parties: Iterable[ActorRef], listed: frozenset[str]) -> set[str]:
    return {party.code if party.code in listed else OTHER for party in parties} or {NOBODY}
