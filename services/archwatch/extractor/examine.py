"""Measures the coder on gold, beside a plain one in the same run."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from archwatch.errors import BadInput
from archwatch.extractor import plv
from archwatch.extractor.baseline import first_verb
from archwatch.extractor.extract import Coder, Extraction, extract
from archwatch.extractor.gold import Case
from archwatch.extractor.goldfile import read_gold
from archwatch.extractor.pairing import Coded, Pair
from archwatch.extractor.scoring import (
    COLUMNS,
    GROUP_COLUMNS,
    Figures,
    Group,
    Scored,
    by_gold,
    figures,
    mistakes,
    parts,
    quote_figures,
    score,
)
from archwatch.extractor.scoring_quotes import QuoteScore

Rows = list[tuple[str, ...]]


@dataclass(frozen=True)
class Report:
    """`plain`: the plain coder on the same cases. `types`, `modalities`: the gold events of each."""

    coder: Figures
    plain: Figures
    parts: dict[str, Figures]
    types: dict[str, Group]
    modalities: dict[str, Group]
    quotes: QuoteScore | None
    mistakes: list[str]

    @property
    def read(self) -> int:
        return self.coder.texts

    def tables(self) -> list[Rows]:
        """Each a header and its rows."""
        named = {"archwatch": self.coder, "first verb, first two parties": self.plain, **self.parts}
        found = [
            [COLUMNS, *(row.row(name) for name, row in named.items())],
        ]
        for title, groups in (("type", self.types), ("modality", self.modalities)):
            found.append([(title, *GROUP_COLUMNS), *(group.row(name) for name, group in groups.items())])
        if self.quotes is not None:
            score = self.quotes
            shares = (score.precision, score.recall, score.f1, score.speaker_right)
            row = (str(score.gold), str(score.found), *(f"{share:.3f}" for share in shares))
            found.append(
                [("quotes", "in gold", "found", "precision", "recall", "F1", "speaker"), ("archwatch", *row)]
            )
        return found

    def as_dict(self) -> dict[str, Any]:
        quotes = self.quotes and {
            "gold": self.quotes.gold,
            "found": self.quotes.found,
            "precision": self.quotes.precision,
            "recall": self.quotes.recall,
            "f1": self.quotes.f1,
            "speaker": self.quotes.speaker_right,
        }
        return asdict(self) | {"quotes": quotes}


def examine_file(
    path: Path, data: Sequence[Path], coder: Coder, detect: Callable[[str], str | None]
) -> tuple[Report | plv.Report, list[BadInput]]:
    """Measures on a file of gold, or on a PLV table (.tsv); and tells the cases that cannot be used.

    `detect`: the language of a text whose gold tells none. Raises BadInput when no case can be used.
    """

    def code(case: Case) -> Extraction:
        return extract(
            case.title,
            case.summary,
            case.text,
            published_at=case.published_at,
            language=case.language or detect(case.reading),
            coder=coder,
        )

    def plainly(case: Case) -> list[Coded]:
        return first_verb(case.reading, coder, published_at=case.published_at)

    def types(text: str) -> list[str]:
        found = extract("", text=text, published_at=None, language="en", coder=coder)
        return [event.event_type for event in found.events]

    if path.suffix == ".tsv":
        sentences, failed = plv.read_plv(path)
        if sentences:
            return plv.examine_plv(sentences, types), failed
    else:
        cases, failed = read_gold(path, data)
        if cases:
            return examine(cases, code, plainly), failed
    raise failed[0] if failed else BadInput(str(path), "holds no case", mend="see the files in tests/gold")


def examine(
    cases: Sequence[Case],
    code: Callable[[Case], Extraction],
    plainly: Callable[[Case], Iterable[Coded]],
) -> Report:
    """`code`: the coder; `plainly`: what it is to beat."""
    scored: list[Scored] = []
    for case in cases:
        found = code(case)
        scored.append(score(case, map(Coded.of, found.events), found.quotes))
    return Report(
        coder=figures(scored),
        plain=figures([score(case, plainly(case)) for case in cases]),
        parts=parts(scored),
        types=by_gold(scored, _gold_type, lambda pair: pair.found.type if pair.found else ""),
        modalities=by_gold(scored, _gold_modality, lambda pair: pair.found.modality if pair.found else ""),
        quotes=quote_figures(scored),
        mistakes=mistakes(scored),
    )


def _gold_type(pair: Pair) -> str:
    """The accepted type that was found; else the first that gold names."""
    assert pair.gold is not None
    return pair.found.type if pair.found and pair.found.type in pair.gold.types else pair.gold.types[0]


def _gold_modality(pair: Pair) -> str:
    assert pair.gold is not None
    accepted = pair.gold.modality or ("asserted",)
    return pair.found.modality if pair.found and pair.found.modality in accepted else accepted[0]
