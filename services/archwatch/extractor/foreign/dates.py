"""Words of time in other languages: yesterday, weekdays, a day and month, a year; relative to publication."""

import re
from datetime import date, datetime, timedelta
from typing import Final, Literal

from archwatch.contracts.event import EventDate
from archwatch.extractor.dates import Dated
from archwatch.extractor.foreign.grammar import Grammar
from archwatch.extractor.foreign.words import Words

_WORD: Final = re.compile(r"\d+|[^\W\d_]+")
_LONGEST: Final = 60  # characters between a day of the month and its year


def find_dates(text: str, grammar: Grammar, published_at: datetime | None) -> list[Dated]:
    """Phrases of time in order, without overlap; `resolved` None where it hangs on an unknown publication."""
    words = [(m.group().lower(), m.start(), m.end()) for m in _WORD.finditer(text)]
    day = published_at.date() if published_at else None
    found: list[Dated] = []
    k = 0
    while k < len(words):
        before = words[k - 1][0] if k else ""
        length, resolved, precision = _phrase([word for word, _, _ in words[k : k + 5]], before, grammar, day)
        if length:
            start, end = words[k][1], words[k + length - 1][2]
            if end - start <= _LONGEST:
                weekday = _index(grammar.weekdays, words[k][0]) is not None
                found.append(_dated(text[start:end], start, end, resolved, precision, day, weekday))
        k += length or 1
    return found


def _phrase(
    words: list[str], before: str, grammar: Grammar, day: date | None
) -> tuple[int, str | None, Literal["year", "month", "day"]]:
    """How many words the phrase that begins here has, 0 for none; and what it means. A bare number is a year
    only after a preposition, in German also at the head: "2000 soldiers" is none."""
    one = words[0]
    for names, shift in ((grammar.yesterday, -1), (grammar.today, 0), (grammar.tomorrow, 1)):
        if one in names:
            return 1, (day + timedelta(days=shift)).isoformat() if day else None, "day"
    weekday = _index(grammar.weekdays, one)
    if weekday is not None:
        return 1, (day - timedelta(days=(day.weekday() - weekday) % 7)).isoformat() if day else None, "day"
    if one.isdigit() and len(one) <= 2:
        k = 2 if len(words) > 2 and words[1] == "de" else 1  # "el 3 de mayo"
        month = _index(grammar.months, words[k]) if len(words) > k else None
        if month is not None:
            after = words[k + 1 : k + 3]
            year = next((w for w in after if _is_year(w) and after[: after.index(w)] in ([], ["de"])), None)
            length = k + 1 + (after.index(year) + 1 if year else 0)
            return length, _day(int(one), month + 1, int(year) if year else None, day), "day"
    month = _index(grammar.months, one)
    if month is not None and len(words) > 1 and _is_year(words[1]):
        return 2, f"{words[1]}-{month + 1:02d}", "month"
    if _is_year(one) and (grammar.any_preposition(before) if before else grammar.capital_nouns):
        return 1, one, "year"
    return 0, None, "day"


def _index(names: tuple[Words, ...], word: str) -> int | None:
    return next((i for i, forms in enumerate(names) if word in forms), None)


def _is_year(word: str) -> bool:
    return len(word) == 4 and word.isdigit() and word[:2] in ("19", "20")


def _day(number: int, month: int, year: int | None, day: date | None) -> str | None:
    """Without a year, the one that puts the day nearest to publication."""
    years = [year] if year else [day.year - 1, day.year, day.year + 1] if day else []
    fitting = []
    for one in years:
        try:
            fitting.append(date(one, month, number))
        except ValueError:
            continue
    if not fitting:
        return None
    return (min(fitting, key=lambda d: abs((d - day).days)) if day else fitting[0]).isoformat()


def _dated(
    raw: str, start: int, end: int, resolved: str | None, precision: Literal["year", "month", "day"],
    day: date | None, weekday: bool,
) -> Dated:  # fmt: skip
    past = future = False
    ahead = None
    if resolved and day:
        past = int(resolved[:4]) < day.year - (precision != "year")
        future = resolved > day.isoformat()[: len(resolved)]
        if weekday:  # the last one of that name; of what is to come, the next
            coming = (date.fromisoformat(resolved) + timedelta(days=7)).isoformat()
            ahead = EventDate(raw=raw, resolved=coming, precision="day")
    return Dated(start, end, EventDate(raw=raw, resolved=resolved, precision=precision), past, future, ahead)
