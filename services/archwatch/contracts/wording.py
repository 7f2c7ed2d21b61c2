"""Coded events in words, for a terminal line and an alert: `Russia says no to NATO (historical)`."""

from typing import Final

from archwatch.contracts.event import ActorRef, CodedEvent, FlaggedStory

# with somebody to follow, and alone: a verb that needs no object is not given an invented one
_VERBS: Final = {
    "AGREE": ("agree with", "agree"),
    "CONSULT": ("talk with", "talk"),
    "SUPPORT": ("support", "give support"),
    "CONCEDE": ("concede to", "concede"),
    "COOPERATE": ("cooperate with", "cooperate"),
    "AID": ("aid", "give aid"),
    "RETREAT": ("give way to", "give way"),
    "REQUEST": ("make demands of", "make demands"),
    "ACCUSE": ("accuse", "make accusations"),
    "REJECT": ("say no to", "say no"),
    "THREATEN": ("threaten", "make threats"),
    "PROTEST": ("protest against", "protest"),
    "SANCTION": ("sanction", "impose sanctions"),
    "MOBILIZE": ("move forces against", "move forces"),
    "COERCE": ("coerce", "use coercion"),
    "ASSAULT": ("attack", "attack"),
}


def parties(refs: tuple[ActorRef, ...]) -> str:
    """Names joined for reading: `Russia, Belarus and NATO`; empty for none."""
    names = list(dict.fromkeys(ref.name or ref.text for ref in refs))
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def event_in_words(event: CodedEvent) -> str:
    """Who did what to whom, with what it is not: a fact, if it was not asserted."""
    actors, recipients = parties(event.actors), parties(event.recipients)
    verb = _VERBS[event.event_type][0 if recipients else 1]
    if len({actor.name or actor.text for actor in event.actors}) < 2:
        first, *rest = verb.split(" ")
        verb = " ".join([first + "s", *rest])
    words = " ".join(filter(None, [actors or "an unnamed party", verb, recipients]))
    if event.modality != "asserted":
        words += f" ({event.modality})"
    if event.attribution:
        words += f", says {event.attribution.name or event.attribution.text}"
    return words


def story_in_words(data: FlaggedStory) -> str:
    """The story's first event in words, else its title."""
    return event_in_words(data.events[0]) if data.events else data.story.title
