"""How well events and quotes are found: figures over scored cases. Pure.

An event is found when its type is one that gold accepts and one of its actors is right (`pairing`). Precision
is the share of coded events that find a partner so, recall the share of gold. `spurious`: coded events, of
100 texts, that no gold event accepts; `repeated`: those that tell again what another told.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from archwatch.contracts.event import Quote
from archwatch.extractor.gold import Case
from archwatch.extractor.pairing import Coded, Pair, paired, told
from archwatch.extractor.scoring_quotes import QuoteScore, score_quotes

COLUMNS: Final = (
    "on", "texts", "events", "coded", "precision", "recall", "F1",
    "type", "actor", "recipient", "modality", "spurious", "repeated",
)  # fmt: skip
GROUP_COLUMNS: Final = ("events", "found", "recall", "wrong", "read as")


@dataclass(frozen=True)
class Scored:
    """A case with its events paired. `quotes` None: gold has none."""

    case: Case
    pairs: tuple[Pair, ...]
    quotes: QuoteScore | None = None


@dataclass(frozen=True)
class Figures:
    """Of `texts` with `events` gold events not optional; None where nothing could be told.

    `type`: share right of the pairs with a right actor; `actor`: of those with a right type; `recipient`,
    `modality`: of those with both. `spurious`, `repeated`: a hundred texts.
    """

    texts: int
    events: int
    coded: int
    precision: float | None
    recall: float | None
    f1: float | None
    type: float | None
    actor: float | None
    recipient: float | None
    modality: float | None
    spurious: float | None
    repeated: float | None

    def row(self, name: str) -> tuple[str, ...]:
        """A row below COLUMNS."""
        return (name, *(_shown(value) for value in asdict(self).values()))


@dataclass(frozen=True)
class Group:
    """The gold events, not optional, of one type or modality: how many, how many `found`, and as what those
    were `read_as` that were paired but not so coded. `extra`: coded events so read that are no hit."""

    events: int
    found: int
    extra: int
    read_as: dict[str, int]

    def row(self, name: str) -> tuple[str, ...]:
        """A row below GROUP_COLUMNS."""
        recall = _shown(_share(self.found, self.events))
        confused = ", ".join(f"{other} {count}" for other, count in self.read_as.items())
        return (name, str(self.events), str(self.found), recall, str(self.extra), confused or "-")


def score(case: Case, coded: Iterable[Coded], quotes: Sequence[Quote] | None = None) -> Scored:
    """`quotes` None: this coder finds none, and is not judged on them."""
    found = None
    if case.quotes is not None and quotes is not None:
        maybe = [quote for quote in case.maybe if score_quotes([quote], quotes).matched]
        found = score_quotes([*case.quotes, *maybe], quotes)
    return Scored(case, tuple(paired(case.events, list(coded))), found)


def figures(scored: Sequence[Scored]) -> Figures:
    pairs = [pair for one in scored for pair in one.pairs]
    hits = [pair for pair in pairs if pair.hit]
    wanted = [pair for pair in pairs if pair.gold and not pair.gold.optional]
    coded = sum(pair.found is not None for pair in pairs)
    right = sum(pair.hit for pair in wanted)
    precision, recall = _share(len(hits), coded), _share(right, len(wanted))
    both = precision is not None and recall is not None and precision + recall > 0
    judged = [pair.recipient_right for pair in hits if pair.recipient_right is not None]
    repeats = [_repeats(one) for one in scored]
    return Figures(
        texts=len(scored),
        events=len(wanted),
        coded=coded,
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / (precision + recall) if both else None,  # type: ignore[operator]
        type=_share(len(hits), sum(pair.actor_right for pair in pairs)),
        actor=_share(len(hits), sum(pair.type_right for pair in pairs)),
        recipient=_share(sum(judged), len(judged)),
        modality=_share(sum(pair.modality_right for pair in hits), len(hits)),
        spurious=_share(100 * (coded - len(hits) - sum(repeats)), len(scored)),
        repeated=_share(100 * sum(repeats), len(scored)),
    )


def parts(scored: Sequence[Scored]) -> dict[str, Figures]:
    """Figures by language; {} where there is but one."""
    rows: defaultdict[str, list[Scored]] = defaultdict(list)
    for one in scored:
        rows[f"language {one.case.language or 'unknown'}"].append(one)
    return {name: figures(rows[name]) for name in sorted(rows)} if len(rows) > 1 else {}


def by_gold(
    scored: Sequence[Scored], name: Callable[[Pair], str], read: Callable[[Pair], str]
) -> dict[str, Group]:
    """The gold events by `name` of their pair, beside what the coded ones were `read` as."""
    pairs = [pair for one in scored for pair in one.pairs]
    rows: defaultdict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        if pair.gold and not pair.gold.optional:
            rows[name(pair)].append(pair)
    extra = Counter(read(pair) for pair in pairs if pair.found and not pair.hit)
    return {
        group: Group(
            events=len(rows[group]),
            found=sum(pair.hit for pair in rows[group]),
            extra=extra[group],
            read_as=dict(
                Counter(
                    read(pair) for pair in rows[group] if pair.found and read(pair) != group
                ).most_common()
            ),
        )
        for group in sorted(rows.keys() | extra.keys())
    }


def quote_figures(scored: Sequence[Scored]) -> QuoteScore | None:
    """The quotes of the cases whose gold has some; None where none has."""
    judged = [one.quotes for one in scored if one.quotes is not None]
    return sum(judged, QuoteScore()) if judged else None


def mistakes(scored: Sequence[Scored]) -> list[str]:
    """Each case that is not wholly right, with what was expected (-) and what was found (+)."""
    lines = []
    for one in scored:
        wrong = [line for pair in one.pairs for line in _wrong(pair)]
        if one.quotes and (one.quotes.matched < max(one.quotes.gold, one.quotes.found)):
            wrong.append(
                f"quotes: {one.quotes.gold} in gold, {one.quotes.found} found, {one.quotes.matched} the same"
            )
        if wrong:
            lines += [f"{one.case.id}: {one.case.headline}", *(f"    {line}" for line in wrong)]
    return lines


def _wrong(pair: Pair) -> list[str]:
    if pair.gold is None or pair.found is None:
        if pair.gold is None:
            return [f"+ {pair.found}"]
        return [] if pair.gold.optional else [f"- {told(pair.gold)}"]
    if pair.hit and pair.recipient_right is not False and pair.modality_right:
        return []
    return [f"- {told(pair.gold)}", f"+ {pair.found}"]


def _repeats(one: Scored) -> int:
    """Coded events left alone that a gold event already found would accept."""
    done = [pair.gold for pair in one.pairs if pair.hit]
    alone = [pair.found for pair in one.pairs if pair.found and not pair.hit]
    return sum(any(Pair(gold, found).hit for gold in done) for found in alone)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _shown(value: Any) -> str:
    return "-" if value is None else str(value) if isinstance(value, int) else f"{value:.3f}"
