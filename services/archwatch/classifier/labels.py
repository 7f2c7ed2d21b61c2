"""`python -m archwatch.classifier.labels LABELS DATA...`: kept labels, joined to the texts they are of.

LABELS is a file, or a folder of them, a file for each reading: an item on which two readers differ is
borderline, as the labelling guide says. What was picked because a model found it hard (any `why` but
`random`, or none told) is marked `chosen`, so that no threshold rests on it.

Labels are kept without texts, which belong to their publishers. Writes training items on standard
output; an id that no DATA file has is named on standard error, and the exit code is then 3.
"""

import gzip
import json
import sys
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from archwatch.errors import BadInput

Record = dict[str, Any]


def read_labels(path: Path) -> dict[str, Record]:
    """{id: {label, topics, chosen, kind?}} of a file or folder of labels.

    Raises BadInput naming file and line.
    """
    if path.is_dir():
        labels: dict[str, Record] = {}
        for reading in sorted(path.glob("*.jsonl")):
            for id_, read in read_labels(reading).items():
                earlier = labels.get(id_, read)
                topics = earlier["topics"] or read["topics"]
                same = earlier["label"] == read["label"]
                labels[id_] = earlier if same else earlier | {"label": 1, "topics": topics}
        return labels
    labels = {}
    for number, record in _records(path):
        if not isinstance(record.get("id"), str) or record.get("label") not in (0, 1, 2):
            raise BadInput(str(path), "wants an id and a label of 0, 1 or 2", place=str(number))
        labels[record["id"]] = {
            "label": record["label"],
            "topics": record.get("topics") or [],
            "chosen": record.get("why") != "random",
        }
        if record.get("kind"):
            labels[record["id"]]["kind"] = record["kind"]
    return labels


def joined(labels: dict[str, Record], data: Iterable[Path]) -> Iterator[Record]:
    """Each labelled item with its text, in the order of `data`, the first text of an id only."""
    wanted = dict(labels)
    for path in data:
        for _, record in _records(path):
            label = wanted.pop(str(record.get("id")), None)
            if label is not None:
                yield record | label


def main(arguments: Sequence[str]) -> int:
    """The command; returns its exit code."""
    if len(arguments) < 2:
        sys.stderr.write("usage: python -m archwatch.classifier.labels LABELS DATA... > items.jsonl\n")
        return 2
    try:
        labels = read_labels(Path(arguments[0]))
        found = set()
        for record in joined(labels, map(Path, arguments[1:])):
            found.add(record["id"])
            sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")
    except BadInput as bad:
        sys.stderr.write(f"{bad}\n")
        return 2
    for missing in labels.keys() - found:
        sys.stderr.write(f"{arguments[0]}: no text for id {missing} in the data given\n")
    return 3 if labels.keys() - found else 0


def _records(path: Path) -> Iterator[tuple[int, Record]]:
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            for number, line in enumerate(stream, start=1):
                record = json.loads(line)
                if not isinstance(record, dict):
                    raise BadInput(str(path), "is not an object", place=str(number))
                yield number, record
    except (OSError, EOFError, zlib.error) as error:
        raise BadInput(str(path), f"cannot be read: {error}", mend="name a file of JSON lines") from error
    except ValueError as error:
        raise BadInput(str(path), f"not JSON: {error}", mend="one JSON object a line") from error


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
