"""YAML files with line numbers, so that a mistake is named with its place."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from archwatch.errors import ConfigError

MAX_BYTES = 10_000_000


@dataclass(frozen=True)
class ConfigFile:
    """A parsed YAML file: `data` is plain to read, and remembers where each part stood."""

    path: Path
    data: Any

    def line(self, loc: Sequence[int | str]) -> int:
        """The line (from 1) of the deepest part of `loc` that the file has."""
        node, line = self.data, 1
        for part in loc:
            if isinstance(node, CommentedMap) and part in node:
                line = node.lc.key(part)[0] + 1
            elif isinstance(node, CommentedSeq) and isinstance(part, int) and part < len(node):
                line = node.lc.item(part)[0] + 1
            else:
                break
            node = node[part]
        return line

    def error(self, loc: Sequence[int | str], problem: str, mend: str = "") -> ConfigError:
        """A mistake at `loc`, e.g. `("actors", 3, "code")`."""
        dotted = ".".join(str(part) for part in loc)
        text = f"{dotted}: {problem}" if dotted else problem
        return ConfigError(str(self.path), text, place=str(self.line(loc)), mend=mend)

    def errors(self, invalid: ValidationError) -> list[ConfigError]:
        """One error for each mistake that pydantic found."""
        return [
            self.error(e["loc"], e["msg"], _mend(e["type"]))
            for e in invalid.errors(include_url=False, include_input=False)
        ]


def read_yaml(path: Path) -> ConfigFile:
    """Read `path` (at most 10 MB). Raises ConfigError naming file and line."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ConfigError(str(path), "is larger than 10 MB", mend="is it the right file?")
        with path.open(encoding="utf-8") as stream:
            return ConfigFile(path, YAML(typ="rt").load(stream))
    except FileNotFoundError:
        mend = "start from the project's folder, or name the file"
        raise ConfigError(str(path), "no such file", mend=mend) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(str(path), f"cannot be read: {error}") from error
    except DuplicateKeyError as error:
        raise _marked(path, error, "remove one of the two") from error
    except MarkedYAMLError as error:
        raise _marked(path, error, "check indentation, colons and quotes") from error
    except (YAMLError, RecursionError) as error:
        raise ConfigError(str(path), f"not YAML: {error}") from error


def _marked(path: Path, error: MarkedYAMLError, mend: str) -> ConfigError:
    mark = error.problem_mark or error.context_mark
    place = str(mark.line + 1) if mark else ""
    problem = " ".join(str(error.problem or error.context or "not YAML").split())
    return ConfigError(str(path), problem, place=place, mend=mend)


def _mend(kind: str) -> str:
    if kind == "extra_forbidden":
        return "no such setting: see config/archwatch.yaml for all of them"
    if kind == "missing":
        return "add it"
    return ""
