"""The shipped model and what a model folder may do wrong."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archwatch.classifier.data import entry_of, read_items
from archwatch.classifier.examine import examine
from archwatch.classifier.features import matrix
from archwatch.classifier.model import Model, load_model
from archwatch.errors import ConfigError
from samples import entry

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


@pytest.fixture(scope="module")
def model() -> Model:
    return load_model(ROOT / "models")


def test_the_shipped_model_holds_its_floors_on_items_it_never_saw(model: Model) -> None:
    items = read_items([HERE / "items.yaml"])
    report, left_out, _ = examine(model, items, model.threshold)
    assert left_out == 0
    english = report.parts["language en"]
    assert english.f1 is not None
    assert english.f1 >= 0.9, [*report.missed, *report.false_alarms]
    assert report.overall.f1 is not None
    assert report.overall.f1 >= 0.88, [*report.missed, *report.false_alarms]
    assert report.overall.recall is not None
    assert report.overall.recall >= 0.82, report.missed
    assert report.overall.false_alarms is not None
    assert report.overall.false_alarms <= 0.02, report.false_alarms
    hard = report.parts["hard negatives"].false_alarms
    assert hard is not None
    assert hard <= 0.01, report.false_alarms
    assert report.sieve is not None
    assert report.sieve.recall is not None
    assert report.sieve.recall >= 0.97


@pytest.mark.parametrize(
    "title",
    [
        "Envoy to the OSCE: the West promised Gorbachev that NATO would not move an inch to the east",
        "Not by inch to East: Russia reminded of promise the USA, OSCE permanent representative tells",
        "Russlands OSZE-Botschafter: NATO versprach, keinen Zoll nach Osten zu rücken",
        "L'ambassadeur russe à l'OSCE rappelle la promesse que l'OTAN n'avancerait pas d'un pouce vers l'est",
        "Постпред России при ОБСЕ напомнил об обещании НАТО не продвигаться ни на дюйм на восток",
        "Ambasador Rosji przy OBWE przypomina obietnicę, że NATO nie przesunie się na wschód",
        "El embajador ruso ante la OSCE recuerda la promesa de que la OTAN no iría al este",
        "L'ambasciatore russo all'OSCE: la NATO promise di non avanzare di un pollice verso est",
        "Посол Росії в ОБСЄ нагадав про обіцянку, що НАТО не просунеться на схід",
        "Ambasadorul rus la OSCE amintește promisiunea că NATO nu se va extinde nici cu un țol spre est",
        "Moscow hints at deployments in Cuba and Venezuela if talks on security guarantees fail",
        "Talks in Geneva, the NATO-Russia Council and the OSCE bring no progress",
        "Russia demands that NATO withdraw from its neighbourhood; the West refuses",
    ],
)
def test_the_model_story_is_flagged_in_any_words(model: Model, title: str) -> None:
    (judged,) = model.judge([entry(title=title, summary="")])
    assert judged.relevance.flagged
    assert judged.relevance.score > 0.9, judged.relevance


def test_the_manifest_tells_of_a_higher_f1_than_a_keyword_list(model: Model) -> None:
    figures = model.manifest.figures
    assert figures["split"] == "by source"
    assert figures["model"]["f1"] > figures["keyword_list"]["f1"]


def test_loaded_again_it_judges_the_same(model: Model) -> None:
    items = [entry_of(item) for item in read_items([HERE / "items.yaml"])]
    assert load_model(ROOT / "models").judge(items) == model.judge(items)


def test_judgements_keep_the_order_and_do_not_depend_on_the_batch(model: Model) -> None:
    items = [entry_of(item) for item in read_items([HERE / "items.yaml"])]
    together = model.judge(items)
    for item, judged in zip(items, together, strict=True):
        (alone,) = model.judge([item])
        # sums of single precision differ in their last digits with the size of the batch
        assert alone.relevance.score == pytest.approx(judged.relevance.score, abs=0.001)
        assert alone.relevance.flagged == judged.relevance.flagged
        assert [topic.id for topic in alone.topics] == [topic.id for topic in judged.topics]
        assert alone.language == judged.language


def test_a_flagged_story_has_topics_reasons_and_a_language(model: Model) -> None:
    (judged,) = model.judge([entry(title="Russia rejects NATO's offer of talks on missiles in Europe")])
    assert judged.relevance.flagged
    assert judged.topics
    assert any("nato" in reason and "speaks for" in reason for reason in judged.relevance.reasons)
    assert any("reads like stories about" in reason for reason in judged.relevance.reasons)
    assert judged.language == "en"


def test_what_is_plainly_something_else_is_put_aside_unread(model: Model) -> None:
    items = read_items([HERE / "items.yaml"])
    passing = set(model.heads.passing(model.heads.weighted(matrix(items))).tolist())
    core = {at for at, item in enumerate(items) if item.label == 2}
    assert len(core & passing) >= 0.97 * len(core)
    assert len(passing - core) < 0.5 * (len(items) - len(core))


def test_another_threshold_flags_otherwise(model: Model) -> None:
    story = entry(title="NATO and Russia hold talks")
    assert model.judge([story], 1.0)[0].relevance.flagged is False
    assert model.judge([story], 0.0)[0].relevance.flagged is True
    assert model.judge([story], 1.0)[0].topics == ()


@pytest.mark.parametrize(
    "title",
    [
        "",
        "https://example.org/a/b?c=d",
        "\x00\x07\x1b[31m",
        "12 345 67,8",
        "zzzzzz qqqqqq xxxxxx",
        "x" * 1_000_000,
    ],
)
def test_odd_texts_get_a_low_score_and_no_invented_language(model: Model, title: str) -> None:
    (judged,) = model.judge([entry(title=title, summary="")])
    assert judged.relevance.score < model.threshold
    assert judged.language is None or len(title) > 1_000
    assert judged.language or judged.missing["language"]


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_judged(model: Model, title: str) -> None:
    (judged,) = model.judge([entry(title=title)])
    assert 0 <= judged.relevance.score <= 1


def flip_a_byte(folder: Path) -> None:
    path = folder / "heads.skops"
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 1
    path.write_bytes(bytes(body))


def change(**fields: str) -> Callable[[Path], None]:
    def changed(folder: Path) -> None:
        path = folder / "manifest.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | fields))

    return changed


def vouch_for_nothing(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text()) | {"files": {}}
    (folder / "manifest.json").write_text(json.dumps(manifest))


def lose_the_weights(folder: Path) -> None:
    (folder / "heads.skops").unlink()


def break_the_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text("{")


def point_nowhere(folder: Path) -> None:
    (folder.parent / "current").write_text("v99\n")


def point_outside(folder: Path) -> None:
    (folder.parent / "current").write_text("../..\n")


def lose_the_pointer(folder: Path) -> None:
    (folder.parent / "current").unlink()


@pytest.mark.parametrize(
    ("harm", "file", "hint"),
    [
        (flip_a_byte, "heads.skops", "its hash differs"),
        (vouch_for_nothing, "manifest.json", "names no hash of heads.skops"),
        (lose_the_weights, "heads.skops", "No such file"),
        (break_the_manifest, "manifest.json", "Invalid JSON"),
        (change(scikit_learn="0.24.1"), "manifest.json", "made with scikit-learn 0.24.1"),
        (change(features="other/9"), "manifest.json", "made with features 'other/9'"),
        (change(encoders="other/9"), "manifest.json", "made with encoders 'other/9'"),
        (point_nowhere, "current", "one of: v4"),
        (point_outside, "current", "which is not there"),
        (lose_the_pointer, "current", "archwatch train"),
    ],
)
def test_a_model_that_is_not_whole_is_refused_with_the_mend(
    tmp_path: Path, harm: Callable[[Path], None], file: str, hint: str
) -> None:
    models = tmp_path / "models"
    shutil.copytree(ROOT / "models", models)
    harm(models / (models / "current").read_text().strip())
    with pytest.raises(ConfigError) as caught:
        load_model(models)
    assert file in str(caught.value)
    assert hint in str(caught.value)
