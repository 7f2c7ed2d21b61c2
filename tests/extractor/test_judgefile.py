"""A judge that does not fit is refused with the file and the mend."""

import json
import shutil
from pathlib import Path

import pytest

from archwatch.errors import ConfigError
from archwatch.extractor.judgefile import load_judge

MODELS = Path(__file__).parents[2] / "models/events"


@pytest.fixture
def models(tmp_path: Path) -> Path:
    version = (MODELS / "current").read_text(encoding="utf-8").strip()
    shutil.copytree(MODELS / version, tmp_path / version)
    shutil.copy(MODELS / "current", tmp_path / "current")
    return tmp_path


def folder(models: Path) -> Path:
    return models / (models / "current").read_text(encoding="utf-8").strip()


def test_a_judge_that_is_not_the_file_of_its_manifest_is_refused(models: Path) -> None:
    path = folder(models) / "judge.skops"
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(ConfigError, match="hash differs"):
        load_judge(models)


@pytest.mark.parametrize("name", ["features", "encoders", "scikit_learn"])
def test_a_judge_of_another_archwatch_is_refused(models: Path, name: str) -> None:
    path = folder(models) / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(manifest | {name: "0.1"}), encoding="utf-8")
    with pytest.raises(ConfigError, match=f"was made with {name} '0.1'"):
        load_judge(models)


def test_no_judge_at_all_names_the_pointer(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="current"):
        load_judge(tmp_path)
