"""Reads and checks config/actors.yaml; every mistake is named by its line."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, get_args

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from archwatch.contracts.event import ActorKind
from archwatch.errors import ConfigError
from archwatch.extractor.actors import Actors, Ambiguity, Form, FormKind, Office, Sense

LANGUAGES: Final = ("de", "fr", "ru", "uk", "pl", "ro", "es", "it")
_STATE_FORMS: Final[tuple[tuple[str, FormKind], ...]] = (
    ("adjectives", "adjective"),
    ("capital", "capital"),
    ("organs", "organ"),
)
_SECTIONS: Final = {
    "states",
    "others",
    "organisations",
    "formats",
    "offices",
    "bodies",
    "cities",
    "ambiguous",
}
_STATE_KEYS: Final = {"name", "names", "adjectives", "capital", "organs", "people", "in", "ended"}
_ORG_KEYS: Final = {"name", "kind", "names", "people", "in", "ended"}
_AMBIGUOUS_KEYS: Final = {"form", "means", "needs", "unless", "reason"}
_OFFICE: Final = re.compile(r"(?P<title>.+?)(?: (?P<start>\d{4})-(?P<end>\d{4})?)?")


class _Reader:
    """Walks the YAML tree and knows the line of what it reads."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def fail(self, line: int, problem: str, mend: str) -> ConfigError:
        return ConfigError(str(self.path), problem, place=str(line), mend=mend)

    def line(self, node: Any, key: Any) -> int:
        ordered = isinstance(node, list)
        try:
            position: Any = getattr(node, "lc")  # noqa: B009
            return int((position.item(key) if ordered else position.key(key))[0]) + 1
        except (AttributeError, KeyError):
            return 1

    def strings(self, node: Any, key: str) -> list[str]:
        value = node.get(key, [])
        if not isinstance(value, list) or not all(
            isinstance(item, str) and item.strip("* ") for item in value
        ):
            raise self.fail(
                self.line(node, key),
                f"`{key}` is no list of words",
                'write [one, two]; quote "NO" and "U.S."',
            )
        return list(value)

    def mapping(self, node: Any, key: str) -> Any:
        value = node.get(key) or {}
        if not isinstance(value, dict):
            raise self.fail(
                self.line(node, key), f"`{key}` is no mapping", "write `key: value` lines under it"
            )
        return value

    def known(self, node: Any, allowed: set[str], what: str) -> None:
        for key in node:
            if key not in allowed:
                raise self.fail(
                    self.line(node, key),
                    f"unknown key `{key}` in {what}",
                    f"use one of {', '.join(sorted(allowed))}",
                )


def load_actors(path: Path) -> Actors:
    """Reads and checks the file. Raises ConfigError with the line and the mend."""
    reader = _Reader(path)
    try:
        root = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(
            str(path), f"cannot be read: {error.strerror}", mend="name the file that lists the actors"
        ) from error
    except MarkedYAMLError as error:
        place = str(error.problem_mark.line + 1) if error.problem_mark else ""
        raise ConfigError(
            str(path),
            f"is no YAML: {error.problem}",
            place=place,
            mend="indent by two spaces, quote odd words",
        ) from error
    if not isinstance(root, dict):
        raise reader.fail(1, "is empty or no mapping", f"give it the sections {', '.join(sorted(_SECTIONS))}")
    reader.known(root, _SECTIONS, "the file")
    forms = [
        *_states(reader, root),
        *_organisations(reader, root),
        *_others(reader, root),
        *_places_and_words(reader, root),
    ]
    _refuse_duplicates(reader, forms)
    names = {
        f.sense.code: (f.sense.name, f.sense.actor_kind)
        for f in forms
        if f.sense.code and f.sense.kind == "name"
    }
    return Actors(tuple(forms), _ambiguities(reader, root, names), names)


def _form(text: str, sense: Sense, line: int, language: str | None = None) -> Form:
    return Form(text.rstrip("*"), text.endswith("*"), language, sense, line)


def _code(reader: _Reader, node: Any, code: Any) -> str:
    if not isinstance(code, str) or not re.fullmatch(r"[A-Z]{3}", code):
        raise reader.fail(
            reader.line(node, code), f"`{code}` is no ISO 3166-1 alpha-3 code", "three capitals, as in RUS"
        )
    return code


def _states(reader: _Reader, root: Any) -> Iterator[Form]:
    states = reader.mapping(root, "states")
    for key in states:
        code, state = _code(reader, states, key), reader.mapping(states, key)
        reader.known(state, _STATE_KEYS, f"state {code}")
        yield from _party(reader, states, code, state, "state")
        for field_name, form_kind in _STATE_FORMS:
            for text in reader.strings(state, field_name):
                yield _form(
                    text,
                    Sense(form_kind, code, state["name"], "state", ended=state.get("ended")),
                    reader.line(state, field_name),
                )


def _organisations(reader: _Reader, root: Any) -> Iterator[Form]:
    bodies = reader.mapping(root, "organisations")
    for code in bodies:
        body = reader.mapping(bodies, code)
        reader.known(body, _ORG_KEYS, f"organisation {code}")
        kind = body.get("kind")
        if kind not in get_args(ActorKind):
            raise reader.fail(
                reader.line(bodies, code),
                f"{code} has the unknown kind `{kind}`",
                f"use one of {', '.join(get_args(ActorKind))}",
            )
        yield from _party(reader, bodies, code, body, kind)


