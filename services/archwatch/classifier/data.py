"""Labelled items from JSON lines or YAML, for training and measuring."""

import gzip
import hashlib
import json
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, cast

from archwatch.configfile import read_yaml
from archwatch.contracts.entry import Entry
from archwatch.errors import BadInput

Label = Literal[0, 1, 2]
MAX_LINE: Final = 20_000_000
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_MEND_LABEL: Final = "2 core, 1 borderline, 0 no: see the labelling guide"


@dataclass(frozen=True)
class Item:
    """A story with what a reader said of it. `group` is what it came from: never split in training.

    `chosen`: picked for being hard, so that it teaches, but is no measure of a day's news. `year`: of
    publication, where one is stated. `kind`: of an item labelled 0 that is easily mistaken, what it is
    about (`it-security`, `finance`, `sport`, `other-regions`), so that false alarms can be told apart.
    """

    id: str
    title: str
    summary: str
    text: str
    label: Label
    topics: tuple[str, ...]
    language: str | None
    source: str
    group: str
    chosen: bool = False
    year: int | None = None
    kind: str | None = None

    @property
    def digest(self) -> str:
        """The same for the same headline from two outlets, whatever its spelling of dashes and capitals."""
        words = self.title or self.summary or self.text
        letters = "".join(char for char in words.casefold() if char.isalnum())[:80]
        return hashlib.sha256(letters.encode()).hexdigest()[:16]


def read_items(paths: Sequence[Path], topics: frozenset[str] | None = None) -> list[Item]:
    """The items of `paths` (.jsonl, .jsonl.gz, .yaml), in order.

    `topics` None allows any. Raises BadInput naming file, line and mend at the first bad item.
    """
    items: list[Item] = []
    seen: dict[str, str] = {}
    for path in paths:
        for line, record in _records(path):
            item = _item(path, line, record, topics)
            if item.id in seen:
                problem = f"id {item.id!r} was given before, at {seen[item.id]}"
                raise BadInput(str(path), problem, place=str(line), mend="give each item an id of its own")
            seen[item.id] = f"{path}:{line}"
            items.append(item)
    return items


def entry_of(item: Item) -> Entry:
    """The item as the classifier meets it."""
    return Entry(
        id=item.id,
        feed=f"data:{item.group}",
        source=item.source,
        title=item.title,
        summary=item.summary,
        text=item.text,
        fetched_at=datetime.fromtimestamp(0, UTC),
    )


def _records(path: Path) -> Iterator[tuple[int, Any]]:
    if path.suffix in {".yaml", ".yml"}:
        file = read_yaml(path)
        if not isinstance(file.data, list):
            raise BadInput(str(path), "is not a list of items", mend="start each item with `- id:`")
        yield from ((file.line([position]), record) for position, record in enumerate(file.data))
        return
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            for number, line in enumerate(iter(lambda: stream.readline(MAX_LINE + 1), b""), start=1):
                if line.strip():
                    yield number, _parsed(path, number, line)
    except (OSError, EOFError, zlib.error) as error:
        raise BadInput(str(path), f"cannot be read: {error}", mend="name a file of JSON lines") from error


def _parsed(path: Path, number: int, line: bytes) -> object:
    if len(line) > MAX_LINE:
        raise BadInput(str(path), "a line over 20 MB", place=str(number), mend="one item a line")
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        mend = "one JSON object a line, in UTF-8"
        raise BadInput(str(path), f"not JSON: {error}", place=str(number), mend=mend) from error


def _item(path: Path, line: int, record: object, known: frozenset[str] | None) -> Item:
    def bad(problem: str, mend: str) -> BadInput:
        return BadInput(str(path), problem, place=str(line), mend=mend)

    if not isinstance(record, Mapping):
        raise bad(f"is {type(record).__name__}, not an object", "write {id, title, label, ...}")
    texts = {name: record.get(name) or "" for name in ("id", "title", "summary", "text", "source", "dataset")}
    for name, value in texts.items():
        if not isinstance(value, str | int):
            raise bad(f"{name} is {type(value).__name__}, not a text", "put it in quotes")
    texts = {name: str(value) for name, value in texts.items()}
    if not texts["id"]:
        raise bad("has no id", "add one that no other item has")
    if not (texts["title"] + texts["summary"] + texts["text"]).strip():
        raise bad("has no title, summary or text", "add a title")
    label = record.get("label")
    if label not in (0, 1, 2) or isinstance(label, bool):
        raise bad(f"label {label!r} is not 0, 1 or 2", _MEND_LABEL)
    topics = record.get("topics") or ()
    if isinstance(topics, str) or not all(isinstance(topic, str) for topic in topics):
        raise bad(f"topics {topics!r} is not a list of topic ids", "e.g. [enlargement, dialogue]")
    unknown = sorted(set(topics) - known) if known is not None else []
    if unknown:
        raise bad(f"unknown topic {unknown[0]!r}", f"known are {', '.join(sorted(known or ()))}")
    language, kind = record.get("language"), record.get("kind")
    return Item(
        id=texts["id"],
        title=texts["title"],
        summary=texts["summary"],
        text=texts["text"],
        label=cast(Label, label),
        topics=tuple(topics),
        language=language if isinstance(language, str) else None,
        source=texts["source"] or "unknown",
        group=texts["dataset"]
        or (path.stem if path.suffix in {".yaml", ".yml"} else texts["source"] or path.stem),
        chosen=record.get("chosen") is True,
        year=int(stated.group()) if (stated := _YEAR.search(str(record.get("published") or ""))) else None,
        kind=kind if isinstance(kind, str) and label == 0 else None,
    )
