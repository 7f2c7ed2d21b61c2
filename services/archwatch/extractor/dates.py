"""When it happened: words of time in a sentence, resolved relative to the day of publication."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

from archwatch.contracts.event import EventDate
from archwatch.extractor.parsed import Parsed
from archwatch.extractor.words import MONTHS, WEEKDAYS

Precision = Literal["year", "month", "week", "day", "time"]
_MONTH: Final = (
    r"(?P<month>January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan\.?|Feb\.?|Mar\.?|Apr\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?)"
)
_PATTERNS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH},?(?: (?P<year>(?:19|20)\d\d))?\b",
        rf"\b{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d),?(?: (?P<year>(?:19|20)\d\d))?\b",
        rf"\b{_MONTH},? (?P<year>(?:19|20)\d\d)\b",
        r"\b(?P<iso>(?:19|20)\d\d-\d\d-\d\d)\b",
        r"\b(?P<near>[Yy]esterday|[Tt]oday|[Tt]omorrow|[Tt]onight)\b",
        r"\b(?P<which>[Ll]ast|[Nn]ext|[Tt]his|[Ee]arlier this|[Ll]ater this) (?P<unit>week|month|year)\b",
        r"\b(?P<which>[Ll]ast|[Nn]ext|[Tt]his)? ?(?P<weekday>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b",
        rf"\b(?:in|since|until|by|early|late|mid|last|next) {_MONTH}(?![\w-])",
        r"\b(?:in|of|since|In|during|by|the|until) (?P<year>(?:19|20)\d\d)\b",
    )
)


@dataclass(frozen=True)
class Dated:
    """A phrase of time at [start, end) of the sentence's text, and whether it lies before last year."""

    start: int
    end: int
    date: EventDate
    past: bool
    future: bool
    ahead: EventDate | None = None  # the same words said of something to come: "to meet on Thursday"


def find_dates(text: str, published_at: datetime | None) -> list[Dated]:
    """Phrases of time in order, without overlap; `resolved` None where publication is unknown."""
    found: list[Dated] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if any(d.start < match.end() and match.start() < d.end for d in found):
                continue
            resolved, precision = _resolve(match.groupdict(), published_at)
            past = future = False
            if resolved and published_at:
                past = int(resolved[:4]) < published_at.year - 1 or (
                    precision == "year" and int(resolved[:4]) < published_at.year
                )
                future = resolved[:10] > published_at.date().isoformat()[: len(resolved)]
            raw = match.group().strip()
            found.append(
                Dated(
                    match.start(),
                    match.end(),
                    EventDate(raw=raw, resolved=resolved, precision=precision),
                    past,
                    future,
                    _ahead(raw, match.groupdict(), resolved),
                )
            )
    return sorted(found, key=lambda d: d.start)


def _ahead(raw: str, parts: dict[str, str | None], resolved: str | None) -> EventDate | None:
    """A bare weekday was the last one of that name; of what is to come it is the next."""
    if not resolved or not parts.get("weekday") or (parts.get("which") or "").lower() in ("last", "next"):
        return None
    coming = date.fromisoformat(resolved) + timedelta(days=7)
    return EventDate(raw=raw, resolved=coming.isoformat(), precision="day")


def inside(parsed: Parsed, first: int, last: int, dates: Sequence[Dated]) -> list[Dated]:
    """The phrases of time in tokens [first, last]: "said on Thursday" dates the saying, not what was said."""
    begin, end = parsed.tokens[first].start, parsed.tokens[last].end
    return [d for d in dates if begin <= parsed.sentence.start + d.start < end]


def nearest(dates: list[Dated], position: int) -> Dated | None:
    """The phrase of time closest to a place in the sentence, the one before it rather than the one after."""
    return min(
        dates,
        key=lambda d: position - d.start if d.start <= position else 4 * (d.start - position),
        default=None,
    )


def _resolve(
    parts: dict[str, str | None], published_at: datetime | None
) -> tuple[str | None, Precision | None]:
    get = parts.get
    if get("iso"):
        return get("iso"), "day"
    day = published_at.date() if published_at else None
    month = _month(get("month"))
    year = int(parts["year"]) if parts.get("year") else None  # type: ignore[arg-type]
    if month and get("day"):
        number = int(get("day") or 0)
        year = year or _year_near(day, month)
        try:
            return (date(year, month, number).isoformat(), "day") if year else (None, None)
        except ValueError:
            return None, None
    if month:
        year = year or _year_near(day, month)
        return (f"{year:04d}-{month:02d}", "month") if year else (None, None)
    if year:
        return str(year), "year"
    return _relative(get("near"), get("which"), get("unit"), get("weekday"), day) if day else (None, None)


def _relative(
    near: str | None, which: str | None, unit: str | None, weekday: str | None, day: date
) -> tuple[str | None, Precision | None]:
    if near:
        shift = {"yesterday": -1, "today": 0, "tonight": 0, "tomorrow": 1}[near.lower()]
        return (day + timedelta(days=shift)).isoformat(), "day"
    step = {"last": -1, "next": 1}.get((which or "").lower(), 0)
    if unit == "year":
        return str(day.year + step), "year"
    if unit == "month":
        month = day.year * 12 + day.month - 1 + step
        return f"{month // 12:04d}-{month % 12 + 1:02d}", "month"
    if unit == "week":
        monday = day + timedelta(days=7 * step - day.weekday())
        return monday.isoformat(), "week"
    if weekday:
        back = (day.weekday() - WEEKDAYS.index(weekday.lower())) % 7
        if step == 1:
            return (day + timedelta(days=(7 - back) % 7 or 7)).isoformat(), "day"
        return (day - timedelta(days=back)).isoformat(), "day"
    return None, None


def _month(name: str | None) -> int | None:
    if not name:
        return None
    return next(i for i, month in enumerate(MONTHS, 1) if month.startswith(name.lower().rstrip(".")))


def _year_near(day: date | None, month: int) -> int | None:
    """The year that puts the month nearest to publication, the past before the future."""
    if day is None:
        return None
    return min(
        (day.year - 1, day.year, day.year + 1),
        key=lambda y: abs((y * 12 + month) - (day.year * 12 + day.month)),
    )
