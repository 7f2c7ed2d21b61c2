"""Which of several senses a form has in its text, or why nobody can tell. Pure."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from archwatch.extractor.actors import Ambiguity, Form, Sense, month

_HONORIFICS: Final = (
    r"mr|mrs|ms|sir|lord|lady|dame|herr|herrn|frau|monsieur|madame|m|mme|señor|señora|pan|pana|pani|domnul|signor|"
    r"г-н|господин|пан|пані"
)
_ORDER: Final = ("person", "organ", "name", "capital", "adjective", "format", "city", "office", "body")
_NEAR_OFFICE: Final = 12 * 5  # months before and after an office in which a "Mr" is enough
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
            rf"(?:^|\W)(?:(?P<mr>{_HONORIFICS})\.?|(?P<title>{'|'.join(patterns)}))\s+$"
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


def fitting(senses: list[Sense], title: str | None, moment: datetime | None) -> list[Sense]:
    """Of people who share a surname, those who bear `title` ("": a mere "Mr"); in office then, if any is."""
    if title is None:
        return []
    if title == "":
        at = month(moment)
        able = [
            s
            for s in senses
            for o in s.offices
            if o.start is not None
            and moment
            and o.start - _NEAR_OFFICE <= at <= (at if o.end is None else o.end + _NEAR_OFFICE)
        ]
    else:
        able = [
            s for s in senses if any(o.title == title or o.title.startswith(title + " ") for o in s.offices)
        ]
    return [s for s in able if any(o.held(moment) and title in (o.title, "") for o in s.offices)] or able


def is_placed(folded: str, start: int) -> bool:
    """Whether a preposition of place stands before `start`."""
    return _PLACED.search(folded, max(0, start - 16), start) is not None


def choose(senses: list[Sense], moment: datetime | None, codes: frozenset[str]) -> Sense | str:
    """The sense meant, or the reason why it stays open. `codes`: who else is named in the text.

    People go before things. Of several people: who is in office at the time; then whose state or
    organisation the text names; then, if all are of one state, who was in office last before.
    """
    people = list(dict.fromkeys(s for s in senses if s.kind == "person"))
    if not people:
        return min(senses, key=lambda sense: _ORDER.index(sense.kind))
    if len(people) == 1:
        return people[0]
    pool = [p for p in people if any(o.held(moment) for o in p.offices)] or people
    if len({p.code for p in pool}) > 1 and len({p.name for p in pool}) > 1:
        pool = [p for p in pool if p.code in codes] or pool
    if len({p.code for p in pool}) > 1 and len({p.name for p in pool}) > 1:
        return "the name of " + " or ".join(sorted({p.name for p in pool}))
    return max(pool, key=lambda p: _last_start(p, moment))


def _last_start(person: Sense, moment: datetime | None) -> int:
    """When the last office began that began by then."""
    return max(
        (o.start for o in person.offices if o.start is not None and o.start <= month(moment)), default=0
    )


def doubt(ambiguity: Ambiguity, text: str, start: int, end: int, codes: frozenset[str]) -> str | None:
    """Why an ambiguous form is not taken at its word here; None when it is."""
    if any(_word_at(text, end, word, before=False) for word in ambiguity.unless):
        return ambiguity.reason
    if any(_word_at(text, start, word, before=True) for word in ambiguity.after):
        return ambiguity.reason
    if not ambiguity.needs and not ambiguity.never:
        return None
    rest = text[:start] + " " + text[end:]
    if any(_has(rest, word) for word in ambiguity.never):
        return ambiguity.reason
    if ambiguity.needs and not any(word in codes or _has(rest, word) for word in ambiguity.needs):
        return ambiguity.reason
    return None


def _has(text: str, word: str) -> bool:
    return word in text and re.search(rf"\b{re.escape(word)}\b", text) is not None


def _word_at(text: str, position: int, word: str, *, before: bool) -> bool:
    if before:
        head = text[max(0, position - 24) : position].rstrip()
        return head.endswith(word) and not head[: -len(word)][-1:].isalnum()
    tail = text[position : position + 24].lstrip()
    return tail.startswith(word) and not tail[len(word) : len(word) + 1].isalnum()


def antecedent(found: list[tuple[int, str]], meanings: tuple[str, ...], start: int) -> str | None:
    """What "the alliance" at `start` stands for: the last of `meanings` named before, else the only one."""
    before = [code for position, code in found if position < start and code in meanings]
    if before:
        return before[-1]
    after = {code for _, code in found if code in meanings}
    return after.pop() if len(after) == 1 else None
