"""Would a consumer of the previous version break? Compares two JSON Schemas.

A change is safe when everything the new schema allows was allowed by the old one: fields may be
added, never removed, widened, renamed or made optional. Covers the keywords that pydantic writes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Schema = Mapping[str, Any]
# keyword -> does the new bound stay within the old one?
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems")


@dataclass(frozen=True)
class _Pair:
    old: Schema
    new: Schema


def breaking_changes(old: Schema, new: Schema) -> list[str]:
    """A line for each place where a message of `new` could surprise a reader of `old`."""
    return list(_compare(old, new, _Pair(old, new), "$", frozenset()))


def _compare(
    old: Schema, new: Schema, roots: _Pair, path: str, seen: frozenset[tuple[str, str]]
) -> Iterator[str]:
    refs = (old.get("$ref", ""), new.get("$ref", ""))
    if refs != ("", ""):
        if refs in seen:
            return
        seen |= {refs}
    old, new = _resolve(old, roots.old), _resolve(new, roots.new)
    if "anyOf" in old or "anyOf" in new:
        yield from _compare_alternatives(old, new, roots, path, seen)
        return
    yield from _compare_values(old, new, path)
    yield from _compare_bounds(old, new, path)
    new_fields = new.get("properties", {})
    new_required = set(new.get("required", ()))
    for name, field in old.get("properties", {}).items():
        if name not in new_fields:
            yield f"{path}.{name}: removed"
            continue
        if name in old.get("required", ()) and name not in new_required:
            yield f"{path}.{name}: was always there, now optional"
        yield from _compare(field, new_fields[name], roots, f"{path}.{name}", seen)
    for keyword, mark in (("items", "[]"), ("additionalProperties", ".*")):
        if isinstance(old.get(keyword), Mapping):
            part = new.get(keyword)
            part = part if isinstance(part, Mapping) else {}
            yield from _compare(old[keyword], part, roots, path + mark, seen)


def _compare_alternatives(
    old: Schema, new: Schema, roots: _Pair, path: str, seen: frozenset[tuple[str, str]]
) -> Iterator[str]:
    known = old.get("anyOf", [old])
    for option in new.get("anyOf", [new]):
        tries = [list(_compare(one, option, roots, path, seen)) for one in known]
        if all(tries):
            best = min(tries, key=len)
            yield from best


def _compare_values(old: Schema, new: Schema, path: str) -> Iterator[str]:
    if "type" in old and old["type"] != new.get("type") and not _narrower_number(old, new):
        yield f"{path}: type {old['type']} became {new.get('type', 'anything')}"
    allowed, now = _values(old), _values(new)
    if allowed is not None:
        if now is None:
            yield f"{path}: was one of a closed list, now anything"
        elif added := [value for value in now if value not in allowed]:
            yield f"{path}: new values {added}"
    if "format" in old and old["format"] != new.get("format"):
        yield f"{path}: format {old['format']} became {new.get('format', 'free')}"


def _compare_bounds(old: Schema, new: Schema, path: str) -> Iterator[str]:
    for keyword in _UPPER:
        if keyword in old and new.get(keyword, float("inf")) > old[keyword]:
            yield f"{path}: {keyword} {old[keyword]} became {new.get(keyword, 'none')}"
    for keyword in _LOWER:
        if keyword in old and new.get(keyword, float("-inf")) < old[keyword]:
            yield f"{path}: {keyword} {old[keyword]} became {new.get(keyword, 'none')}"


def _narrower_number(old: Schema, new: Schema) -> bool:
    return bool(old["type"] == "number" and new.get("type") == "integer")


def _values(schema: Schema) -> list[Any] | None:
    if "const" in schema:
        return [schema["const"]]
    return schema.get("enum")


def _resolve(schema: Schema, root: Schema) -> Schema:
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[-1]]
    return schema
