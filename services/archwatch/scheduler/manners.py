"""How long a server, or the feed itself, asks to be left alone. Pure but for the clock that is passed in."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from archwatch.scheduler.head import Element

_PERIODS: Final = {"hourly": 3_600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000,
                   "yearly": 31_536_000}  # fmt: skip
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MAX_AGE: Final = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,12})", re.I)
_ALWAYS: Final = re.compile(r"(?:^|[,\s])no-(?:cache|store)\b", re.I)


@dataclass(frozen=True)
class Wishes:
    """What a feed document asks for: seconds between two polls, and hours (UTC) and weekdays (Monday 0) when
    it is not to be asked."""

    seconds: int = 0
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


NO_WISHES: Final = Wishes()


@dataclass(frozen=True)
class Asked:
    """What is asked of us: by Retry-After, by the answer's freshness, and by the feed document."""

    retry_after: timedelta | None = None
    fresh_for: timedelta = timedelta()
    wishes: Wishes = NO_WISHES

    def floor(self, longest: timedelta) -> tuple[timedelta, str]:
        """The longest of the waits asked for, up to `longest`, and who asks for it."""
        waits = {
            "Retry-After": self.retry_after or timedelta(),
            "Cache-Control or Expires": self.fresh_for,
            "ttl or updatePeriod of the feed": timedelta(seconds=self.wishes.seconds),
        }
        who = max(waits, key=lambda name: waits[name])
        return min(longest, waits[who]), who


NOTHING_ASKED: Final = Asked()


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Of Retry-After, in seconds or as a date; None when there is none, or none in the future."""
    value = headers.get("retry-after", "").strip()
    wait = timedelta(seconds=int(value[:10])) if value.isdecimal() else _until(value, now)
    return wait if wait and wait > timedelta() else None


def fresh_for(headers: Mapping[str, str], now: datetime) -> timedelta:
    """How long the answer says that it stays as it is: max-age less Age, else Expires; else 0."""
    control = headers.get("cache-control", "")
    if _ALWAYS.search(control):
        return timedelta()
    if found := _MAX_AGE.search(control):
        age = headers.get("age", "").strip()
        return timedelta(seconds=max(0, min(int(found[1]), 10**9) - (int(age[:9]) if age.isdecimal() else 0)))
    # by the server's own clock, where it tells it
    clock = _date(headers.get("date", "")) or now
    return max(timedelta(), _until(headers.get("expires", ""), clock) or timedelta())


def wishes_of(head: Sequence[Element]) -> Wishes:
    """ttl, skipHours, skipDays and sy:updatePeriod, as far as they stand before the first item."""
    found: dict[str, list[str]] = {}
    for element in head:
        found.setdefault(element.name, []).append(element.text.strip().lower()[:20])
    ttl = _number(found.get("ttl"), 0) * 60
    period = _PERIODS.get(next(iter(found.get("updateperiod", [])), ""), 0)
    hours = {int(hour) % 24 for hour in found.get("hour", []) if hour.isdecimal() and int(hour) <= 24}
    days = {_DAYS.index(day) for day in found.get("day", []) if day in _DAYS}
    # who is never to be asked is mistaken
    return Wishes(
        max(ttl, period // max(1, _number(found.get("updatefrequency"), 1))),
        frozenset(hours) if len(hours) < 24 else frozenset(),
        frozenset(days) if len(days) < 7 else frozenset(),
    )


def after_skipped(when: datetime, wishes: Wishes) -> datetime:
    """`when`, or the first hour after it that the feed does not ask to leave out: six days later at most."""
    moment = when.astimezone(UTC)
    for _ in range(24 * 7):
        if moment.hour not in wishes.skip_hours and moment.weekday() not in wishes.skip_days:
            return moment
        # minute and second stay: those that wait for the same hour do not come due at once
        moment += timedelta(hours=1)
    return when


def _number(texts: list[str] | None, default: int) -> int:
    text = texts[0] if texts else ""
    return min(int(text), 10**7) if text.isdecimal() else default


def _until(value: str, now: datetime) -> timedelta | None:
    date = _date(value)
    return date - now if date else None


def _date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return date.replace(tzinfo=UTC) if date.tzinfo is None else date
