"""The files of words load; every mistake in them is named with file, line and mend."""

from pathlib import Path

import pytest

from archwatch.errors import ConfigError
from archwatch.extractor.foreign.grammar import load_languages
from archwatch.extractor.foreign.words import Words

CONFIG = Path(__file__).parents[3] / "config"
VERBS = "verbs:\n  REJECT:\n    '-': [non*]\n"


def test_every_language_of_the_gazetteer_has_its_words() -> None:
    grammars = load_languages(CONFIG / "languages")
    assert set(grammars) == {"de", "fr", "ru", "uk", "pl", "ro", "es", "it"}
    for grammar in grammars.values():
        assert grammar.saying
        assert (len(grammar.weekdays), len(grammar.months)) == (7, 12)
        assert grammar.offices


def test_no_folder_is_no_language(tmp_path: Path) -> None:
    assert load_languages(tmp_path / "languages") == {}


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("verbs:\n  SCOLD: {'-': [tadle*]}\n", 2, "unknown event type"),
        ("verbs:\n  REJECT:\n    softly: [nein*]\n", 3, "unknown mode"),
        ("verbs:\n  REJECT:\n    '-': ['lehn* ..']\n", 3, "no first or last word"),
        ("verbs:\n  REJECT:\n    '-': nein\n", 3, "no list of words"),
        ("verbs:\n  REJECT: [nein]\n", 2, "no mapping"),
        (VERBS + "sayings: [dit]\n", 4, "no such key"),
        (VERBS + "no: [nicht]\nsaying: [1]\n", 5, "no list of words"),
        (VERBS + "dates:\n  weekdays: [lundi, mardi]\n", 5, "has 2 names, not 7"),
        (VERBS + "dates:\n  feasts: [noël]\n", 5, "no such key"),
        ("saying: [dit]\n", 1, "without `verbs`"),
        ("- verbs\n", 1, "no mapping"),
        ("verbs: [\n", 2, "expected"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, line: int, problem: str) -> None:
    path = tmp_path / "languages" / "xx.yaml"
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(ConfigError, match=problem) as caught:
        load_languages(path.parent)
    assert (caught.value.source, caught.value.place) == (str(path), str(line))
    assert caught.value.mend


def test_words_by_beginning_end_and_middle() -> None:
    words = Words.of(["nein", "lehn*", "*treffen", "*sanktion*"])
    assert all(word in words for word in ("nein", "lehnte", "gipfeltreffen", "finanzsanktionen"))
    assert not any(word in words for word in ("neine", "ablehnen", "treffend", ""))
