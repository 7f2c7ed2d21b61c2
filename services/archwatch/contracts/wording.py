"""Coded events in words, for a terminal line and an alert: `Russia rejects, to NATO: "..."`."""

from archwatch.contracts.event import ActorRef, CodedEvent, FlaggedStory

_VERBS = {
    "AGREE": "agrees with",
    "CONSULT": "talks with",
    "SUPPORT": "supports",
    "CONCEDE": "concedes to",
    "COOPERATE": "cooperates with",
    "AID": "aids",
    "RETREAT": "gives way to",
    "REQUEST": "demands of",
    "ACCUSE": "accuses",
    "REJECT": "rejects",
    "THREATEN": "threatens",
    "PROTEST": "protests against",
    "SANCTION": "sanctions",
    "MOBILIZE": "mobilizes against",
    "COERCE": "coerces",
    "ASSAULT": "attacks",
}
# a verb that needs no object is not followed by an invented one
_ALONE = {
    "AGREE": "agrees",
    "CONSULT": "talks",
    "CONCEDE": "concedes",
    "COOPERATE": "cooperates",
    "AID": "gives aid",
    "RETREAT": "gives way",
    "REQUEST": "demands",
    "PROTEST": "protests",
    "MOBILIZE": "mobilizes",
    "COERCE": "coerces",
}


def parties(refs: tuple[ActorRef, ...]) -> str:
    """Names joined for reading: `Russia, Belarus and NATO`; empty for none."""
    names = list(dict.fromkeys(ref.name or ref.text for ref in refs))
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def event_in_words(event: CodedEvent) -> str:
    """Who did what to whom, with what it is not: a fact, if it was not asserted."""
    actors, recipients = parties(event.actors) or "somebody", parties(event.recipients)
    verb = _VERBS[event.event_type] if recipients else _ALONE.get(event.event_type, _VERBS[event.event_type])
    words = " ".join(filter(None, [actors, verb, recipients]))
    if event.modality != "asserted":
        words += f" ({event.modality})"
    if event.attribution:
        words += f", says {event.attribution.name or event.attribution.text}"
    return words


def story_in_words(data: FlaggedStory) -> str:
    """The story's first event in words, else its title."""
    return event_in_words(data.events[0]) if data.events else data.story.title
