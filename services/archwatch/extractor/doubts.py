"""Which of several senses a form has in its text, or why nobody can tell. Pure."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from archwatch.extractor.actors import Ambiguity, Form, Sense, month
from archwatch.extractor.context import Context

_HONORIFICS: Final = (
    r"mr|mrs|ms|sir|lord|lady|dame|herr|herrn|frau|monsieur|madame|m|mme|señor|señora|pan|pana|pani|domnul|signor|"
    r"г-н|господин|пан|пані"
)
_ORDER: Final = ("person", "organ", "name", "capital", "adjective", "format", "city", "office", "body")
_UNKNOWN_BEFORE: Final = 12 * 10  # months
_PLACED: Final = re.compile(
    r"(?:^|\W)(?:in|at|near|from|outside|around|over|bei|aus|nahe|à|en|près de|de|cerca de|desde|vicino a|da|"
    r"w|we|z|pod|în|la|lângă|din|в|во|на|под|из|у|з|із|біля|до|край|em)\s+$"
)


class Offices:
    """Finds the office that stands right before a surname: "Foreign Secretary Hague"."""

    def __init__(self, forms: Iterable[Form]) -> None:
        self._titles: dict[str, str] = {}
        patterns = []
        for form in forms:
            if form.sense.kind == "office":
                self._titles[form.text.lower()] = form.sense.name
                patterns.append(re.escape(form.text.lower()) + (r"\w{0,6}" if form.stem else ""))
        patterns.sort(key=len, reverse=True)
        self._before = re.compile(
            rf"(?:^|\W)(?:(?P<mr>{_HONORIFICS})\.?|(?P<title>{'|'.join(patterns)}))[ \t]+$"
        )

    def before(self, folded: str, start: int) -> str | None:
        """The title before `start`, "" for a mere "Mr", None for neither."""
        match = self._before.search(folded, max(0, start - 48), start)
        if match is None:
            return None
        if match["mr"]:
            return ""
        said = match["title"]
        return self._titles.get(said) or next(t for s, t in self._titles.items() if said.startswith(s))


def fitting(senses: list[Sense], title: str | None, moment: datetime | None, context: Context) -> list[Sense]:
    """Of people who share a surname, those who bear `title`; in office then, if any is.

    A mere "Mr" (an empty title) will do for who is in office and whose party the text names.
    """
    if title is None:
        return []
    if title == "":
        return [s for s in senses if s.in_office(moment) and s.code in context.codes]
    able = [s for s in senses if any(o.title == title or o.title.startswith(title + " ") for o in s.offices)]
    return [s for s in able if any(o.title == title and o.held(moment) for o in s.offices)] or able


def is_too_early(sense: Sense, moment: datetime | None) -> bool:
    """Whether a surname alone can hardly mean this person yet: ten years before the first office."""
    starts = [office.start for office in sense.offices if office.start is not None]
    return bool(moment and starts and min(starts) - month(moment) > _UNKNOWN_BEFORE)


def is_placed(folded: str, start: int) -> bool:
    """Whether a preposition of place stands before `start`."""
    return _PLACED.search(folded, max(0, start - 16), start) is not None


def choose(senses: list[Sense], moment: datetime | None, context: Context) -> Sense | str:
    """The sense meant, or the reason why it stays open.

    People go before things. Of several people: who is in office at the time; then whom the text names in
    full; then whose state or organisation it names; then, if all are of one state, who was in office last.
    """
    people = list(dict.fromkeys(s for s in senses if s.kind == "person"))
    if not people:
        return min(senses, key=lambda sense: _ORDER.index(sense.kind))
    if len(people) == 1:
        return people[0]
    pool = [p for p in people if any(o.held(moment) for o in p.offices)] or people
    pool = [p for p in pool if p.name in context.people] or pool
    if len({p.code for p in pool}) > 1 and len({p.name for p in pool}) > 1:
        pool = [p for p in pool if p.code in context.codes] or pool
    if len({p.code for p in pool}) > 1 and len({p.name for p in pool}) > 1:
        return "the name of " + " or ".join(sorted({p.name for p in pool}))
    return max(pool, key=lambda p: _last_start(p, moment))


def _last_start(person: Sense, moment: datetime | None) -> int:
    """When the last office began that began by then."""
    return max(
        (o.start for o in person.offices if o.start is not None and o.start <= month(moment)), default=0
    )


def doubt(
    ambiguity: Ambiguity, code: str | None, text: str, start: int, end: int, context: Context
) -> str | None:
    """Why an ambiguous form is not taken at its word here; None when it is. `code`: whom it would mean."""
    if is_misplaced(ambiguity, text, start, end) or any(context.has(word) for word in ambiguity.never):
        return ambiguity.reason
    if ambiguity.needs and not any(context.has(word) for word in ambiguity.needs):
        return ambiguity.reason
    rival = any(other in context.codes for other in ambiguity.rivals)
    return ambiguity.reason if rival and code not in context.codes else None


def is_misplaced(ambiguity: Ambiguity, text: str, start: int, end: int) -> bool:
    """Whether the words right before or after take the form away: "Latin America", "Paris Agreement"."""
    head, tail = text[max(0, start - 24) : start].rstrip(), text[end : end + 24].lstrip()
    return any(
        tail.startswith(word) and not tail[len(word) : len(word) + 1].isalnum() for word in ambiguity.unless
    ) or any(head.endswith(word) and not head[: -len(word)][-1:].isalnum() for word in ambiguity.after)
