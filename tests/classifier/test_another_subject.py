"""The code knows no subject: other seeds and labels make a model of something else."""

from dataclasses import replace
from pathlib import Path

from archwatch.classifier.data import entry_of, read_items
from archwatch.classifier.examine import examine
from archwatch.classifier.model import load_model
from archwatch.classifier.topics import untold
from archwatch.classifier.train import train
from samples import entry

SUPPLY = [
    "Pipeline shut after explosion: neighbours lose half of their gas",
    "Energy ministers quarrel over who gets gas from shared storage",
    "Grid operator asks factories to save electricity at peak hours",
    "Stromnetz: Betreiber bereitet sich auf Ausfall von zwei Kraftwerken vor",
]
ELSE = [
    "NATO and Russia resume talks on missiles in Europe",
    "Goalkeeper out for six weeks with broken finger",
    "City council votes for a new tram line",
    "Schauspielerin erhält Ehrenpreis für ihr Lebenswerk",
]


def test_a_model_of_energy_supply_flags_that_and_not_the_architecture(tmp_path: Path, root: Path) -> None:
    items = read_items([root / "seeds/another-subject/energy.yaml"])
    train(items, tmp_path, version="energy", seed=1, progress=lambda _step, _share: None)
    model = load_model(tmp_path)
    judged = model.judge([entry(title=title, summary="") for title in (*SUPPLY, *ELSE)])
    scores = [one.relevance.score for one in judged]
    assert min(scores[: len(SUPPLY)]) > max(scores[len(SUPPLY) :])
    assert [one.topics[0].id for one in judged[: len(SUPPLY)]] == ["gas", "gas", "grid", "grid"]
    assert model.judge([entry_of(items[0])])[0].relevance.flagged
    assert min(scores[: len(SUPPLY)]) - model.threshold > 0.1, "the threshold is amid the gap"
    assert model.threshold - max(scores[len(SUPPLY) :]) > 0.1
    (problem,) = untold(root / "config/topics.yaml", model.manifest.topics, model.version)
    assert "model energy gives topics not told here: gas, grid" in str(problem)
    other = replace(items[0], id="other", title="Stove explodes in a museum of gas lamps", topics=("stoves",))
    report, _, _ = examine(model, [other], model.threshold)
    assert report.unlearnt == ["stoves"]
