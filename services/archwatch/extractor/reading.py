"""A text read: its sentences with words, parties and quotations, and what the patterns find in each."""

from dataclasses import dataclass
from datetime import datetime

from archwatch.contracts.event import ActorRef
from archwatch.extractor.attribution import Segment
from archwatch.extractor.candidates import Signs
from archwatch.extractor.events import Context, read_signs
from archwatch.extractor.gazetteer import Gazetteer, Named, Unresolved, surnames
from archwatch.extractor.incumbents import Incumbents
from archwatch.extractor.lexicon import Lexicon
from archwatch.extractor.memory import name_key
from archwatch.extractor.parsed import Parsed
from archwatch.extractor.parties import Memory, find_parties
from archwatch.extractor.quotes import Found, find_quotes
from archwatch.extractor.sentences import Sentence, split
from archwatch.extractor.tokens import tokenize


@dataclass(frozen=True)
class Reading:
    """`memories`: for each sentence, what the text had said when it began."""

    sentences: list[Parsed]
    memories: list[Memory]
    quotes: list[Found]
    named: list[Named]
    unresolved: list[Unresolved]
    lexicon: Lexicon
    published_at: datetime | None

    def signs(self, i: int) -> Signs:
        """What the patterns for English find in the sentence at `i`."""
        parsed = self.sentences[i]
        context = Context(self.lexicon, self.memories[i], self.published_at)
        return read_signs(parsed, _quoted(parsed, self.quotes), context)


def read(
    text: str,
    *,
    headline_end: int,
    published_at: datetime | None,
    language: str,
    gazetteer: Gazetteer,
    lexicon: Lexicon,
) -> Reading:
    """Reads a text of which the first `headline_end` characters are the headline."""
    named, unresolved = gazetteer.find(text, language=language, published_at=published_at)
    sentences = list(split(text, headline_end=headline_end))
    parsed, memories = _parse(sentences, named, published_at, gazetteer.incumbents)
    quotes = find_quotes(text, parsed, lexicon, memories, lexicon.foreign.get(language))
    return Reading(parsed, memories, quotes, named, unresolved, lexicon, published_at)


def _parse(
    sentences: list[Sentence], named: list[Named], published_at: datetime | None, incumbents: Incumbents
) -> tuple[list[Parsed], list[Memory]]:
    """Sentences with parties; and for each, what the text had said when it began."""
    memory = Memory(incumbents=incumbents)
    for surname, sense in surnames(named):
        if sense.code and surname[0].isupper():
            office = sense.office_at(published_at)
            memory.surnames[name_key(surname)] = ActorRef(
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
    first, last = parsed.sentence.start, parsed.sentence.end
    for item in quotes:
        elsewhere = item.quote.end <= first or item.quote.start >= last
        if elsewhere or item.speaker is None or item.quote.kind == "indirect":
            continue
        inside = [
            i for i, t in enumerate(parsed.tokens) if t.start >= item.quote.start and t.end <= item.quote.end
        ]
        if len(inside) > 3:
            found.append(Segment(inside[0], inside[-1], item.speaker, item.quote.verb, True))
    return found
