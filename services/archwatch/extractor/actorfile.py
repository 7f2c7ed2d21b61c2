"""Reads and checks config/actors.yaml; every mistake is named by its line."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, get_args

from archwatch.contracts.event import ActorKind
from archwatch.errors import ConfigError
from archwatch.extractor.actors import Actors, Ambiguity, Form, FormKind, Office, Sense
from archwatch.extractor.endings import AFTER_CAPITAL
from archwatch.extractor.personforms import person_forms
from archwatch.extractor.territories import territories
from archwatch.extractor.yamlnodes import Node, read_nodes

LANGUAGES: Final = ("de", "fr", "ru", "uk", "pl", "ro", "es", "it", "bg", "pt", "tr")
_SECTIONS: Final = {
    "checked", "states", "organisations", "formats", "offices", "bodies", "cities", "towns", "ambiguous",
    "anaphors",
}  # fmt: skip
_STATE_KEYS: Final = {"name", "names", "adjectives", "capital", "organs", "people", "in", "ended"}
_ORG_KEYS: Final = {"name", "kind", "names", "people", "in", "ended", "members"}
_AMBIGUOUS_KEYS: Final = {"form", "means", "needs", "unless", "after", "never", "or", "reason"}
_YEARS: Final = re.compile(r"(?P<title>.+?)(?: (?P<start>\d{4}(?:/\d\d)?)-(?P<end>\d{4}(?:/\d\d)?)?)?")
_KINDS: Final = get_args(ActorKind)


def load_actors(path: Path) -> Actors:
    """Reads and checks the file. Raises ConfigError with the line and the mend."""
    root = read_nodes(path)
    root.known(_SECTIONS, "the file")
    members: dict[str, tuple[str, ...]] = {}
    forms = [*_states(root), *_organisations(root, members), *_formats(root), *_words(root), *_places(root)]
    _refuse_duplicates(root, forms)
    named = {f.sense.code: f.sense for f in forms if f.sense.code and f.sense.kind == "name"}
    taken = frozenset(f.text for f in forms)
    living = {f.sense: None for f in forms if f.sense.kind in ("name", "capital") and not f.sense.ended}
    forms += territories((s for s in living if s.actor_kind == "state"), LANGUAGES, taken)
    names = {code: (sense.name, sense.actor_kind) for code, sense in named.items()}
    for code, listed in members.items():
        if unknown := [member for member in listed if member not in names]:
            line = {name: at for name, at, _ in root.entries("organisations")}[code]
            raise _mistake(
                root, line, f"{code} has the unknown member {unknown[0]}", "name a code of this file"
            )
    return Actors(
        tuple(forms), _ambiguities(root, names), names, _anaphors(root, names), members, _checked(root)
    )


def _mistake(node: Node, line: int, problem: str, mend: str) -> ConfigError:
    return ConfigError(str(node.path), problem, place=str(line), mend=mend)


def _form(text: str, sense: Sense, line: int, language: str | None = None) -> Form:
    return Form(text.rstrip("*"), text.endswith("*"), language, sense, line)


def _forms(node: Node, key: str, sense: Sense, language: str | None = None) -> Iterator[Form]:
    for text in node.strings(key):
        yield _form(text, sense, node.key_lines[key], language)


def _iso(node: Node, code: str, line: int) -> str:
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise _mistake(node, line, f"`{code}` is no ISO 3166-1 alpha-3 code", "three capitals, as in RUS")
    return code


def _states(root: Node) -> Iterator[Form]:
    for key, line, state in root.entries("states"):
        code = _iso(root, key, line)
        state.known(_STATE_KEYS, f"state {code}")
        yield from _party(state, code, line, "state")
        name, ended = state.get("name") or "", _ended(state)
        yield from _forms(state, "adjectives", Sense("adjective", code, name, "state", ended=ended))
        yield from _forms(state, "organs", Sense("organ", code, name, "state", ended=ended))
        english, capitals = True, state.strings("capital")
        for text in capitals:  # what follows the first foreign form translates the first English one
            english = english and text.isascii() and not text.endswith("*")
            place = text if english else capitals[0]
            sense = Sense("capital", code, name, "state", ended=ended, place=place)
            endings = AFTER_CAPITAL if text.endswith("*") else None
            line = state.key_lines["capital"]
            yield Form(text.rstrip("*"), endings is not None, None, sense, line, endings)


def _organisations(root: Node, members: dict[str, tuple[str, ...]]) -> Iterator[Form]:
    for code, line, body in root.entries("organisations"):
        body.known(_ORG_KEYS, f"organisation {code}")
        kind = body.get("kind")
        for allowed in _KINDS:
            if kind == allowed:
                yield from _party(body, code, line, allowed)
                break
        else:
            raise _mistake(
                root, line, f"{code} has the unknown kind `{kind}`", f"use one of {', '.join(_KINDS)}"
            )
        if listed := body.strings("members"):
            members[code] = tuple(listed)


def _party(party: Node, code: str, line: int, kind: ActorKind) -> Iterator[Form]:
    name = party.get("name")
    if not name:
        raise _mistake(party, line, f"{code} has no name", "add `name: ...`")
    ended = _ended(party)
    sense = Sense("name", code, name, kind, ended=ended)
    yield _form(name, sense, party.key_lines["name"])
    yield from _forms(party, "names", sense)
    for language, at, words in party.entries("in"):
        if language not in LANGUAGES:
            mend = f"use one of {', '.join(LANGUAGES)}"
            raise _mistake(party, at, f"unknown language `{language}`", mend)
        for text in words.words(f"`{language}`", at):
            form_kind: FormKind = "adjective" if text[0].islower() else "name"
            yield _form(text, Sense(form_kind, code, name, kind, ended=ended), at, language)
    for person, at, entry in party.entries("people"):
        entry.known({"offices", "also", "in office", "native"}, f"person {person}")
        offices = tuple(_office(entry, at, text) for text in entry.strings("offices"))
        acts_for = None if offices and all(o.title == "opposition leader" for o in offices) else code
        bearer = Sense("person", acts_for, person, "person", offices, ended=ended)
        yield from person_forms(
            bearer, entry.strings("also"), entry.strings("in office"), entry.get("native"), at
        )


def _checked(root: Node) -> int | None:
    text = root.get("checked")
    if text is not None and not re.fullmatch(r"\d{4}/\d\d", text):
        raise root.fail(f"`{text}` is no month", "write `checked: 2026/01`", key="checked")
    return _month(text, 11)


def _ended(party: Node) -> int | None:
    year = party.get("ended")
    if year is None:
        return None
    if not re.fullmatch(r"\d{4}", year):
        raise party.fail(f"`{year}` is no year", "write `ended: 1991`", key="ended")
    return int(year)


def _office(entry: Node, line: int, text: str) -> Office:
    match = _YEARS.fullmatch(text)
    if not match or not match["title"].strip():
        raise _mistake(
            entry, line, f"`{text}` is no office", "write `president 2019-` or `president 2010-2014/06`"
        )
    start = _month(match["start"], 0)
    end = _month(match["end"], 11)
    if start is not None and end is not None and end < start:
        mend = f"write {match['end']}-{match['start']}"
        raise _mistake(entry, line, f"the years of `{text}` are reversed", mend)
    return Office(match["title"], start, end)


def _month(text: str | None, default: int) -> int | None:
    """A year, or a year and month, as months since the year 0."""
    if not text:
        return None
    year, _, number = text.partition("/")
    return 12 * int(year) + (min(max(int(number), 1), 12) - 1 if number else default)


def _formats(root: Node) -> Iterator[Form]:
    for name, line, entry in root.entries("formats"):
        entry.known({"members", "also"}, f"format {name}")
        sense = Sense("format", None, name, "unknown", members=tuple(entry.strings("members")))
        yield _form(name, sense, line)
        yield from _forms(entry, "also", sense)


def _words(root: Node) -> Iterator[Form]:
    for title, line, words in root.entries("offices"):
        for text in words.words(f"`{title}`", line):
            yield _form(text, Sense("office", None, title, "person"), line)
    bodies = (root.fields or {}).get("bodies")
    for group in (bodies.items or ()) if bodies else ():
        for text in group.words("a group of bodies"):
            yield _form(text, Sense("body", None, text, "group"), group.line)


def _places(root: Node) -> Iterator[Form]:
    for key, line, words in root.entries("cities"):
        country = _iso(root, key, line)
        for text in words.words(f"`{key}`", line):
            yield _form(text, Sense("city", country, text.rstrip("*"), "unknown"), line)
    for key, line, words in root.entries("towns"):
        country = _iso(root, key, line)
        for text in words.words(f"`{key}`", line):
            yield Form(text, False, None, Sense("city", country, text, "unknown"), line, scope="placed")


def _refuse_duplicates(root: Node, forms: list[Form]) -> None:
    seen: dict[tuple[str, str | None], Form] = {}
    for form in forms:
        if form.scope != "anywhere":
            continue
        other = seen.setdefault((form.text, form.language), form)
        both_people = other.sense.kind == form.sense.kind == "person"
        if (
            other is not form
            and not both_people
            and (other.sense.code, other.sense.kind) != (form.sense.code, form.sense.kind)
        ):
            raise _mistake(
                root,
                form.line,
                f"`{form.text}` names {_who(form)} here and {_who(other)} in line {other.line}",
                "keep it in one place, or write the longer name in the other",
            )


def _who(form: Form) -> str:
    return form.sense.code or form.sense.name


def _ambiguities(root: Node, names: dict[str, tuple[str, ActorKind]]) -> dict[str, Ambiguity]:
    found = {}
    section = (root.fields or {}).get("ambiguous")
    for entry in (section.items or ()) if section else ():
        form, reason = entry.get("form"), entry.get("reason")
        if not form or not reason:
            mend = "write {form: Georgia, needs: [Tbilisi], reason: ...}"
            raise entry.fail("an ambiguity needs `form` and `reason`", mend)
        entry.known(_AMBIGUOUS_KEYS, "an ambiguity")
        means = entry.get("means")
        if means is not None and means not in names:
            raise entry.fail(
                f"`{form}` means {means}, which is no actor of this file", "name a code listed above"
            )
        needs, unless, after, never, rivals = (
            tuple(entry.strings(key)) for key in ("needs", "unless", "after", "never", "or")
        )
        found[form] = Ambiguity(form, means, needs, unless, reason, after, never, rivals)
    return found


def _anaphors(root: Node, names: dict[str, tuple[str, ActorKind]]) -> dict[str, tuple[str, ...]]:
    found = {}
    for form, line, codes in root.entries("anaphors"):
        found[form] = tuple(codes.words(f"`{form}`", line))
        if unknown := [code for code in found[form] if code not in names]:
            raise _mistake(
                root, line, f"`{form}` may mean {unknown[0]}, no actor of this file", "name a code"
            )
    return found
