"""Reads config/verbs.yaml: the words that make an event, compiled. Mistakes are named by line."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from archwatch.contracts.event import EventType
from archwatch.errors import ConfigError
from archwatch.extractor.foreign.grammar import Grammar, load_languages
from archwatch.extractor.inflect import Tense, third_person, verb_forms
from archwatch.extractor.plover import ONTOLOGY

PatternKind = Literal["verb", "noun", "stance", "none"]
_MAX_GAP: Final = 6
_NEGATIONS: Final = {"not", "never"}


@dataclass(frozen=True)
class Element:
    """One word of a pattern. `gap`: up to that many words may stand before it."""

    words: frozenset[str]
    stems: tuple[str, ...]
    gap: int

    def matches(self, word: str) -> bool:
        return word in self.words or (bool(self.stems) and word.startswith(self.stems))


@dataclass(frozen=True)
class Pattern:
    """A row of words that makes an event; of kind `none` one that only looks like it. `weak`: only with a
    party after it.
    `subjects`: the last word of who does it must be one of these; empty for anyone."""

    event_type: EventType
    mode: str | None
    kind: PatternKind
    head: str
    rest: tuple[Element, ...]
    weak: bool
    negated: bool
    text: str
    subjects: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Hit:
    """A form of the head of a pattern, and what inflection it may be."""

    pattern: Pattern
    tenses: frozenset[Tense]


@dataclass(frozen=True)
class Lexicon:
    """The compiled patterns by the form of their first word; `foreign`: the other languages by code."""

    hits: dict[str, tuple[Hit, ...]]
    saying: dict[str, str]
    verbs: frozenset[str]
    foreign: dict[str, Grammar]

    @classmethod
    def load(cls, path: Path) -> "Lexicon":
        """Reads and checks the file, and those of the folder `languages` beside it. Raises ConfigError with
        the line and the mend."""
        return _Reader(path).lexicon()


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.forces: frozenset[str] = frozenset()

    def fail(self, line: int, problem: str, mend: str) -> ConfigError:
        return ConfigError(str(self.path), problem, place=str(line), mend=mend)

    def lexicon(self) -> Lexicon:
        try:
            root = YAML(typ="rt").load(self.path.read_text(encoding="utf-8"))
        except OSError as error:
            raise ConfigError(
                str(self.path), f"cannot be read: {error.strerror}", mend="name the file of the verbs"
            ) from error
        except MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise self.fail(line, f"is no YAML: {error.problem}", "quote patterns with odd signs") from error
        for section in ("forces", "verbs", "nouns", "stances", "none", "saying", "plain"):
            if not isinstance(root, dict) or section not in root:
                raise self.fail(
                    1, f"the section `{section}` is missing", "see the comments at the top of the file"
                )
        self.forces = frozenset(root["forces"])
        hits: dict[str, dict[str, Hit]] = {}
        for pattern in self.patterns(root):
            for form, tenses in _forms(pattern).items():
                hits.setdefault(form, {})[pattern.text + pattern.kind + pattern.event_type] = Hit(
                    pattern, frozenset(tenses)
                )
        saying = {form: verb for verb in reversed(root["saying"]) for form in verb_forms(verb.split(" ")[0])}
        verbs = {
            form for verb in (*root["plain"], *root["saying"]) for form in verb_forms(verb.split(" ")[0])
        }
        return Lexicon(
            {form: tuple(found.values()) for form, found in hits.items()},
            saying,
            frozenset(verbs),
            load_languages(self.path.with_name("languages")),
        )

    def patterns(self, root: Any) -> Iterator[Pattern]:
        for section, kind in (("verbs", "verb"), ("nouns", "noun")):
            for event_type, modes in root[section].items():
                self.check(root[section], event_type, modes)
                for mode, texts in modes.items():
                    for text in texts:
                        yield self.pattern(
                            str(text),
                            event_type,
                            None if mode == "-" else mode,
                            cast(PatternKind, kind),
                            modes.lc.key(mode)[0] + 1,
                        )
        for text in root["none"]:
            yield self.pattern(str(text), "CONSULT", None, "none", root.lc.key("none")[0] + 1)
        for event_type, texts in root["stances"].items():
            self.check(root["stances"], event_type, {})
            for text in texts:
                yield self.pattern(
                    str(text), event_type, None, "stance", root["stances"].lc.key(event_type)[0] + 1
                )

    def check(self, parent: Any, event_type: str, modes: Any) -> None:
        line = parent.lc.key(event_type)[0] + 1
        if event_type not in ONTOLOGY:
            raise self.fail(line, f"unknown event type `{event_type}`", f"use one of {', '.join(ONTOLOGY)}")
        for mode in modes:
            if mode != "-" and mode not in ONTOLOGY[event_type].modes:
                known = ", ".join(("-", *ONTOLOGY[event_type].modes))
                raise self.fail(
                    modes.lc.key(mode)[0] + 1, f"{event_type} has no mode `{mode}`", f"use one of {known}"
                )

    def pattern(
        self, text: str, event_type: EventType, mode: str | None, kind: PatternKind, line: int
    ) -> Pattern:
        weak, words = text.startswith("~"), text.lower().lstrip("~").split()
        only_forces = words[:1] == ["@force"]
        words = words[1:] if only_forces else words
        negated = bool(words) and words[0] in _NEGATIONS
        words = words[1:] if negated else words
        if not words or words[0] == ".." or words[-1] == "..":
            raise self.fail(
                line,
                f"the pattern `{text}` has no first or last word",
                "write words, with `..` only between them",
            )
        if any("|" in one and "|" in other for one, other in itertools.pairwise(words)):
            raise self.fail(
                line,
                f"the pattern `{text}` has an alternative of two words",
                "one word each side of |, or two patterns",
            )
        rest: list[Element] = []
        gap = 0
        for word in words[1:]:
            if word == "..":
                gap = _MAX_GAP
                continue
            choices = word.split("|")
            exact = frozenset(form for c in choices if not c.endswith("*") for form in (c, third_person(c)))
            rest.append(Element(exact, tuple(c[:-1] for c in choices if c.endswith("*")), gap))
            gap = 0
        return Pattern(
            event_type,
            mode,
            kind,
            words[0],
            tuple(rest),
            weak,
            negated,
            text,
            self.forces if only_forces else frozenset(),
        )


def _forms(pattern: Pattern) -> dict[str, set[Tense]]:
    forms: dict[str, set[Tense]] = {}
    for head in pattern.head.split("|"):
        if pattern.kind == "noun":
            forms.setdefault(head, set()).add("base")
            forms.setdefault(third_person(head), set()).add("s")
        else:
            for form, tenses in verb_forms(head).items():
                forms.setdefault(form, set()).update(tenses)
    return forms
