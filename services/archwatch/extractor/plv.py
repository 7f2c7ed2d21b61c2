"""Sentences with the PLOVER type of one pair of parties, as in the PLV data of ZSP (Hu et al. 2024).

A table separated by tabs with the columns `sentence` and `gold_root`, and perhaps `source` and `target`. Our
coder is not told whose act is meant, so a sentence is right when its type is among those coded in it; events
a sentence say what that costs. CONCEDE and RETREAT are the YIELD of these data.
"""

import csv
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from archwatch.errors import BadInput
from archwatch.extractor.baseline import types_by_words
from archwatch.extractor.plover import TYPES

_ZSP: Final = {"CONCEDE": "YIELD", "RETREAT": "YIELD"}
_ROOTS: Final = frozenset(_ZSP.get(name, name) for name in TYPES)

Rows = list[tuple[str, ...]]


@dataclass(frozen=True)
class Sentence:
    """One row: the type between `source` and `target`, both "" when not told."""

    text: str
    root: str
    source: str = ""
    target: str = ""

    @property
    def masked(self) -> str:
        """With SOURCE and TARGET in the place of their names, where those are told."""
        text = self.text
        for mask, name in (("SOURCE", self.source), ("TARGET", self.target)):
            text = text.replace(name, f" {mask} ", 1) if name else text
        return text


@dataclass(frozen=True)
class Report:
    """`share`, `plain`: macro share of right sentences, ours and the baseline's; `events`: coded a sentence;
    `types`: pairs, our share and the baseline's."""

    pairs: int
    share: float
    events: float
    plain: float
    types: dict[str, tuple[int, float, float]]
    mistakes: list[str]

    @property
    def read(self) -> int:
        return self.pairs

    def tables(self) -> list[Rows]:
        plain = "TF-IDF and LinearSVC, told source and target"
        overall: Rows = [
            ("on", "pairs", "type among those coded (macro)", "events a sentence"),
            ("archwatch", str(self.pairs), f"{self.share:.3f}", f"{self.events:.2f}"),
            (plain, str(self.pairs), f"{self.plain:.3f}", "1.00"),
        ]
        rows: Rows = [
            (name, str(count), f"{ours:.3f}", f"{theirs:.3f}")
            for name, (count, ours, theirs) in self.types.items()
        ]
        return [overall, [("type", "pairs", "archwatch", "TF-IDF and LinearSVC"), *rows]]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def read_plv(path: Path) -> tuple[list[Sentence], list[BadInput]]:
    """The rows of `path`, and a mistake for each that cannot be used. Raises BadInput for the file itself."""
    found: list[Sentence] = []
    failed: list[BadInput] = []
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = csv.DictReader(stream, delimiter="\t")
            if missing := {"sentence", "gold_root"} - set(rows.fieldnames or ()):
                mend = "separate the columns by tabs"
                raise BadInput(str(path), f"has no column {min(missing)}", place="1", mend=mend)
            for row in rows:
                text, root = (row[name] or "" for name in ("sentence", "gold_root"))
                root = _ZSP.get(root, root)
                if text.strip() and root in _ROOTS:
                    found.append(Sentence(text, root, row.get("source") or "", row.get("target") or ""))
                    continue
                problem = f"gold_root {root!r} is no PLOVER type" if text.strip() else "has no sentence"
                mend = f"use one of {', '.join(sorted(_ROOTS))}"
                failed.append(BadInput(str(path), problem, place=str(rows.line_num), mend=mend))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadInput(str(path), f"cannot be read: {error}", mend="name a table in UTF-8") from error
    return found, failed


def examine_plv(sentences: Sequence[Sentence], code: Callable[[str], Collection[str]]) -> Report:
    """`code`: the types of the events in a text, one for each event."""
    coded = {text: code(text) for text in dict.fromkeys(one.text for one in sentences)}
    guesses = types_by_words(
        [one.masked for one in sentences], [one.root for one in sentences], [one.text for one in sentences]
    )
    rows: defaultdict[str, list[tuple[bool, bool]]] = defaultdict(list)
    wrong = []
    for one, guess in zip(sentences, guesses, strict=True):
        found = {_ZSP.get(name, name) for name in coded[one.text]}
        rows[one.root].append((one.root in found, one.root == guess))
        if one.root not in found:
            wrong.append(f"{one.root}, found {' '.join(sorted(found)) or 'nothing'}: {one.text[:200]}")
    types = {
        root: (
            len(right),
            sum(ours for ours, _ in right) / len(right),
            sum(theirs for _, theirs in right) / len(right),
        )
        for root, right in sorted(rows.items())
    }
    return Report(
        pairs=len(sentences),
        share=sum(ours for _, ours, _ in types.values()) / len(types),
        events=sum(map(len, coded.values())) / len(coded),
        plain=sum(theirs for _, _, theirs in types.values()) / len(types),
        types=types,
        mistakes=wrong,
    )
