"""The core: a text in, events, quotes, places and mentions out. Pure: no clock, no I/O."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from archwatch.contracts.event import ActorRef, CodedEvent, Mention, Place, Quote
from archwatch.extractor.attribution import Segment
from archwatch.extractor.events import Context, code_sentence
from archwatch.extractor.foreign import code_foreign
from archwatch.extractor.gazetteer import Gazetteer, Named, Unresolved, surnames
from archwatch.extractor.lexicon import Lexicon
from archwatch.extractor.merge import merged
from archwatch.extractor.parsed import Parsed
from archwatch.extractor.parties import Memory, find_parties
from archwatch.extractor.places import find_places
from archwatch.extractor.quotes import Found, find_quotes
from archwatch.extractor.sentences import Sentence, split
from archwatch.extractor.tokens import tokenize

LEAD: Final = 4  # sentences: headline and lead, where news says who did what
MAX_CHARS: Final = 100_000  # about 16,000 words: what comes after is not read


@dataclass(frozen=True)
class Coder:
    """The compiled configuration: build it once, share it."""

    gazetteer: Gazetteer = field(repr=False)
    lexicon: Lexicon = field(repr=False)

    @classmethod
    def load(cls, actors: Path, verbs: Path) -> "Coder":
        """Reads config/actors.yaml and config/verbs.yaml. Raises ConfigError with file, line and mend."""
        return cls(Gazetteer.load(actors), Lexicon.load(verbs))


@dataclass(frozen=True)
class Extraction:
    """What a text says. `reason`: why `events` is empty, or what was left unread; None when all is well."""

    events: tuple[CodedEvent, ...]
    quotes: tuple[Quote, ...]
    places: tuple[Place, ...]
    mentions: tuple[Mention, ...]
    reason: str | None


def extract(
    title: str,
    summary: str = "",
    text: str = "",
    *,
    published_at: datetime | None,
    language: str | None,
    coder: Coder,
) -> Extraction:
    """Codes one entry. Spans count characters of title, summary and text joined by blank lines.

    `language` is ISO 639-1 (a region after it is ignored); None is read as English. At most 100,000
    characters are read. Time is linear in the length of the text.
    """
    reading = "\n\n".join(part for part in (title, summary, text) if part)
    language = (language or "en").lower().split("-")[0]
    if not reading.strip():
        return Extraction((), (), (), (), "the entry has no text")
    read = reading[:MAX_CHARS]
    named, unresolved = coder.gazetteer.find(read, language=language, published_at=published_at)
    sentences = list(split(read, headline_end=len(title)))
    foreign = coder.lexicon.foreign.get(language)
    parsed, memories = _parse(sentences, named, published_at)
    quotes = find_quotes(read, parsed, coder.lexicon, memories, foreign)
    mentions = _mentions(named, coder.gazetteer)
    places = _places(parsed)
    events: list[CodedEvent] = []
    if language == "en":
        for i, (sentence, memory) in enumerate(zip(parsed, memories, strict=True)):
            context = Context(coder.lexicon, memory, published_at, strict=i >= LEAD)
            events += code_sentence(sentence, _quoted(sentence, quotes), context)
    elif foreign is not None:
        events = [event for sentence in parsed for event in code_foreign(sentence, foreign, published_at)]
    events = merged(events)
    reason = _reason(
        events, mentions, sentences, language, language == "en" or foreign is not None, unresolved
    )
    if events and len(reading) > MAX_CHARS:
        reason = f"only the first {MAX_CHARS:,} of {len(reading):,} characters were read"
    return Extraction(tuple(events), tuple(f.quote for f in quotes), places, mentions, reason)


def _parse(
    sentences: list[Sentence], named: list[Named], published_at: datetime | None
) -> tuple[list[Parsed], list[Memory]]:
    """Sentences with parties; and for each, what the text had said when it began."""
    memory = Memory()
    for surname, sense in surnames(named):
        if sense.code and surname[0].isupper():
            office = sense.office_at(published_at)
            memory.surnames[surname] = ActorRef(
                text=surname, start=0, end=0, code=sense.code, name=sense.name, kind="person",
                office=office.title if office else None,
            )  # fmt: skip
    parsed: list[Parsed] = []
    memories: list[Memory] = []
    k = 0
    for sentence in sentences:
        while k < len(named) and named[k].start < sentence.start:
            k += 1
        inside = []
        while k < len(named) and named[k].end <= sentence.end:
            inside.append(named[k])
            k += 1
        memories.append(
            Memory(dict(memory.surnames), memory.last_person, memory.last_party, dict(memory.offices))
        )
        tokens = tokenize(sentence.text, sentence.start, inside)
        parties = find_parties(tokens, sentence.text, sentence.start, memory, published_at)
        parsed.append(Parsed(sentence, tokens, parties))
    return parsed, memories


def _quoted(parsed: Parsed, quotes: list[Found]) -> list[Segment]:
    """The parts of a sentence inside quotations whose speaker is known."""
    found = []
    for item in quotes:
        if item.speaker is None or item.quote.kind == "indirect":
            continue
        inside = [
            i for i, t in enumerate(parsed.tokens) if t.start >= item.quote.start and t.end <= item.quote.end
        ]
        if len(inside) > 3:
            found.append(Segment(inside[0], inside[-1], item.speaker, item.quote.verb, True))
    return found


def _mentions(named: list[Named], gazetteer: Gazetteer) -> tuple[Mention, ...]:
    counts = Counter(
        n.sense.code for n in named if n.sense.code and n.sense.kind not in ("city", "body", "office")
    )
    return tuple(
        Mention(code=code, name=gazetteer.names[code][0] if code in gazetteer.names else code, count=count)
        for code, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )


def _places(parsed: list[Parsed]) -> tuple[Place, ...]:
    found: dict[tuple[str, str | None], Place] = {}
    for sentence in parsed:
        for _, place in find_places(sentence):
            found.setdefault((place.name, place.country), place)
    return tuple(found.values())


def _reason(
    events: list[CodedEvent],
    mentions: tuple[Mention, ...],
    sentences: list[Sentence],
    language: str,
    covered: bool,
    doubts: list[Unresolved],
) -> str | None:
    if events:
        return None
    if not sentences:
        return "nothing but boilerplate"
    if not re.search(r"[^\W\d_]{2}", "".join(s.text for s in sentences[:50])):
        return "the text has no words"
    if not covered:
        return f"language {language} is not covered"
    if not mentions:
        left = f"; left unresolved: {doubts[0].text} ({doubts[0].reason})" if doubts else ""
        return f"no actor of config/actors.yaml is named{left}"
    return "no verb of config/verbs.yaml joins two actors"
