"""Training: measured by source, reproducible, and clear about labels it cannot use."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archwatch.classifier.data import Item, entry_of, read_items
from archwatch.classifier.model import load_model
from archwatch.classifier.train import train
from archwatch.errors import BadInput

ACTS = ["rejects", "signs", "suspends", "proposes", "debates", "leaves"]
CORE = ["NATO {} treaty with Moscow on missiles", "Kremlin {} NATO plan for troops in Poland"]
NO = ["Club {} contract with goalkeeper", "Bank {} plan for new branch in the city"]


def labelled() -> list[Item]:
    items = []
    for source in ("one", "two", "three"):
        for number, act in enumerate(ACTS):
            for label, titles in ((2, CORE), (0, NO)):
                for at, title in enumerate(titles):
                    items.append(
                        Item(
                            id=f"{source}-{label}-{number}-{at}",
                            title=f"{title.format(act)} ({source})",
                            summary="",
                            text="",
                            label=2 if label else 0,
                            topics=("arms-control",) if label and not at else (),
                            language="en",
                            source=source,
                            group=source,
                        )
                    )
    return items


def quiet(_step: str, _share: float) -> None: ...


def test_a_model_is_written_measured_and_made_current(tmp_path: Path) -> None:
    steps: list[float] = []
    folder = train(
        labelled(), tmp_path, version="mine", seed=1, progress=lambda _, share: steps.append(share)
    )
    assert steps == sorted(steps)
    assert steps[-1] == 1.0
    model = load_model(tmp_path)
    assert model.version == "mine"
    assert model.manifest.trained_on["sources"] == {"one": 24, "three": 24, "two": 24}
    assert {path.name for path in folder.iterdir()} == {
        "MODEL_CARD.md",
        "heads.skops",
        "lessons.npz",
        "manifest.json",
        "precision-recall.png",
        "reliability.png",
    }
    card = (folder / "MODEL_CARD.md").read_text()
    assert "Split by source" in card
    assert "keyword list" in card


def test_a_model_taught_on_texts_without_title_reads_on_to_what_they_are_about(tmp_path: Path) -> None:
    """And so it reads what it judges, once it is loaded."""
    opening = "Our correspondents report from all parts of the country on what people talk about today. " * 8
    items = [
        replace(item, title="", text=f"{item.id} {opening}" + f"{item.title}. " * 8) for item in labelled()
    ]
    train(items, tmp_path, version="long", seed=1, progress=quiet)
    model = load_model(tmp_path)
    judged = model.judge([entry_of(item) for item in items])
    assert [judgement.relevance.flagged for judgement in judged] == [item.label == 2 for item in items]


def test_the_same_labels_and_seed_give_the_same_model(tmp_path: Path) -> None:
    entries = [entry_of(item) for item in labelled()]
    answers = []
    for name in ("a", "b"):
        train(labelled(), tmp_path / name, version="v", seed=1, progress=quiet)
        answers.append(load_model(tmp_path / name).judge(entries))
    assert answers[0] == answers[1]


def test_what_a_model_was_taught_teaches_the_next_beside_new_labels(tmp_path: Path) -> None:
    older = [item for item in labelled() if item.source != "three"]
    train(older, tmp_path / "ours", version="v", seed=1, progress=quiet)
    newer = [item for item in labelled() if item.source == "three"]
    ours = load_model(tmp_path / "ours").lessons
    train(newer, tmp_path / "both", version="v", seed=1, progress=quiet, onto=ours)
    train([*older, *newer], tmp_path / "whole", version="v", seed=1, progress=quiet)
    entries = [entry_of(item) for item in labelled()]
    both, whole = (load_model(tmp_path / name).judge(entries) for name in ("both", "whole"))
    assert both == whole


def test_what_a_model_was_taught_is_enough_to_train_it_anew(tmp_path: Path) -> None:
    train(labelled(), tmp_path / "ours", version="v", seed=1, progress=quiet)
    ours = load_model(tmp_path / "ours")
    train([], tmp_path / "anew", version="v", seed=1, progress=quiet, onto=ours.lessons)
    anew = load_model(tmp_path / "anew")
    entries = [entry_of(item) for item in labelled()]
    assert anew.judge(entries) == ours.judge(entries)
    assert anew.manifest.figures == ours.manifest.figures


def test_a_label_of_ones_own_goes_before_the_one_learnt_from(tmp_path: Path) -> None:
    train(labelled(), tmp_path / "ours", version="v", seed=1, progress=quiet)
    ours = load_model(tmp_path / "ours").lessons
    other = replace(labelled()[0], id="other", label=0, topics=())
    train([other], tmp_path / "mine", version="v", seed=1, progress=quiet, onto=ours)
    told = load_model(tmp_path / "mine").lessons.told
    assert len(told) == len(labelled())
    assert [lesson.label for lesson in told if lesson.digest == other.digest] == [0]


def test_one_story_given_many_times_is_one(tmp_path: Path) -> None:
    same = [replace(item, title="NATO signs treaty") if item.label == 2 else item for item in labelled()]
    with pytest.raises(BadInput, match=r"1 items with label 2 \(core\); .*that differ"):
        train(same, tmp_path, version="same", seed=1, progress=quiet)


def test_one_class_alone_is_refused(tmp_path: Path) -> None:
    only = [item for item in labelled() if item.label == 2]
    with pytest.raises(BadInput, match=r"0 items with label 0 \(no\); at least 5 are needed"):
        train(only, tmp_path, version="v", seed=1, progress=quiet)
    assert not list(tmp_path.iterdir())


def test_a_version_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "v").mkdir()
    with pytest.raises(BadInput, match="is there already"):
        train(labelled(), tmp_path, version="v", seed=1, progress=quiet)


@pytest.mark.parametrize(
    ("second", "hint"),
    [
        ({"label": 3}, "label 3 is not 0, 1 or 2"),
        ({"label": True}, "label True"),
        ({"label": "2"}, "label '2'"),
        ({"id": ""}, "has no id"),
        ({"id": "a"}, "was given before"),
        ({"title": " "}, "has no title, summary or text"),
        ({"topics": "nuclear"}, "not a list of topic ids"),
    ],
)
def test_a_bad_item_is_named_with_file_and_line(tmp_path: Path, second: dict[str, Any], hint: str) -> None:
    path = tmp_path / "labels.jsonl"
    good = {"id": "a", "title": "t", "label": 2}
    path.write_text(json.dumps(good) + "\n" + json.dumps(good | {"id": "b"} | second) + "\n")
    with pytest.raises(BadInput) as caught:
        read_items([path])
    assert str(caught.value).startswith(f"{path}:2: ")
    assert hint in str(caught.value)


def test_a_line_that_is_no_json_is_named(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text("{}{}\n")
    with pytest.raises(BadInput, match=r"labels\.jsonl:1: not JSON"):
        read_items([path])
