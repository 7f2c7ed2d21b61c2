"""The core: a text in, events, quotes, places and mentions out. Pure: no clock, no I/O."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from archwatch.contracts.event import CodedEvent, Mention, Place, Quote
from archwatch.extractor.candidates import Question, candidates
from archwatch.extractor.decisions import decided, opening_of
from archwatch.extractor.drafts import best, is_plain, written
from archwatch.extractor.foreign import code_foreign
from archwatch.extractor.gazetteer import Gazetteer, Named
from archwatch.extractor.judge import Judge
from archwatch.extractor.judgefile import load_judge
from archwatch.extractor.lexicon import Lexicon
from archwatch.extractor.merge import merged
from archwatch.extractor.parsed import Parsed
from archwatch.extractor.places import find_places
from archwatch.extractor.reading import Reading, read

LEAD: Final = 4  # sentences: headline and lead, where news says who did what
MAX_CHARS: Final = 100_000  # about 16,000 words: what comes after is not read


@dataclass(frozen=True)
class Coder:
    """The compiled configuration: build it once, share it."""

    gazetteer: Gazetteer = field(repr=False)
    lexicon: Lexicon = field(repr=False)
    judge: Judge = field(repr=False)

    @classmethod
    def load(cls, actors: Path, verbs: Path, judge: Path) -> "Coder":
        """Reads config/actors.yaml, config/verbs.yaml and the folder of the judge. Raises ConfigError with
        file, line and mend."""
        return cls(Gazetteer.load(actors), Lexicon.load(verbs), load_judge(judge))


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
    taken = read(
        reading[:MAX_CHARS],
        headline_end=len(title),
        published_at=published_at,
        language=language,
        gazetteer=coder.gazetteer,
        lexicon=coder.lexicon,
    )
    foreign = coder.lexicon.foreign.get(language)
    events: list[CodedEvent] = []
    if language == "en":
        events = _english(taken, coder.judge)
    elif foreign is not None:
        events = [
            event for sentence in taken.sentences for event in code_foreign(sentence, foreign, published_at)
        ]
    events = merged(events)
    reason = _reason(events, taken, language, covered=language == "en" or foreign is not None)
    if events and len(reading) > MAX_CHARS:
        reason = f"only the first {MAX_CHARS:,} of {len(reading):,} characters were read"
    return Extraction(
        tuple(events),
        tuple(f.quote for f in taken.quotes),
        _places(taken.sentences),
        _mentions(taken.named, coder.gazetteer),
        reason,
    )


def _english(reading: Reading, judge: Judge) -> list[CodedEvent]:
    """The judge decides on headline and lead. Deeper in a story, where a sentence seldom tells news, only
    what the patterns find plain is taken."""
    signs = [reading.signs(i) for i in range(len(reading.sentences))]
    lead = list(zip(reading.sentences, signs, strict=True))[:LEAD]
    questions = [Question(parsed, one) for parsed, found in lead for one in candidates(parsed, found)]
    judged = list(zip(questions, judge.verdicts(questions), strict=True))
    opening = opening_of(reading.sentences)
    events: list[CodedEvent] = []
    for i, (parsed, found) in enumerate(zip(reading.sentences, signs, strict=True)):
        if i < LEAD:
            here = [(q.candidate, verdict) for q, verdict in judged if q.parsed is parsed]
            drafts = decided(parsed, found, here, sure=judge.sure, opening=parsed is opening)
        else:
            drafts = [draft for draft in found.drafts if is_plain(draft)]
        events += sorted((written(parsed, d) for d in best(drafts)), key=lambda e: e.evidence.start)
    return events


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


def _reason(events: list[CodedEvent], reading: Reading, language: str, *, covered: bool) -> str | None:
    """Why there is no event; None when there is one."""
    if events:
        return None
    if not reading.sentences:
        return "nothing but boilerplate"
    if not re.search(r"[^\W\d_]{2}", "".join(p.sentence.text for p in reading.sentences[:50])):
        return "the text has no words"
    if not covered:
        return f"language {language} is not covered"
    if not any(named.sense.code for named in reading.named):
        doubts = reading.unresolved
        left = f"; left unresolved: {doubts[0].text} ({doubts[0].reason})" if doubts else ""
        return f"no actor of config/actors.yaml is named{left}"
    return "no party is seen to do anything"
