"""Finds the parties of config/actors.yaml in a text: longest match, whole words, doubts told."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import ahocorasick

from archwatch.extractor.actorfile import load_actors
from archwatch.extractor.actors import Actors, Ambiguity, Form, Sense

_CASE_ENDING: Final = 6  # letters; the longest endings of the languages covered are five
_STANCE_PREFIX: Final = re.compile(r"\b(?:pro|anti|non|post|ex|trans|intra|inter|un|former)-$", re.IGNORECASE)
_MODIFIER: Final = re.compile(
    r"[-‑–](?:led|backed|based|speaking|made|style|born|held|occupied|controlled|brokered|sponsored|mediated|drafted|"
    r"proposed|language|friendly|supplied|built|wide|aligned|registered|owned|funded|trained|run|imposed|era|"
    r"designed|donated|installed|appointed|annexed|dominated|flagged|related|hosted)\b"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A stretch of text that a form of the gazetteer matches. `modifier`: as in "US-led", "pro-Russian"."""

    start: int
    end: int
    text: str
    sense: Sense
    modifier: bool = False


@dataclass(frozen=True)
class Unresolved:
    """A form that may name a party and was left alone."""

    text: str
    start: int
    reason: str


class Gazetteer:
    """The compiled forms. Pure: the same text, date and language always give the same result."""

    def __init__(self, actors: Actors) -> None:
        self.names = actors.names
        self._ambiguous: dict[str, Ambiguity] = actors.ambiguous
        self._automaton = ahocorasick.Automaton()
        by_key: dict[str, list[Form]] = {}
        for form in actors.forms:
            by_key.setdefault(_fold(form.text), []).append(form)
        for doubt in actors.ambiguous.values():
            if doubt.means:
                name, kind = actors.names[doubt.means]
                sense = Sense("name", doubt.means, name, kind)
                by_key.setdefault(_fold(doubt.form), []).append(Form(doubt.form, False, None, sense, 0))
        for key, forms in by_key.items():
            self._automaton.add_word(key, (len(key), tuple(forms)))
        self._automaton.make_automaton()

    @classmethod
    def load(cls, path: Path) -> "Gazetteer":
        """Reads config/actors.yaml. Raises ConfigError."""
        return cls(load_actors(path))

    def find(
        self, text: str, *, language: str | None, published_at: datetime | None
    ) -> tuple[list[Named], list[Unresolved]]:
        """What is named, in order and without overlap; and what was left unresolved, with the reason."""
        folded = _fold(text)
        caseless = not any(c.isupper() for c in text)
        candidates: dict[tuple[int, int], list[Form]] = {}
        for last, (length, forms) in self._automaton.iter(folded):
            start = last + 1 - length
            if start and _is_word(text[start - 1]):
                continue
            for form in forms:
                end = _word_end(text, last + 1) if form.stem else last + 1
                if end - last - 1 > _CASE_ENDING or (end < len(text) and _is_word(text[end])):
                    continue
                if form.language in (None, language) and _case_fits(form.text, text[start:end], caseless):
                    candidates.setdefault((start, end), []).append(form)
        named: list[Named] = []
        unresolved: list[Unresolved] = []
        reached = 0
        for start, end in sorted(candidates, key=lambda span: (span[0], -span[1])):
            if start < reached:
                continue
            sense = _choose(candidates[start, end], published_at)
            if reason := self._doubt(text, start, end):
                unresolved.append(Unresolved(text[start:end], start, reason))
                continue
            modifier = bool(
                _STANCE_PREFIX.search(text[max(0, start - 8) : start]) or _MODIFIER.match(text, end)
            )
            named.append(Named(start, end, text[start:end], sense, modifier))
            reached = end
        return named, unresolved

    def _doubt(self, text: str, start: int, end: int) -> str | None:
        """Why this form is not taken at its word here; None when it is."""
        ambiguity = self._ambiguous.get(text[start:end])
        if ambiguity is None:
            return None
        after = text[end : end + 24].lstrip()
        if any(
            after.startswith(word) and not after[len(word) : len(word) + 1].isalnum()
            for word in ambiguity.unless
        ):
            return ambiguity.reason
        if ambiguity.needs:
            rest = text[:start] + " " + text[end:]
            if not any(re.search(rf"\b{re.escape(word)}\b", rest) for word in ambiguity.needs):
                return ambiguity.reason
        return None


def _fold(text: str) -> str:
    """Lower case of the same length: a few letters grow in `str.lower`, and spans must not move."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(low if len(low := c.lower()) == 1 else c for c in text)
    return lowered.replace("’", "'")


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def _word_end(text: str, position: int) -> int:
    while position < len(text) and text[position].isalpha():
        position += 1
    return position


def _case_fits(form: str, found: str, caseless: bool) -> bool:
    """Whether capitals agree: "US" only as written, names with a capital, common words in any case."""
    if not any(c.isupper() for c in form):
        return True
    if caseless:
        return len(form) > 4
    if len(form) <= 3 and form.isupper():
        return found == form
    return found[0].isupper() or not form[0].isupper()


def _choose(forms: list[Form], published_at: datetime | None) -> Sense:
    """A person who changed sides is who they were at the time; names go before offices and bodies."""
    order = ("person", "organ", "name", "capital", "adjective", "format", "city", "office", "body")
    senses = sorted((form.sense for form in forms), key=lambda sense: order.index(sense.kind))
    people = [sense for sense in senses if sense.kind == "person"]
    if len(people) > 1 and published_at:
        year = published_at.year
        in_office = [
            p for p in people if any(o.start and o.start <= year <= (o.end or 9999) for o in p.offices)
        ]
        past = sorted(
            people, key=lambda p: max((o.end or 0 for o in p.offices if (o.start or 9999) <= year), default=0)
        )
        return (in_office or past)[-1]
    return people[-1] if people else senses[0]


def surnames(named: list[Named]) -> Iterator[tuple[str, Sense]]:
    """Surnames of the people named in full: they may stand alone in the rest of the same text."""
    for mention in named:
        if mention.sense.kind == "person" and " " in mention.text:
            yield mention.text.rsplit(" ", 1)[1], mention.sense
