"""The commands as a user meets them: what they print, and how they end."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from archwatch.cli.app import app
from commands import ROOT, archwatch, write_config

COMMANDS = [
    "run",
    "scheduler",
    "classifier",
    "extractor",
    "alerter",
    "entries",
    "classify",
    "extract",
    "replay",
    "tail",
    "train",
    "evaluate",
    "evaluate events",
    "feeds",
    "feeds list",
    "feeds check",
    "feeds import",
    "feeds export",
    "stories list",
    "stories show",
    "dead-letters",
    "dead-letters list",
    "dead-letters show",
    "dead-letters retry",
    "reset",
    "config check",
]
ITEMS = [
    {"id": "a", "title": "Russia rejects NATO's offer of talks about missiles in Geneva", "source": "Wire"},
    {"id": "b", "title": "Goalkeeper saves penalty in the last minute", "unknown": [1, {"x": None}]},
    {"id": "c", "title": "NATO und Russland beginnen Gespräche in Wien", "language": "de"},
]


def lines(*items: object) -> str:
    return "".join(f"{item if isinstance(item, str) else json.dumps(item)}\n" for item in items)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_teaches(command: str) -> None:
    ended = CliRunner().invoke(app, [*command.split(), "--help"])
    assert ended.exit_code == 0
    assert "Usage:" in ended.stdout
    assert len(ended.stdout.splitlines()) > 8


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["fly"], "No such command"),
        (["run", "--sideways"], "No such option"),
        (["replay"], "Missing argument"),
        (["classify", "/nowhere.jsonl"], "/nowhere.jsonl: No such file"),
        (["classify", "--config", "/nowhere.yaml"], "/nowhere.yaml: no such file"),
        (["classify", "--model", "/nowhere"], "/nowhere"),
        (["train", "/nowhere.jsonl", "--out", "/tmp/x"], "/nowhere.jsonl"),
    ],
)
def test_wrong_usage_is_named_and_ends_with_2(arguments: list[str], hint: str) -> None:
    ended = archwatch(*arguments)
    assert ended.code == 2
    assert hint in ended.err
    assert "Traceback" not in ended.err


def test_completion_is_offered_for_the_shell() -> None:
    ended = archwatch("--show-completion", "bash", env={"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"})
    assert ended.code == 0
    assert "_ARCHWATCH_COMPLETE" in ended.out


def test_classify_answers_each_line_in_its_place() -> None:
    ended = archwatch("classify", stdin=lines(ITEMS[0], "not json", ITEMS[1], {"title": "no id"}, ITEMS[2]))
    assert ended.code == 3
    first, second, third, fourth, fifth = ended.records
    assert [r.get("id") for r in ended.records] == ["a", None, "b", None, "c"]
    assert first["relevance"]["flagged"]
    assert not third["relevance"]["flagged"]
    assert set(first["relevance"]) >= {"score", "flagged", "threshold", "model", "reasons"}
    assert all(set(topic) == {"id", "score"} for topic in first["topics"])
    assert fifth["language"] == "de"
    assert "standard input:2" in second["error"]
    assert "standard input:4" in fourth["error"]
    assert ended.err.count("standard input:") == 2


def test_classify_of_good_lines_ends_with_0() -> None:
    ended = archwatch("classify", "-", stdin=lines(*ITEMS))
    assert (ended.code, len(ended.records), ended.err) == (0, 3, "")


def test_extract_says_who_did_what_to_whom() -> None:
    ended = archwatch("extract", stdin=lines(ITEMS[0]))
    (record,) = ended.records
    assert ended.code == 0
    assert {"id", "events", "quotes", "places", "mentions", "reason"} <= set(record)
    (event,) = record["events"]
    assert event["event_type"] == "REJECT"
    assert [actor["code"] for actor in event["actors"]] == ["RUS"]
    assert "NATO" in [recipient["code"] for recipient in event["recipients"]]
    start, end = event["actors"][0]["start"], event["actors"][0]["end"]
    assert ITEMS[0]["title"][start:end] == event["actors"][0]["text"]  # type: ignore[index]


def test_extract_says_why_there_is_nothing() -> None:
    (record,) = archwatch("extract", stdin=lines(ITEMS[1])).records
    assert record["events"] == []
    assert record["reason"]


def test_gzipped_items_are_read(tmp_path: Path) -> None:
    import gzip

    path = tmp_path / "items.jsonl.gz"
    path.write_bytes(gzip.compress(lines(*ITEMS).encode()))
    assert len(archwatch("classify", path).records) == 3
    whole = path.read_bytes()
    for broken in (whole[:-9], whole[:12] + b"\xff" * 40 + whole[52:]):
        path.write_bytes(broken)
        ended = archwatch("classify", path)
        assert ended.code == 2
        assert "broken gzip" in ended.err


def test_a_line_beyond_all_bounds_is_refused_and_the_next_is_read(tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl"
    path.write_text(lines({"id": "huge", "title": "x" * 3_000_000}, ITEMS[1]))
    ended = archwatch("classify", path)
    assert ended.code == 3
    assert "longer than 2,000,000 bytes" in ended.err
    assert [record.get("id") for record in ended.records] == [None, "b"]


def test_entries_of_a_file_and_what_is_no_feed(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<!doctype html><html><body>Hello</body></html>")
    ended = archwatch("entries", ROOT / "seeds/feed.xml", tmp_path / "page.html", tmp_path / "none.xml")
    assert ended.code == 3
    assert len(ended.records) > 30
    assert {"id", "feed", "title", "published_at", "fetched_at", "missing"} <= set(ended.records[0])
    assert f"{tmp_path}/page.html: not_a_feed" in ended.err
    assert f"{tmp_path}/none.xml: file_error" in ended.err
    assert "2 of 3 sources failed" in ended.err


def test_a_private_address_is_not_fetched() -> None:
    ended = archwatch("entries", "http://127.0.0.1:9/feed")
    assert ended.code == 3
    assert "blocked_address" in ended.err


def test_the_shipped_config_has_no_mistakes() -> None:
    ended = archwatch("config", "check")
    assert (ended.code, ended.err) == (0, "")
    assert "no mistakes" in ended.out


def test_every_mistake_in_config_is_named_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "alerts.yaml").write_text(
        "rules:\n  - name: r\n    severity: loud\n    meaning: A good reason.\n"
    )
    config = write_config(tmp_path, [], alerter={"rules": "alerts.yaml"})
    (tmp_path / "feeds.opml").write_text(
        '<opml version="2.0"><body>\n<outline text="no url" type="rss"/>\n'
        '<outline text="ok" xmlUrl="https://example.org/feed"/>\n</body></opml>'
    )
    ended = archwatch("config", "check", "--config", config)
    assert ended.code == 2
    assert f"{tmp_path}/feeds.opml:2: " in ended.err
    assert f"{tmp_path}/alerts.yaml:3: " in ended.err
    assert len(ended.err.splitlines()) == 2


def test_a_setting_out_of_range_ends_with_2(tmp_path: Path) -> None:
    config = write_config(tmp_path, [], polling={"workers": 0})
    ended = archwatch("run", "--once", "--config", config, "--state", tmp_path / "state")
    assert ended.code == 2
    assert "polling.workers" in ended.err


def test_feeds_go_out_and_in_again(tmp_path: Path) -> None:
    config = write_config(tmp_path, ["https://example.org/one", "https://example.org/two"])
    out = archwatch("feeds", "export", tmp_path / "out.opml", "--config", config)
    assert out.code == 0
    other = tmp_path / "other"
    other.mkdir()
    theirs = write_config(other, ["https://example.org/two", "https://example.org/three"])
    into = archwatch("feeds", "import", tmp_path / "out.opml", "--config", theirs)
    assert into.code == 0
    assert "added 1 feeds, 1 were there already" in into.err
    listed = archwatch("feeds", "export", "--config", theirs).out
    assert all(f"https://example.org/{name}" in listed for name in ("one", "two", "three"))


def test_feeds_are_tried_and_the_failed_are_named(tmp_path: Path) -> None:
    config = write_config(tmp_path, [f"file:{ROOT}/seeds/feed.xml", "file:/nowhere/feed.xml"])
    ended = archwatch("feeds", "check", "--config", config)
    assert ended.code == 3
    assert "1 file error" in ended.out
    assert "1 ok" in ended.out
    assert "file:/nowhere/feed.xml" in ended.err


def test_a_model_is_not_measured_on_what_it_was_trained_on(tmp_path: Path) -> None:
    ended = archwatch("evaluate", ROOT / "seeds/stories.yaml")
    assert ended.code == 2
    assert "trained on all of them" in ended.err
    mixed = archwatch("evaluate", ROOT / "seeds/stories.yaml", ROOT / "tests/classifier/items.yaml", "--json")
    assert mixed.code == 0, mixed.err
    assert "40 items left out" in mixed.err
    assert json.loads(mixed.out)["overall"]["items"] == 205


def test_an_evaluation_shows_tables_mistakes_and_plots(tmp_path: Path) -> None:
    ended = archwatch("evaluate", ROOT / "tests/classifier/items.yaml", "--plots", tmp_path / "plots")
    assert ended.code == 0, ended.err
    for shown in ("keyword list", "language de", "false alarms", "Missed, the worst first"):
        assert shown in ended.out
    assert {path.name for path in (tmp_path / "plots").iterdir()} == {
        "precision-recall.png",
        "reliability.png",
    }


def test_training_wants_labels_or_a_model_to_begin_with(tmp_path: Path) -> None:
    ended = archwatch("train", "--out", tmp_path)
    assert ended.code == 2
    assert "--onto" in ended.err


def test_an_aim_in_the_configuration_sets_the_threshold(tmp_path: Path) -> None:
    items = tmp_path / "items.jsonl"
    items.write_text(json.dumps({"id": "a", "title": "NATO and Russia resume talks on missiles"}) + "\n")
    thresholds = []
    for aim in ("recall 0.98", "precision 0.95", "0.4"):
        ended = archwatch("classify", items, env={"ARCHWATCH_CLASSIFIER__THRESHOLD": aim})
        assert ended.code == 0, ended.err
        thresholds.append(json.loads(ended.out)["relevance"]["threshold"])
    assert thresholds[0] < thresholds[1]
    assert thresholds[2] == 0.4
    wrong = archwatch("classify", items, env={"ARCHWATCH_CLASSIFIER__THRESHOLD": "accuracy 0.9"})
    assert wrong.code == 2
    assert "ARCHWATCH_CLASSIFIER__THRESHOLD" in wrong.err
    assert "neither a score from 0 to 1 nor an aim" in wrong.err
    assert len(wrong.err.splitlines()) == 1


def test_a_command_that_judges_and_codes_nothing_loads_no_learned_model() -> None:
    """Scikit-learn takes longer to load than most commands take."""
    heavy = (
        "import sys, archwatch.cli.main; print(*{'sklearn', 'skops', 'scipy', 'pytest'} & set(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", heavy], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ""
