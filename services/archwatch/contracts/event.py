"""The public contract: the data of a CloudEvent on `archwatch.events.v1`.

`events[]` follows PLOVER 0.8, the political event ontology (openeventdata/PLOVER).
All spans (`start`, `end`) count characters of the text that was coded: title, summary and
text (the article's where it was fetched, else the feed's) joined by an empty line. That text is
the publisher's, so only an excerpt is published.
"""

from typing import Literal

from pydantic import Field

from archwatch.contracts.message import Id, Message, Missing, Score, Utc
from archwatch.contracts.story import Relevance, TopicScore

EventType = Literal[
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST",
    "ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
]  # fmt: skip
Modality = Literal["asserted", "historical", "future", "hypothetical", "negated"]
ActorKind = Literal["state", "organisation", "alliance", "bloc", "person", "group", "unknown"]
Phase = Literal["new", "developing", "sustained", "fading"]
ChangeKind = Literal["sources", "event", "quote", "type", "modality", "correction", "merged"]


class EntryRef(Message):
    """An outlet's item that carries the story."""

    id: Id
    source: str
    url: str | None = None
    published_at: Utc | None = None


class Change(Message):
    """One thing that is new in this revision."""

    kind: ChangeKind
    what: str = Field(max_length=300, description="in words")
    entry: Id | None = Field(None, description="the entry that brought it")


class StoryHead(Message):
    """What the story is and who carries it. A reader keeps the highest revision that it has seen."""

    id: Id
    revision: int = Field(ge=1)
    title: str
    url: str | None = None
    source: str
    feed: str
    language: str | None = None
    published_at: Utc | None = None
    fetched_at: Utc
    entries: tuple[EntryRef, ...] = Field(description="every outlet's item that carried it")
    source_count: int = Field(ge=1)
    excerpt: str = Field(max_length=300)
    independent_sources: int | None = Field(
        None, ge=1, description="outlets, with copies of one text and outlets of one owner counted as one"
    )
    phase: Phase | None = Field(None, description="from the rhythm in which outlets take it up")
    predecessor: Id | None = Field(None, description="the story that this one takes up again after days")
    coded_from: Id | None = Field(
        None, description="the entry whose text was coded; spans count its characters"
    )
    merged_into: Id | None = Field(
        None, description="the story that this one turned out to be part of: this is its last revision"
    )
    changes: tuple[Change, ...] = Field((), description="what is new since the revision before")
    missing: Missing = Field(default_factory=dict)


class ActorRef(Message):
    """A party as named in the text, and who that is."""

    text: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    code: str | None = Field(None, description="ISO 3166-1 alpha-3 for a state, else the acronym")
    name: str | None = None
    kind: ActorKind = "unknown"
    office: str | None = Field(None, description="e.g. `foreign minister`, when named by office")
    score: Score = 1.0


class Attribution(Message):
    """Who says so, when it is not the outlet itself."""

    text: str
    code: str | None = None
    name: str | None = None
    office: str | None = None
    verb: str | None = None


class EventDate(Message):
    """When it happened, as far as the text tells."""

    raw: str
    resolved: str | None = Field(None, description="ISO 8601, as long as its precision: 1990, 2022-01-13")
    precision: Literal["year", "month", "week", "day", "time"] | None = None


class Place(Message):
    """A named place; never an invented coordinate."""

    raw: str | None = None
    name: str
    country: str | None = Field(None, description="ISO 3166-1 alpha-3")


class Evidence(Message):
    """The words that the coding rests on: at most 300 characters around what decided."""

    text: str = Field(max_length=300)
    start: int = Field(ge=0)
    end: int = Field(ge=0)


class CodedEvent(Message):
    """Who did what to whom: one PLOVER record."""

    event_type: EventType
    mode: str | None = None
    quad_code: int = Field(ge=1, le=4)
    intensity: float = Field(ge=-10, le=10, description="PLOVER conflict-cooperation score")
    actors: tuple[ActorRef, ...] = ()
    recipients: tuple[ActorRef, ...] = ()
    modality: Modality = "asserted"
    attribution: Attribution | None = None
    date: EventDate | None = None
    place: Place | None = None
    evidence: Evidence
    confidence: Score
    entry: Id | None = Field(None, description="whose text tells it, when not that of `coded_from`")
    contested_by: tuple[Id, ...] = Field((), description="entries whose text says the contrary")
    missing: Missing = Field(default_factory=dict)


class Speaker(Message):
    """Who is quoted."""

    text: str
    name: str | None = None
    code: str | None = None
    office: str | None = None


class Quote(Message):
    """What somebody said, in their words (direct) or the outlet's (indirect)."""

    text: str
    speaker: Speaker | None = None
    verb: str | None = None
    kind: Literal["direct", "indirect"]
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    entry: Id | None = Field(None, description="whose text tells it, when not that of `coded_from`")
    missing: Missing = Field(default_factory=dict)


class Mention(Message):
    """An actor and how often the text names it."""

    code: str
    name: str
    count: int = Field(ge=1)


class FlaggedStory(Message):
    """The `data` of an `archwatch.story.flagged.v1` CloudEvent (revision 1) or of an
    `archwatch.story.updated.v1` (each later one)."""

    story: StoryHead
    relevance: Relevance
    topics: tuple[TopicScore, ...] = ()
    events: tuple[CodedEvent, ...] = ()
    quotes: tuple[Quote, ...] = ()
    places: tuple[Place, ...] = ()
    mentions: tuple[Mention, ...] = ()
    reason: str | None = Field(None, description="why `events` is empty, when it is")
