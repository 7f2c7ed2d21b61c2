"""Finds the parties of config/actors.yaml in a text: longest match, whole words, doubts told."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import ahocorasick

from archwatch.extractor.actorfile import load_actors
from archwatch.extractor.actors import Actors, Form, Sense
from archwatch.extractor.context import Context
from archwatch.extractor.doubts import Offices, choose, doubt, fitting, is_misplaced, is_placed, is_too_early
from archwatch.extractor.endings import AFTER_NAME, AFTER_PLACE
from archwatch.extractor.incumbents import Incumbents
from archwatch.extractor.letters import accents_fit, case_fits, fold, is_shouted, is_word, word_end

_CASE_ENDING: Final = 6  # letters; the longest endings of the languages covered are five
_STANCE_PREFIX: Final = re.compile(r"\b(?:pro|anti|non|post|ex|trans|intra|inter|un|former)-$", re.IGNORECASE)
_MODIFIER: Final = re.compile(
    r"[-‑–](?:led|backed|based|speaking|made|style|born|held|occupied|controlled|brokered|sponsored|mediated|drafted|"
    r"proposed|language|friendly|supplied|built|wide|aligned|registered|owned|funded|trained|run|imposed|era|"
    r"designed|donated|installed|appointed|annexed|dominated|flagged|related|hosted)\b"
)

_OWNED: Final = re.compile(r"['’]s? $")
_FOLLOWED: Final = re.compile(r"\s+(?:of|between|with)\b")


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
        self.members = actors.members
        self.incumbents = Incumbents(actors.forms, actors.checked)
        self._ambiguous = actors.ambiguous
        self._offices = Offices(actors.forms)
        self._automaton = ahocorasick.Automaton()
        by_key: dict[str, list[Form]] = {}
        for form in actors.forms:
            by_key.setdefault(fold(form.text), []).append(form)
        for doubtful in actors.ambiguous.values():
            if doubtful.means:
                sense = self._named(doubtful.means)
                by_key.setdefault(fold(doubtful.form), []).append(Form(doubtful.form, False, None, sense, 0))
        self._anaphors: dict[str, tuple[str, ...]] = {}
        for text, codes in actors.anaphors.items():
            form = Form(text.rstrip("*"), text.endswith("*"), None, self._named(codes[0]), 0)
            self._anaphors[form.text] = codes
            by_key.setdefault(fold(form.text), []).append(form)
        for key, forms in by_key.items():
            self._automaton.add_word(key, (len(key), tuple(forms)))
        self._automaton.make_automaton()

    @classmethod
    def load(cls, path: Path) -> "Gazetteer":
        """Reads config/actors.yaml. Raises ConfigError."""
        return cls(load_actors(path))

    def _named(self, code: str) -> Sense:
        name, kind = self.names[code]
        return Sense("name", code, name, kind)

    def find(
        self, text: str, *, language: str | None, published_at: datetime | None
    ) -> tuple[list[Named], list[Unresolved]]:
        """What is named, in order and without overlap; and what was left unresolved, with the reason."""
        folded = fold(text)
        candidates = self._candidates(text, folded, language)
        spans = sorted(candidates, key=lambda span: (span[0], -span[1]))
        full = (form.sense for forms in candidates.values() for form in forms if " " in form.text)
        people = frozenset(sense.name for sense in full if sense.kind == "person")
        context = Context(text, self._plain(text, candidates, spans), people)
        named: list[Named] = []
        unresolved: list[Unresolved] = []
        reached = 0
        for start, end in spans:
            if start < reached:
                continue
            chosen = self._meant(text, folded, (start, end), candidates[start, end], published_at, context)
            if chosen is None:
                continue
            if isinstance(chosen, str):
                unresolved.append(Unresolved(text[start:end], start, chosen))
                continue
            modifier = bool(
                _STANCE_PREFIX.search(text, max(0, start - 8), start) or _MODIFIER.match(text, end)
            )
            named.append(Named(start, end, text[start:end], chosen, modifier))
            reached = end
        return named, unresolved

    def _candidates(self, text: str, folded: str, language: str | None) -> dict[tuple[int, int], list[Form]]:
        """The forms that fit the letters, by where they stand."""
        caseless = not any(c.isupper() for c in text)
        nothing: frozenset[str] = frozenset()
        after = {"person": AFTER_NAME.get(language or "", nothing)}
        after |= dict.fromkeys(("capital", "name"), AFTER_PLACE.get(language or "", nothing))
        found: dict[tuple[int, int], list[Form]] = {}
        for last, (length, forms) in self._automaton.iter(folded):
            start, stop = last + 1 - length, last + 1
            if start and is_word(text[start - 1]):
                continue
            finish = stop
            if stop < len(text) and is_word(text[stop]):
                finish = word_end(text, stop)
                if finish - stop > _CASE_ENDING or (finish < len(text) and is_word(text[finish])):
                    continue
            if is_shouted(text, start, stop, language):
                continue
            rest = folded[stop:finish]
            for form in forms:
                if form.language not in (None, language):
                    continue
                if rest and not (
                    (form.stem and (form.endings is None or rest in form.endings))
                    or (len(form.text) > 3 and rest in after.get(form.sense.kind, nothing))
                ):
                    continue
                if form.stem and form.endings is not None and rest not in form.endings:
                    continue
                if case_fits(form.text, text[start:finish], caseless) and accents_fit(form, text[start:stop]):
                    found.setdefault((start, finish), []).append(form)
        return found

    def _plain(
        self, text: str, candidates: dict[tuple[int, int], list[Form]], spans: list[tuple[int, int]]
    ) -> list[tuple[int, str]]:
        """Who is named beyond doubt, with where it ends: what doubtful forms are judged by."""
        plain: list[tuple[int, str]] = []
        reached = 0
        for start, end in spans:
            found = {form.sense.code for form in candidates[start, end] if form.scope == "anywhere"}
            if start < reached or self._is_doubtful(text, start, end):
                continue
            if len(found) == 1 and not any(form.text in self._anaphors for form in candidates[start, end]):
                (code,) = found
                if code is not None and candidates[start, end][0].sense.kind != "city":
                    plain.append((end, code))
                reached = end
        return plain

    def _is_doubtful(self, text: str, start: int, end: int) -> bool:
        """Whether the form needs a context, or has the wrong words beside it."""
        ambiguity = self._ambiguous.get(text[start:end])
        return ambiguity is not None and (
            bool(ambiguity.needs or ambiguity.rivals) or is_misplaced(ambiguity, text, start, end)
        )

    def _meant(
        self,
        text: str,
        folded: str,
        span: tuple[int, int],
        forms: list[Form],
        published_at: datetime | None,
        context: Context,
    ) -> Sense | str | None:
        """The sense of a span; the reason when it stays open; None when it is no name here."""
        start, end = span
        forms = sorted(
            forms, key=lambda form: (form.language is None, -len(form.text))
        )  # the closest fit first
        if forms[0].language:
            forms = [form for form in forms if form.language]  # "EU" are the United States in Spanish
        if meanings := next((self._anaphors[f.text] for f in forms if f.text in self._anaphors), None):
            if _FOLLOWED.match(folded, end) or folded.endswith("state of ", 0, start):
                return None
            code = context.antecedent(meanings, start)
            return self._named(code) if code else f"may stand for {' or '.join(meanings)}, none of them named"
        senses = [
            form.sense
            for form in forms
            if form.scope == "anywhere" or (form.scope == "incumbent" and form.sense.in_office(published_at))
        ]
        ambiguity = self._ambiguous.get(text[start:end]) or self._ambiguous.get(forms[0].text)
        if " " not in text[start:end]:
            senses = [sense for sense in senses if not is_too_early(sense, published_at)]
        people = [form.sense for form in forms if form.sense.kind == "person"]
        if people and (ambiguity or len(people) > 1 or forms[0].scope != "anywhere"):
            titled = fitting(people, self._offices.before(folded, start), published_at, context)
            if told := titled or _owned(people, text, start, context, published_at):
                return choose(told, published_at, context)
        towns = [form.sense for form in forms if form.scope == "placed"] if is_placed(folded, start) else []
        if not senses:
            return towns[0] if towns else None
        chosen = choose(senses, published_at, context)
        if ambiguity and not isinstance(chosen, str):
            reason = doubt(ambiguity, chosen.code, text, start, end, context)
            chosen = reason or chosen
        if isinstance(chosen, str):  # "Congress" may still be the body of whoever is named before it
            plainer = towns + [sense for sense in senses if sense.kind in ("body", "office")]
            return plainer[0] if plainer else chosen
        return chosen


def _owned(
    people: list[Sense], text: str, start: int, context: Context, published_at: datetime | None
) -> list[Sense]:
    """Who of them is in office for the party named right before: "Britain's Johnson"."""
    match = _OWNED.search(text, max(0, start - 3), start)
    owner = context.owner(match.start()) if match else None
    return [p for p in people if owner and p.code == owner and p.in_office(published_at)]


def surnames(named: list[Named]) -> Iterator[tuple[str, Sense]]:
    """Surnames of the people named in full: they may stand alone in the rest of the same text."""
    for mention in named:
        if mention.sense.kind == "person" and " " in mention.text:
            yield mention.text.rsplit(" ", 1)[1], mention.sense
