"""YAML as nodes that know their line; every scalar is text as written, so that NO stays Norway."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from archwatch.errors import ConfigError

# libyaml reads 20 times faster than any parser in Python; it comes in PyYAML's wheels.
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True)
class Node:
    """A part of a YAML file. Exactly one of `text`, `items` and `fields` is in use."""

    path: Path
    line: int
    text: str | None = None
    items: tuple["Node", ...] | None = None
    fields: dict[str, "Node"] | None = None
    key_lines: dict[str, int] = field(default_factory=dict)

    def fail(self, problem: str, mend: str, *, key: str | None = None) -> ConfigError:
        """The error for this node, or for the line of `key` in it."""
        line = self.key_lines.get(key, self.line) if key else self.line
        return ConfigError(str(self.path), problem, place=str(line), mend=mend)

    def __contains__(self, key: str) -> bool:
        return self.fields is not None and key in self.fields

    def get(self, key: str) -> str | None:
        """The text under `key`; None when there is none."""
        node = (self.fields or {}).get(key)
        return node.text if node else None

    def entries(self, key: str | None = None) -> Iterator[tuple[str, int, "Node"]]:
        """Name, line and value of each entry, here or under `key`. Raises ConfigError for no mapping."""
        node = self if key is None else (self.fields or {}).get(key)
        if node is None or node.text == "":
            return
        if node.fields is None:
            name = f"`{key}`" if key else "this"
            raise self.fail(f"{name} is no mapping", "write `key: value` lines under it", key=key)
        for name, value in node.fields.items():
            yield name, node.key_lines[name], value

    def strings(self, key: str) -> list[str]:
        """The words listed under `key`. Raises ConfigError for what is no list of words."""
        node = (self.fields or {}).get(key)
        return node.words(f"`{key}`", self.key_lines.get(key)) if node else []

    def words(self, what: str, line: int | None = None) -> list[str]:
        """This node as a list of words."""
        words = [item.text for item in self.items] if self.items is not None else [None]
        if not all(word is not None and word.strip("* ") for word in words):
            raise ConfigError(
                str(self.path),
                f"{what} is no list of words",
                place=str(line or self.line),
                mend="write [one, two]",
            )
        return [word for word in words if word]

    def known(self, allowed: set[str], what: str) -> None:
        """Raises ConfigError for a key that is not allowed here."""
        for key, line, _ in self.entries():
            if key not in allowed:
                problem, mend = f"unknown key `{key}` in {what}", f"use one of {', '.join(sorted(allowed))}"
                raise ConfigError(str(self.path), problem, place=str(line), mend=mend)


def read_nodes(path: Path) -> Node:
    """Reads the file. Raises ConfigError when it is missing, no YAML, or names a key twice."""
    try:
        tree = yaml.compose(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ConfigError(str(path), f"cannot be read: {why}", mend="name the file that is meant") from error
    except yaml.MarkedYAMLError as error:
        place = str(error.problem_mark.line + 1) if error.problem_mark else ""
        mend = "indent by two spaces, quote odd words"
        raise ConfigError(str(path), f"is no YAML: {error.problem}", place=place, mend=mend) from error
    if not isinstance(tree, yaml.MappingNode):
        raise ConfigError(str(path), "is empty or no mapping", place="1", mend="give it `key: value` lines")
    return _node(path, tree)


def _node(path: Path, tree: Any) -> Node:
    line = tree.start_mark.line + 1
    if isinstance(tree, yaml.ScalarNode):
        return Node(path, line, text=tree.value)
    if isinstance(tree, yaml.SequenceNode):
        return Node(path, line, items=tuple(_node(path, item) for item in tree.value))
    fields: dict[str, Node] = {}
    lines: dict[str, int] = {}
    for key, value in tree.value:
        at = key.start_mark.line + 1
        if key.value in fields:
            problem = f"`{key.value}` stands twice, first in line {lines[key.value]}"
            raise ConfigError(str(path), problem, place=str(at), mend="join the two")
        fields[key.value], lines[key.value] = _node(path, value), at
    return Node(path, line, fields=fields, key_lines=lines)
