"""`archwatch evaluate events`: what it prints, how it ends, and that `evaluate DATA...` is as it was."""

import json
from pathlib import Path

from commands import ROOT, archwatch

GOLD = [
    {"id": "a", "title": "Russia rejects NATO proposal", "published": "2022-01-14", "events": [
        {"event_type": ["REJECT"], "actors": ["RUS"], "recipients": ["NATO"], "modality": []}]},
    {"id": "b", "title": "Poland condemns Belarus over the border", "events": [
        {"event_type": ["AID"], "actors": ["POL"], "recipients": ["BLR"], "modality": []}]},
]  # fmt: skip


def write(path: Path, *items: object) -> Path:
    path.write_text(
        "".join(f"{item if isinstance(item, str) else json.dumps(item)}\n" for item in items),
        encoding="utf-8",
    )
    return path


def test_events_are_measured_beside_a_plain_coder_and_mistakes_are_shown(tmp_path: Path) -> None:
    ended = archwatch("evaluate", "events", write(tmp_path / "gold.jsonl", *GOLD), "--mistakes")
    assert ended.code == 0, ended.err
    for shown in ("archwatch", "first verb, first two parties", "spurious", "read as"):
        assert shown in ended.out
    assert "b: Poland condemns Belarus over the border" in ended.out
    assert "- AID POL -> BLR (asserted)" in ended.out
    assert "+ ACCUSE POL -> BLR (asserted)" in ended.out


def test_bad_gold_is_named_and_the_rest_is_measured(tmp_path: Path) -> None:
    gold = write(tmp_path / "gold.jsonl", GOLD[0], "not json", {"id": "c", "events": []})
    ended = archwatch("evaluate", "events", gold, "--json")
    assert ended.code == 3
    assert f"{gold}:2: not JSON" in ended.err
    assert f"{gold}:3: no text for id c" in ended.err
    assert "2 of 3 cases failed" in ended.err
    assert json.loads(ended.out)["coder"]["f1"] == 1.0


def test_gold_of_ids_is_joined_to_data(tmp_path: Path) -> None:
    gold = write(tmp_path / "gold.jsonl", {"id": "a", "events": GOLD[0]["events"]})
    ended = archwatch("evaluate", "events", gold, write(tmp_path / "data.jsonl", *GOLD), "--json")
    assert ended.code == 0, ended.err
    assert json.loads(ended.out)["coder"]["recall"] == 1.0


def test_a_table_of_pairs_is_measured_by_type(tmp_path: Path) -> None:
    verbs = {"ACCUSE": "condemned", "REJECT": "rejected", "SUPPORT": "praised"}
    rows = [
        f"Poland {verb} Belarus on day {day}.\t{root}" for day in range(5) for root, verb in verbs.items()
    ]
    ended = archwatch(
        "evaluate", "events", write(tmp_path / "plv.tsv", "sentence\tgold_root", *rows), "--json"
    )
    assert ended.code == 0, ended.err
    figures = json.loads(ended.out)
    assert (figures["pairs"], figures["share"], figures["events"]) == (15, 1.0, 1.0)


def test_a_file_called_like_a_command_is_still_reached(tmp_path: Path) -> None:
    (tmp_path / "events").write_bytes((ROOT / "tests/classifier/items.yaml").read_bytes())
    for name in ("events", "relevance"):
        ended = archwatch("evaluate", name)
        assert ended.code == 2
        assert "Missing argument" in ended.err
    ended = archwatch("evaluate", "--json", tmp_path / "events")
    assert ended.code == 2
    assert f"{tmp_path / 'events'}" in ended.err, "it is taken for a file of items, and is no JSON lines"
