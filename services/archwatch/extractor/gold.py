"""Gold: a text, and the events and quotes in it that a reader would accept."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Annotated, Any, Final, Literal

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from archwatch.contracts.event import EventType, Modality
from archwatch.extractor.scoring_quotes import GoldQuote

TEXTS: Final[tuple[Literal["title", "summary", "text"], ...]] = ("title", "summary", "text")
_QUOTE_END: Final = re.compile(r"[”\"»“]|\.(?=\s|$)|$")
_MENDS: Final = {
    "literal_error": "use one that is listed",
    "missing": "add it",
    "string_pattern_mismatch": "a code as in config/actors.yaml, or - for a party without one",
}


class BadGold(ValueError):
    """A case that cannot be used: what is wrong, and how to mend it."""

    def __init__(self, problem: str, mend: str) -> None:
        self.problem, self.mend = problem, mend
        super().__init__(f"{problem} ({mend})")


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _longhand(value: object) -> object:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return dict(zip(("speaker", "kind", "begins", "name"), value, strict=False))
    return value


Code = Annotated[str, Field(pattern=r"^(-|[A-Z][A-Z0-9]*)$")]


class GoldEvent(BaseModel):
    """An event that a reader would accept: of one of `types`, by `actors` (one of them must be found), to
    `recipients` (None: not judged). `modality`: those accepted, none is asserted. `optional`: right to find
    and right to leave out. `where`: the places of actors in the text, for those that have no code."""

    model_config = ConfigDict(frozen=True)

    types: Annotated[tuple[EventType, ...], BeforeValidator(_listed)] = Field(
        min_length=1, validation_alias=AliasChoices("type", "event_type")
    )
    actors: tuple[Code, ...]
    recipients: tuple[Code, ...] | None = None
    modality: Annotated[tuple[Modality, ...], BeforeValidator(_listed)] = ()
    optional: bool = False
    where: tuple[tuple[int, int], ...] = ()


class _Quote(BaseModel):
    speaker: Code | None = None
    name: str | None = None
    kind: Literal["direct", "indirect"]
    text: str = ""
    begins: str = ""
    start: int | None = None
    end: int | None = None
    optional: bool = False


class _Codes(BaseModel):
    parts: Annotated[tuple[Literal["title", "summary", "text"], ...], BeforeValidator(_listed)] = TEXTS
    chars: int | None = None
    language: str | None = None
    events: tuple[GoldEvent, ...]
    quotes: tuple[Annotated[_Quote, BeforeValidator(_longhand)], ...] | None = None


@dataclass(frozen=True)
class Case:
    """A text with its gold. `quotes` None: not judged; `maybe`: quotes right to find and to leave out."""

    id: str
    title: str
    summary: str
    text: str
    published_at: datetime | None
    language: str | None
    events: tuple[GoldEvent, ...]
    quotes: tuple[GoldQuote, ...] | None = None
    maybe: tuple[GoldQuote, ...] = ()
    outlet: str = ""

    @property
    def reading(self) -> str:
        """The text that spans count in: title, summary and text joined by blank lines."""
        return joined_text(self.title, self.summary, self.text)

    @property
    def headline(self) -> str:
        return " ".join((self.title or self.reading).split())[:100]


def joined_text(*texts: str) -> str:
    return "\n\n".join(text for text in texts if text)


def case_of(record: object, texts: Mapping[str, Mapping[str, Any]]) -> Case:
    """A record of gold as a case; one without any text takes it from `texts`. Raises BadGold."""
    if not isinstance(record, Mapping):
        raise BadGold(f"is {type(record).__name__}, not an object", "write {id, title, events: [...]}")
    id_ = str(record.get("id") or "")
    if not id_:
        raise BadGold("has no id", "add one that no other case has")
    try:
        codes = _Codes.model_validate(dict(record))
    except ValidationError as invalid:
        first = invalid.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        mend = _MENDS.get(first["type"], "see the files in tests/gold")
        raise BadGold(f"{where}: {first['msg']}", mend) from None
    source = record if has_text(record) else texts.get(text_id(record))
    if source is None:
        mend = "name the file that has it after the gold"
        raise BadGold(f"no text for id {text_id(record)} in the data given", mend)
    title, summary, text = (str(source.get(name) or "") if name in codes.parts else "" for name in TEXTS)
    if codes.chars is not None:
        title, summary, text = (part[: codes.chars] for part in (title, summary, text))
    reading = joined_text(title, summary, text)
    placed = [(quote.optional, _placed(quote, reading)) for quote in codes.quotes or ()]
    language = codes.language or source.get("language")
    return Case(
        id=id_,
        title=title,
        summary=summary,
        text=text,
        published_at=_instant(record.get("published") or source.get("published")),
        language=language if isinstance(language, str) else None,
        events=codes.events,
        quotes=None if codes.quotes is None else tuple(quote for optional, quote in placed if not optional),
        maybe=tuple(quote for optional, quote in placed if optional),
        outlet=str(source.get("dataset") or source.get("source") or ""),
    )


def has_text(record: Mapping[str, Any]) -> bool:
    return any(name in record for name in TEXTS)


def text_id(record: Mapping[str, Any]) -> str:
    """The id of the text that a record is about: its own, unless it tells another."""
    return str(record.get("of") or record.get("id") or "")


def _placed(quote: _Quote, reading: str) -> GoldQuote:
    """Where a quote stands; one told by its beginning runs to the next quotation mark or full stop."""
    start, end = quote.start, quote.end
    if start is None or end is None:
        words = quote.text or quote.begins
        start = reading.find(words) if words else -1
        if start < 0:
            raise BadGold(f"the quote {words[:40]!r} is not in the text", "copy it as it stands there")
        ending = _QUOTE_END.search(reading, start)
        end = start + len(quote.text) if quote.text or not ending else ending.start()
    if not 0 <= start < end <= len(reading):
        raise BadGold(f"a quote from {start} to {end} is not in the text", "count in title, summary and text")
    return GoldQuote(start, end, quote.kind, quote.name or quote.speaker, quote.speaker)


def _instant(published: object) -> datetime | None:
    """Noon of the day told; None where no day is told ("2014/2015"), as with any item."""
    if isinstance(published, str):
        try:
            published = (
                datetime.fromisoformat(published) if len(published) > 10 else date.fromisoformat(published)
            )
        except ValueError:
            return None
    if isinstance(published, datetime):
        return published if published.tzinfo else published.replace(tzinfo=UTC)
    return datetime.combine(published, time(12), UTC) if isinstance(published, date) else None