def _party(reader: _Reader, parent: Any, code: str, party: Any, kind: ActorKind) -> Iterator[Form]:
    name = party.get("name")
    if not isinstance(name, str):
        raise reader.fail(reader.line(parent, code), f"{code} has no name", "add `name: ...`")
    sense = Sense("name", code, name, kind, ended=party.get("ended"))
    yield _form(name, sense, reader.line(parent, code))
    for text in reader.strings(party, "names"):
        yield _form(text, sense, reader.line(party, "names"))
    for language in reader.mapping(party, "in"):
        if language not in LANGUAGES:
            raise reader.fail(
                reader.line(party["in"], language),
                f"unknown language `{language}`",
                f"use one of {', '.join(LANGUAGES)}",
            )
        for text in reader.strings(party["in"], language):
            form_kind: FormKind = "adjective" if text[0].islower() else "name"
            yield _form(
                text, Sense(form_kind, code, name, kind), reader.line(party["in"], language), language
            )
    people = reader.mapping(party, "people")
    for person in people:
        entry, line = reader.mapping(people, person), reader.line(people, person)
        reader.known(entry, {"offices", "also"}, f"person {person}")
        offices = tuple(_office(reader, line, str(text)) for text in entry.get("offices", ()))
        sense = Sense("person", code, person, "person", offices, ended=party.get("ended"))
        for text in (person, *reader.strings(entry, "also")):
            yield _form(text, sense, line)


def _office(reader: _Reader, line: int, text: str) -> Office:
    match = _OFFICE.fullmatch(text)
    if not match:
        raise reader.fail(line, f"`{text}` is no office", 'write "president 2019-" or "president 2010-2014"')
    start, end = (int(year) if year else None for year in match.group("start", "end"))
    if start and end and end < start:
        raise reader.fail(line, f"the years of `{text}` are reversed", f"write {end}-{start}")
    return Office(match["title"], start, end)


def _others(reader: _Reader, root: Any) -> Iterator[Form]:
    others = reader.mapping(root, "others")
    for key in others:
        code, line = _code(reader, others, key), reader.line(others, key)
        texts = reader.strings(others, key)
        for text in texts:
            adjective = (
                text.endswith(("an", "ian", "ese", "i", "ish", "ians", "ans", "is", "Thai", "Afghan"))
                and text != texts[0]
            )
            yield _form(text, Sense("adjective" if adjective else "name", code, texts[0], "state"), line)


def _places_and_words(reader: _Reader, root: Any) -> Iterator[Form]:
    formats = reader.mapping(root, "formats")
    for name in formats:
        entry = reader.mapping(formats, name)
        reader.known(entry, {"members", "also"}, f"format {name}")
        sense = Sense("format", None, name, "unknown", members=tuple(reader.strings(entry, "members")))
        for text in (name, *reader.strings(entry, "also")):
            yield _form(text, sense, reader.line(formats, name))
    offices = reader.mapping(root, "offices")
    for title in offices:
        for text in reader.strings(offices, title):
            yield _form(text, Sense("office", None, title, "person"), reader.line(offices, title))
    for i, group in enumerate(root.get("bodies", [])):
        for text in group:
            yield _form(text, Sense("body", None, text, "group"), reader.line(root["bodies"], i))
    cities = reader.mapping(root, "cities")
    for country in cities:
        for text in reader.strings(cities, _code(reader, cities, country)):
            yield _form(
                text, Sense("city", country, text.rstrip("*"), "unknown"), reader.line(cities, country)
            )


def _who(form: Form) -> str:
    return form.sense.code or form.sense.name


def _refuse_duplicates(reader: _Reader, forms: list[Form]) -> None:
    seen: dict[tuple[str, str | None], Form] = {}
    for form in forms:
        other = seen.setdefault((form.text, form.language), form)
        same_person = other.sense.kind == form.sense.kind == "person" and other.sense.name == form.sense.name
        if (
            other is not form
            and not same_person
            and (other.sense.code, other.sense.kind) != (form.sense.code, form.sense.kind)
        ):
            raise reader.fail(
                form.line,
                f"`{form.text}` names {_who(form)} here and {_who(other)} in line {other.line}",
                "keep it in one place, or write the longer name in the other",
            )


def _ambiguities(reader: _Reader, root: Any, names: dict[str, tuple[str, ActorKind]]) -> dict[str, Ambiguity]:
    found = {}
    for i, entry in enumerate(root.get("ambiguous", [])):
        line = reader.line(root["ambiguous"], i)
        if not isinstance(entry, dict) or "form" not in entry or "reason" not in entry:
            raise reader.fail(
                line,
                "an ambiguity needs `form` and `reason`",
                "write {form: Georgia, needs: [Tbilisi], reason: ...}",
            )
        reader.known(entry, _AMBIGUOUS_KEYS, "an ambiguity")
        means = entry.get("means")
        if means is not None and means not in names:
            raise reader.fail(
                line,
                f"`{entry['form']}` means {means}, which is no actor of this file",
                "name a code listed above",
            )
        needs, unless = (tuple(reader.strings(entry, key)) for key in ("needs", "unless"))
        found[entry["form"]] = Ambiguity(entry["form"], means, needs, unless, entry["reason"])
    return found
