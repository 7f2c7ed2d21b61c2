"""Dates of feed items, read with care: a wrong date does more harm than none.

feedparser reads 2016/6/29 as 1 November, month 13 as next year, MSK and EEST as UTC, and believes
the year 2999. Here a date is resolved, or None with the reason. One without a zone counts as UTC.
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from archwatch.scheduler.months import MONTHS

MAX_AHEAD: Final = timedelta(days=2)
# a date before the web is the default value of some program
_EARLIEST: Final = datetime(1970, 1, 2, tzinfo=UTC)
_MAX_CHARS: Final = 100

# hours east of Greenwich; names that mean several zones (IST, CST in Asia, BST in Dhaka) as RFC 822, else not
_ZONES: Final = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "MEZ": 1, "CEST": 2,
    "MESZ": 2, "MET": 1, "MEST": 2, "EET": 2, "EEST": 3, "SAST": 2, "MSK": 3, "MSD": 4, "TRT": 3, "GST": 4,
    "PKT": 5, "NPT": 5.75, "WIB": 7, "ICT": 7, "HKT": 8, "SGT": 8, "PHT": 8, "AWST": 8, "KST": 9, "JST": 9,
    "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13, "AST": -4, "ADT": -3, "EST": -5, "EDT": -4, "CST": -6,
    "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10, "BRT": -3,
}  # fmt: skip
_TIME: Final = re.compile(
    r"(?:\b|T)(?P<hour>\d{1,2})[:.h](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?(?![:.]?\d)"
    r"\s*(?P<half>[ap]\.?m\b\.?)?"
    r"\s*(?P<zone>(?:(?:GMT|UTC)\s*)?[+\-−]\d{1,2}(?::?\d{2})?(?!\d)|(?-i:[A-Z]\w+/[A-Z][\w/]+|Z\b|[A-Z]{2,5}\b))?",
    re.IGNORECASE,
)
_COMPACT: Final = re.compile(r"^(\d{4})(\d\d)(\d\d)T?(\d\d)(\d\d)(\d\d)")
_WORD: Final = r"(?P<word>[^\W\d_]{3,12})\.?"
_DAY: Final = r"(?P<day>\d{1,2})(?!\d)(?:st|nd|rd|th|er|\.|º)?"
_YEAR: Final = r"(?P<year>\d{4}|\d{2})(?!\d)"
_OF: Final = r"[\s\-/,.]*(?:(?:de|del|of|di)\s+)?"
_FORMS: Final = tuple(
    re.compile(form)
    for form in (
        r"(?<!\d)(?P<year>\d{4})(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?!\d)",
        r"(?<!\d)(?P<year>\d{4})\s*年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*日",
        rf"(?<!\d){_DAY}{_OF}{_WORD}{_OF}{_YEAR}",
        rf"(?<!\w){_WORD}\s*{_DAY}[\s,]+{_YEAR}",
        rf"(?<!\d)(?P<year>\d{{4}})[\s.\-]+{_WORD}[\s.\-]+{_DAY}",
        r"(?<!\d)(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4}|\d{2})(?!\d)",
        r"(?<!\d)(?P<first>\d{1,2})(?P<sep>[-/])(?P<second>\d{1,2})(?P=sep)(?P<year>\d{4}|\d{2})(?!\d)",
    )
)


def read_date(raw: str, now: datetime) -> tuple[datetime | None, str | None]:
    """The instant in UTC, or None and why. `now` (aware) bounds what can have been published."""
    text = " ".join(raw.split())
    if not text:
        return None, "no date is given"
    if len(text) > _MAX_CHARS:
        return None, f"no date: {text[:40]}... is too long"
    try:
        moment = _epoch(text) or _moment(text)
    except (ValueError, OverflowError) as error:
        return None, f"{text!r} is no date: {error}"
    if moment < _EARLIEST:
        return None, f"{text!r} is before the web: a default value"
    if moment > now + MAX_AHEAD:
        return None, f"{text!r} lies in the future"
    return moment, None


def _epoch(text: str) -> datetime | None:
    if re.fullmatch(r"\d{9,10}(?:\.\d{1,9})?", text):
        return datetime.fromtimestamp(float(text), UTC)
    if re.fullmatch(r"\d{12,13}", text):
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    return None


def _moment(text: str) -> datetime:
    text = _COMPACT.sub(r"\1-\2-\3T\4:\5:\6", text)
    time = _time_in(text)
    rest = text[: time.start()] + " " + text[time.end() :] if time else text
    year, month, day = _day(rest)
    if time is None:
        return datetime(year, month, day, tzinfo=UTC)
    hour, minute, second = (int(time[part] or 0) for part in ("hour", "minute", "second"))
    if half := (time["half"] or "").lower():
        if not 1 <= hour <= 12:
            raise ValueError(f"hour {hour} {half}")
        hour = hour % 12 + 12 * half.startswith("p")
    next_day = timedelta(days=1 if (hour, minute, second) == (24, 0, 0) else 0)
    moment = datetime(year, month, day, hour % 24 if next_day else hour, minute, min(second, 59))
    return (moment + next_day).replace(tzinfo=_zone(time["zone"])).astimezone(UTC)


def _time_in(text: str) -> re.Match[str] | None:
    """The time of day; `04.03.2026` and the like are not taken for one."""
    for found in _TIME.finditer(text):
        dotted = text[found.end("hour")] != ":"
        if not dotted or (found.start() > 6 and "." not in text[: found.start()][-1:]):
            return found
    return None


def _zone(name: str | None) -> tzinfo:
    if not name:
        return UTC
    numeric = re.fullmatch(r"(?:GMT|UTC)?\s*([+\-−])(\d{1,2}):?(\d{2})?", name, re.IGNORECASE)
    if numeric:
        east = timedelta(hours=int(numeric[2]), minutes=int(numeric[3] or 0))
        if east > timedelta(hours=14):
            raise ValueError(f"zone {name}")
        return timezone(east if numeric[1] == "+" else -east)
    if name.upper() in _ZONES:
        return timezone(timedelta(hours=_ZONES[name.upper()]))
    if "/" in name:
        return _named_zone(name)
    if name.isupper():
        raise ValueError(f"zone {name} is unknown or means several")
    return UTC  # a word of another language, as in `12:00 Uhr`


def _named_zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError):
        raise ValueError(f"zone {name} is unknown") from None


def _day(text: str) -> tuple[int, int, int]:
    named = None
    for form in _FORMS:
        for found in form.finditer(text):
            parts = found.groupdict()
            if "word" in parts:
                month = MONTHS.get(parts["word"].lower())
                if month is None:
                    named = parts["word"]
                    continue
            elif "first" in parts:
                return _year(parts["year"]), *_month_and_day(int(parts["first"]), int(parts["second"]))
            else:
                month = int(parts["month"])
            if not 1 <= month <= 12:
                raise ValueError(f"month {month}")
            return _year(parts["year"]), month, int(parts["day"])
    if named:
        raise ValueError(f"{named} is no month we know")
    if re.search(r"(?<!\d)\d{4}(?!\d)", text):
        raise ValueError("the day is not given")
    raise ValueError("no day, month and year in it")


def _month_and_day(first: int, second: int) -> tuple[int, int]:
    if first > 12 >= second or first == second:
        return second, first
    if second > 12 >= first:
        return first, second
    raise ValueError(f"{first} and {second}: which is the month?")


def _year(digits: str) -> int:
    """Two digits as RFC 2822 reads them."""
    year = int(digits)
    return year if len(digits) == 4 else year + (2000 if year < 50 else 1900)
