"""`python -m archwatch.extractor.teach GOLD_FOLDER DATA...`: the judge of events, learnt anew.

GOLD_FOLDER holds JSON lines of coded texts (see goldfile.py), ids and codes only; DATA the texts. Writes
models/events/VERSION with its card, and points `current` to it. Texts are read with the actors and verbs
of ./config.
"""

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import sklearn

from archwatch.errors import BadInput
from archwatch.extractor.gazetteer import Gazetteer
from archwatch.extractor.gold import Case
from archwatch.extractor.goldfile import read_gold
from archwatch.extractor.judgefile import save_judge
from archwatch.extractor.learn import Learnt, learn, read_lessons
from archwatch.extractor.lexicon import Lexicon
from archwatch.extractor.scoring import COLUMNS
from archwatch.extractor.weighing import SIGNS

MODELS: Final = Path("models/events")
CONFIG: Final = Path("config")


def main(arguments: Sequence[str]) -> int:
    """The command; returns its exit code."""
    if len(arguments) < 2:
        sys.stderr.write("usage: python -m archwatch.extractor.teach GOLD_FOLDER DATA...\n")
        return 2
    folder, data = Path(arguments[0]), [Path(name) for name in arguments[1:]]
    cases: list[Case] = []
    failed: list[BadInput] = []
    try:
        for path in sorted(folder.glob("*.jsonl")):
            read, bad = read_gold(path, data)
            cases += read
            failed += bad
        gazetteer, lexicon = Gazetteer.load(CONFIG / "actors.yaml"), Lexicon.load(CONFIG / "verbs.yaml")
        learnt = learn(read_lessons(cases, gazetteer, lexicon))
    except BadInput as bad_input:
        sys.stderr.write(f"{bad_input}\n")
        return 2
    version = f"{datetime.now(UTC):%Y-%m-%d}"
    figures = {name: asdict(found) for name, found in {"all": learnt.held_out, **learnt.outlets}.items()}
    made_of = trained_on(cases)
    written = save_judge(learnt.judge, MODELS, version, made_of, figures)
    (written / "MODEL_CARD.md").write_text(card(version, made_of, learnt), encoding="utf-8")
    for mistake in failed:
        sys.stderr.write(f"{mistake}\n")
    sys.stdout.write(f"{written} is now current: read its MODEL_CARD.md before you trust it\n")
    return 3 if failed else 0


def trained_on(cases: Sequence[Case]) -> dict[str, Any]:
    """What the manifest tells of the training data."""
    return {
        "cases": len(cases),
        "events": sum(len(case.events) for case in cases),
        "types": dict(sorted(Counter(event.types[0] for case in cases for event in case.events).items())),
        "outlets": dict(sorted(Counter(case.outlet for case in cases).items())),
    }


def card(version: str, made_of: dict[str, Any], learnt: Learnt) -> str:
    """The model card, in Markdown."""
    rows = {"all": learnt.held_out, **learnt.outlets}
    table = "\n".join(f"| {' | '.join(found.row(name))} |" for name, found in rows.items())
    types, outlets = (
        ", ".join(f"{name} {count}" for name, count in made_of[part].items()) for part in ("types", "outlets")
    )
    judge, library = learnt.judge, sklearn.__version__
    return f"""# Judge of events {version}

Says of a party in a headline or lead whether it does something there, and of which PLOVER type. Two
questions to support vector machines (scikit-learn {library}): does it act, and if so, how. They see the
words around the party with all parties masked, what the patterns of config/verbs.yaml made of it, and the
sense of the sentence and of the masked sentence (multilingual USE v3; e5-small). A logistic regression
weighs their answers beside those for the other parties of the sentence and what the patterns found.

## Made of

{made_of["cases"]} English headlines and sentences with {made_of["events"]} events, coded by reading once,
by several readers (sessions of a language model, after one guide); ids and codes are in
models/events/labels, no text. Types, the first that each event accepts: {types}.
Outlets: {outlets}.

## Measured

By outlet held out: each headline is judged by machines that saw nothing of its outlet. The {SIGNS} weights
and the threshold ({judge.sure}: the best F1 with at most 22 events in a hundred headlines that no reader
would accept) were chosen on the same verdicts, which flatters a little. An event is found when its type is
one that a reader would accept and one of its actors is right.

| {" | ".join(COLUMNS)} |
|{" --- |" * len(COLUMNS)}
{table}

135 further headlines, mostly of other outlets, were coded by another reader and not looked at while the coder
was made: `archwatch evaluate events tests/gold/headlines-unseen.jsonl DATA`.

## Limits

- English only; other languages are coded by patterns alone.
- Readers differ on what is a mere statement, and so does the judge.
- The sign of who bears an act and the limit of events too many were chosen with tests/gold in view.
- What the patterns made of a party is one of its signs: after a large change of config/verbs.yaml, learn it
  anew.
- `confidence` is calibrated on the same mix of headlines.
"""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
