"""Reads gold: files of JSON lines (also .gz) or a YAML list, a case each, or the YAML of a folder.

A case has `id`; `title`, `summary`, `text`, `published`, `language`; and `events` of `type` (or `event_type`:
one, or all that a reader would accept), `actors` and `recipients` (codes; "-" for a party without one),
`modality` (one, or all accepted) and `optional`. A case with `quotes` is judged on them too: `speaker` (a
code), `name` (words that name the speaker), `kind`, and `text`, or `start` and `end`; in short [speaker,
kind, beginning], perhaps with the name after. A first item `{defaults: {...}}` of a YAML list holds for all.
Gold without texts, which belong to their publishers, is joined to them by id, or by the id in `of`; `parts`
says which of title, summary and text were read, all unless told, and `chars` how much of each.
"""

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from archwatch.configfile import read_yaml
from archwatch.errors import BadInput
from archwatch.extractor.gold import BadGold, Case, case_of, has_text, text_id

MAX_LINE: Final = 20_000_000


def read_gold(path: Path, data: Sequence[Path] = ()) -> tuple[list[Case], list[BadInput]]:
    """The cases of `path` in order, and a mistake with file, line and mend for each that cannot be used.

    A case without any text takes that of its id in the files `data`; the first of an id counts. Raises
    BadInput when a file cannot be read at all.
    """
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    records = [(file, line, record) for file in files for line, record in _records(file)]
    wanted = {text_id(r) for _, _, r in records if isinstance(r, Mapping) and not has_text(r)}
    texts = _texts(wanted, data)
    cases: dict[str, Case] = {}
    failed: list[BadInput] = []
    for file, line, record in records:
        if isinstance(record, BadInput):
            failed.append(record)
            continue
        try:
            case = case_of(record, texts)
            if case.id in cases:
                raise BadGold(f"id {case.id!r} was given before", "give each case an id of its own")
        except BadGold as bad:
            failed.append(BadInput(str(file), bad.problem, place=str(line), mend=bad.mend))
            continue
        cases[case.id] = case
    return list(cases.values()), failed


def _texts(wanted: set[str], data: Sequence[Path]) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for path in data:
        for _, record in _records(path):
            if isinstance(record, BadInput):
                raise record
            if isinstance(record, Mapping) and (id_ := str(record.get("id"))) in wanted:
                found.setdefault(id_, record)
    return found


def _records(path: Path) -> Iterator[tuple[int, Any]]:
    """(line, record); in the place of a line that is no JSON, the error that says so."""
    if path.suffix in {".yaml", ".yml"}:
        yield from _yaml_records(path)
        return
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            for number, line in enumerate(iter(lambda: stream.readline(MAX_LINE), b""), start=1):
                if line.strip():
                    yield number, _parsed(path, number, line)
    except (OSError, EOFError, zlib.error) as error:
        mend = "name a file of JSON lines, or YAML"
        raise BadInput(str(path), f"cannot be read: {error}", mend=mend) from error


def _yaml_records(path: Path) -> Iterator[tuple[int, Any]]:
    file = read_yaml(path)
    if not isinstance(file.data, list):
        raise BadInput(str(path), "is not a list of cases", mend="start each case with `- id:`")
    defaults: Mapping[str, Any] = {}
    for position, record in enumerate(file.data):
        if isinstance(record, Mapping) and isinstance(record.get("defaults"), Mapping):
            defaults = record["defaults"]
        else:
            whole = {**defaults, **record} if isinstance(record, Mapping) else record
            yield file.line([position]), whole


def _parsed(path: Path, number: int, line: bytes) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        mend = "one JSON object a line, in UTF-8"
        return BadInput(str(path), f"not JSON: {error}", place=str(number), mend=mend)
