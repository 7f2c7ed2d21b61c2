"""The shipped actors and verbs load; every mistake in them is named with file, line and mend."""

from pathlib import Path

import pytest

from archwatch.errors import ConfigError
from archwatch.extractor.actorfile import load_actors
from archwatch.extractor.lexicon import Lexicon

ROOT = Path(__file__).parents[2]
STATE = (
    'states:\n  RUS:\n    name: Russia\n    people:\n      Vladimir Putin: {offices: ["president 2012-"]}\n'
)


def test_the_shipped_actors_cover_europe_and_its_neighbours() -> None:
    actors = load_actors(ROOT / "config/actors.yaml")
    wanted = (
        "ALB AND ARM AUT AZE BEL BGR BIH BLR CAN CHE CHN CYP CZE DEU DNK ESP EST FIN FRA GBR GEO GRC HRV HUN"
    )
    wanted += (
        " IRL ISL ITA KAZ KGZ LIE LTU LUX LVA MCO MDA MKD MLT MNE NATO NLD NOR OSCE POL PRT ROU RUS SMR SRB"
    )
    wanted += " SUN SVK SVN SWE TJK TKM TUR UKR UN USA UZB VAT WEST XKX EU CSTO CIS COE G7 WPO"
    assert set(wanted.split()) <= set(actors.names)


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        (STATE + "  ru:\n    name: Other\n", 6, "no ISO 3166-1"),
        (STATE + "  UKR:\n    name: Russia\n", 7, "names UKR here and RUS in line 3"),
        (STATE + "  UKR:\n    names: [Ukraine]\n", 6, "has no name"),
        (STATE + "  UKR:\n    name: Ukraine\n    capitol: [Kyiv]\n", 8, "unknown key `capitol`"),
        (STATE + "  UKR:\n    name: Ukraine\n    names: Ukraina\n", 8, "no list of words"),
        (STATE.replace("2012-", "2012-2008"), 5, "reversed"),
        (STATE + "organisations:\n  NATO: {name: NATO, kind: club}\n", 7, "unknown kind `club`"),
        (STATE + "ambiguous:\n  - {form: West, means: OZ, reason: x}\n", 7, "no actor of this file"),
        (STATE + "  FRA:\n    name: France\n    in: {xx: [Francia]}\n", 8, "unknown language `xx`"),
        (STATE + "planets: {}\n", 6, "unknown key `planets`"),
        (STATE + "  RUS:\n    name: Russia\n", 6, "stands twice, first in line 2"),
        (STATE + "  SUN:\n    name: USSR\n    ended: soon\n", 8, "no year"),
        (STATE + "organisations:\n  EU: {name: EU, kind: bloc, members: [ZZZ]}\n", 7, "unknown member ZZZ"),
        (STATE + "anaphors:\n  the bloc: [EU]\n", 7, "no actor of this file"),
        (STATE + "checked: soon\n", 6, "no month"),
        (STATE + "towns:\n  France: [Lyon]\n", 7, "no ISO 3166-1"),
        (STATE + "  FRA:\n    name: France\n    people: [Macron]\n", 8, "no mapping"),
        (STATE.replace("{offices", "{office"), 5, "unknown key `office`"),
        ("states: [\n", 2, "no YAML"),
        ("", 1, "empty"),
    ],
)
def test_a_mistake_in_the_actors_is_named(tmp_path: Path, text: str, line: int, problem: str) -> None:
    path = tmp_path / "actors.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=problem) as caught:
        load_actors(path)
    assert (caught.value.source, caught.value.place) == (str(path), str(line))
    assert caught.value.mend


def test_words_that_yaml_takes_for_something_else_stay_words(tmp_path: Path) -> None:
    path = tmp_path / "actors.yaml"
    path.write_text("states:\n  NOR:\n    name: Norway\n    names: [NO, 1905, yes]\n")
    assert {"NO", "1905", "yes"} <= {form.text for form in load_actors(path).forms}


def test_the_names_of_states_in_other_languages_come_from_cldr(tmp_path: Path) -> None:
    path = tmp_path / "actors.yaml"
    path.write_text(STATE + "  XKX: {name: Kosovo}\n  SUN: {name: Soviet Union, ended: 1991}\n")
    forms = [(form.text, form.language) for form in load_actors(path).forms if form.sense.code == "RUS"]
    assert {("Russland", "de"), ("Russie", "fr"), ("Росси", "ru"), ("Rosj", "pl"), ("Rusya", "tr")} <= set(
        forms
    )


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    for load in (load_actors, Lexicon.load):
        with pytest.raises(ConfigError, match="cannot be read"):
            load(tmp_path / "none.yaml")


VERBS = "forces: [troops]\nnouns: {}\nstances: {}\nnone: []\nsaying: [say]\nplain: [be]\nverbs:\n"


@pytest.mark.parametrize(
    ("verbs", "line", "problem"),
    [
        ("  SCOLD: {'-': [scold]}\n", 8, "unknown event type"),
        ("  REJECT:\n    softly: [refuse]\n", 9, "has no mode `softly`"),
        ("  REJECT:\n    '-': ['turn ..']\n", 9, "no first or last word"),
        ("  REJECT:\n    '-': ['a war games|b', 'x big games|war games']\n", 9, "alternative of two words"),
    ],
)
def test_a_mistake_in_the_verbs_is_named(tmp_path: Path, verbs: str, line: int, problem: str) -> None:
    path = tmp_path / "verbs.yaml"
    path.write_text(VERBS + verbs.replace("big games|war", "big|games war|small"))
    with pytest.raises(ConfigError, match=problem) as caught:
        Lexicon.load(path)
    assert caught.value.place == str(line)
