"""Reads config/languages/*.yaml: the words of a language and the little grammar that the reading needs."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

from ruamel.yaml.comments import CommentedMap

from archwatch.configfile import ConfigFile, read_yaml
from archwatch.contracts.event import EventType
from archwatch.extractor.foreign.words import Row, RowKind, Rows, Step, Words
from archwatch.extractor.plover import ONTOLOGY

_ROWS: Final[dict[str, RowKind]] = {"verbs": "verb", "nouns": "noun", "stances": "stance"}
_FLAGS: Final = ("capital_nouns", "verb_last", "adjective_after", "free_order", "negates_after", "inverts")
_CALENDAR: Final[dict[str, int | None]] = {
    "weekdays": 7,
    "months": 12,
    "yesterday": None,
    "today": None,
    "tomorrow": None,
}


@dataclass(frozen=True)
class Grammar:
    """A language. Each field of type Words is a key of its file, described in config/languages/de.yaml."""

    rows: Rows
    saying: tuple[str, ...]
    offices: tuple[tuple[str, Words], ...]
    weekdays: tuple[Words, ...]
    months: tuple[Words, ...]
    yesterday: Words
    today: Words
    tomorrow: Words
    says: Words
    no: Words
    may: Words
    will: Words
    future: Words
    aux: Words
    passive: Words
    participle: Words
    by: Words
    agent: Words
    of: Words
    together: Words
    against: Words
    at: Words
    at_city: Words
    prepositions: Words
    articles: Words
    oblique_articles: Words
    oblique: Words
    subjects: Words
    adjectives: Words
    bodies: Words
    fillers: Words
    joins: Words
    relative: Words
    that: Words
    condition: Words
    body_speaks: Words
    infinitive: Words
    no_verb: Words
    questions: Words
    pronouns: Words
    plural_verbs: Words
    plural_names: Words
    adverbs: Words
    particles: Words
    capital_nouns: bool = False
    verb_last: bool = False
    free_order: bool = False
    adjective_after: bool = False
    negates_after: bool = False
    inverts: bool = False

    def office(self, word: str) -> str | None:
        """The English title of an office, as in config/actors.yaml."""
        return next((title for title, words in self.offices if word in words), None)

    def any_preposition(self, word: str) -> bool:
        """Whether the word governs the noun after it."""
        return any(
            word in words
            for words in (self.prepositions, self.of, self.by, self.together, self.against, self.at)
        )


_LISTS: Final = tuple(
    f.name for f in fields(Grammar) if f.type in (Words, "Words") and f.name not in _CALENDAR
)


def load_languages(folder: Path) -> dict[str, Grammar]:
    """One grammar for each file `xx.yaml` of the folder; none when there is no folder. Raises ConfigError."""
    return {path.stem: _Reader(read_yaml(path)).grammar() for path in sorted(folder.glob("*.yaml"))}


class _Reader:
    def __init__(self, file: ConfigFile) -> None:
        self.file = file
        if not isinstance(file.data, CommentedMap):
            raise file.error((), "is empty or no mapping", "give it the keys of config/languages/de.yaml")
        self.root = file.data
        known = {*_ROWS, *_LISTS, *_FLAGS, "offices", "dates"} - {"says"} | {"saying"}
        for key in self.root:
            if key not in known:
                raise file.error((key,), "no such key", f"use one of {', '.join(sorted(known))}")
        if not self.root.get("verbs"):
            raise file.error((), "a language without `verbs`", "list some, or remove the file")

    def grammar(self) -> Grammar:
        dates = self.mapping(("dates",), self.root.get("dates", {}))
        for key in dates:
            if key not in _CALENDAR:
                raise self.file.error(("dates", key), "no such key", f"use one of {', '.join(_CALENDAR)}")
        saying = self.strings(("saying",), self.root.get("saying", []))
        offices = self.mapping(("offices",), self.root.get("offices", {}))
        values: dict[str, Any] = {
            key: Words.of(self.strings((key,), self.root.get(key, []))) for key in _LISTS if key != "says"
        }
        values |= {
            key: Words.of(self.strings(("dates", key), dates.get(key, [])))
            for key in ("yesterday", "today", "tomorrow")
        }
        values |= {key: bool(self.root.get(key, False)) for key in _FLAGS}
        return Grammar(
            rows=Rows(self.rows()),
            saying=tuple(word.strip("*").lower() for word in saying),
            says=Words.of(saying),
            offices=tuple(
                (title, Words.of(self.strings(("offices", title), offices[title]))) for title in offices
            ),
            weekdays=self.calendar(dates, "weekdays"),
            months=self.calendar(dates, "months"),
            **values,
        )

    def calendar(self, dates: Any, key: str) -> tuple[Words, ...]:
        """Names in the order of the calendar; `|` between two forms of one."""
        texts = self.strings(("dates", key), dates.get(key, []))
        if texts and len(texts) != _CALENDAR[key]:
            raise self.file.error(
                ("dates", key),
                f"has {len(texts)} names, not {_CALENDAR[key]}",
                "write a|b for two forms of one",
            )
        return tuple(Words.of(text.split("|")) for text in texts)

    def mapping(self, loc: tuple[str, ...], node: Any) -> Any:
        if not isinstance(node, dict):
            raise self.file.error(loc, "is no mapping", "write `key: [one, two]` lines under it")
        return node

    def strings(self, loc: tuple[str, ...], node: Any) -> list[str]:
        if not isinstance(node, list) or not all(isinstance(text, str) and text.strip("* ") for text in node):
            raise self.file.error(loc, "is no list of words", 'write [one, two*]; quote "no" and "on"')
        return list(node)

    def rows(self) -> Iterator[Row]:
        for section, kind in _ROWS.items():
            types = self.mapping((section,), self.root.get(section, {}))
            for name, modes in types.items():
                if name not in ONTOLOGY:
                    raise self.file.error(
                        (section, name), "unknown event type", f"use one of {', '.join(ONTOLOGY)}"
                    )
                for mode in self.mapping((section, name), modes):
                    loc = (section, name, mode)
                    known = ("-", *ONTOLOGY[name].modes)
                    if mode not in known:
                        raise self.file.error(loc, "unknown mode", f"use one of {', '.join(known)}")
                    for text in self.strings(loc, modes[mode]):
                        for one in (text, *self.together(text)):
                            yield self.row(loc, one, name, None if mode == "-" else mode, kind)

    def together(self, text: str) -> Iterator[str]:
        """ "lehn* .. ab" is also written "ablehnen", "abzulehnen", "abgelehnt"."""
        first, *middle, last = text.split() if " " in text else (text, "")
        if last in self.root.get("particles", []):
            weak, stems = first[: len(first) - len(first.lstrip("~"))], first.lstrip("~").split("|")
            head = "|".join(last + link + stem for stem in stems for link in ("", "zu", "ge"))
            yield " ".join([weak + head, *middle]).removesuffix(" ..")

    def row(self, loc: tuple[str, ...], text: str, name: EventType, mode: str | None, kind: RowKind) -> Row:
        words = text.lower().lstrip("~").split()
        if not words or words[0] == ".." or words[-1] == "..":
            raise self.file.error(
                loc, f"the row `{text}` has no first or last word", "write `..` only between words"
            )
        steps = [
            Step(Words.of(word.split("|")), before == "..")
            for before, word in itertools.pairwise(["", *words])
            if word != ".."
        ]
        return Row(
            name,
            mode,
            kind,
            steps[0].words,
            tuple(steps[1:]),
            text.startswith("~"),
            text.startswith("~~"),
            text.lstrip("~"),
        )
