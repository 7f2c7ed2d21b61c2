"""The whole path on the embedded default: feeds in, events out, every item accounted for."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cloudevents.core.formats.json import JSONFormat
from jsonschema import Draft202012Validator, FormatChecker
from prometheus_client.parser import text_string_to_metric_families

from archwatch.contracts.documents import schemas
from archwatch.contracts.envelope import LogMessage, Record
from archwatch.contracts.topics import DEAD_LETTERS, ENTRIES, STORIES
from archwatch.eventlog.local import LocalLog
from commands import Running, archwatch, write_config

BODIES = {
    "/html": (200, b"<!doctype html><html><body>Welcome</body></html>"),
    "/truncated": (
        200,
        b"<?xml version='1.0'?><rss version='2.0'><channel><title>T</title><item><guid>one</guid>"
        b"<title>Russia rejects NATO's demand for inspections in Kaliningrad</title></item><item><gui",
    ),
    "/latin1": (
        200,
        "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>T</title><item>"
        "<guid>two</guid><title>Gespräche über Raketen</title><description>Über Abrüstung wird künftig "
        "häufiger in Österreich gesprochen, erklärte Brüssel.</description></item></channel></rss>".encode(
            "latin-1"
        ),
    ),
    "/empty": (200, b""),
    "/broken": (500, b"oops"),
    "/anonymous": (
        200,
        b"<rss version='2.0'><channel><title>T</title><item><description>no name</description></item>"
        b"<item><guid>three</guid><title>A match ends in a draw</title></item></channel></rss>",
    ),
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, body = BODIES[self.path]
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Quiet."""


@pytest.fixture
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.shutdown()
        thread.join()


def metrics_of(state: Path) -> dict[str, float]:
    """Sample values by name and labels, as `name{label=value}`."""
    return {
        sample.name + "".join(f" {k}={v}" for k, v in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families((state / "metrics.prom").read_text())
        for sample in family.samples
    }


def total(metrics: dict[str, float], name: str, *parts: str) -> float:
    return sum(v for k, v in metrics.items() if k.split(" ")[0] == name and all(p in k for p in parts))


def test_seeds_become_cloudevents_with_coded_events(tmp_path: Path, root: Path) -> None:
    config = write_config(tmp_path, [f"file:{root}/seeds/feed.xml"])
    state = tmp_path / "state"
    ran = archwatch("run", "--once", "--config", config, "--state", state)
    assert ran.code == 0, ran.err
    told = archwatch(
        "tail", "--json", "--from-beginning", "--no-follow", "--config", config, "--state", state
    )
    events = told.records
    validator = Draft202012Validator(schemas()["event.v1.json"], format_checker=FormatChecker())
    for event in events:
        assert not [error.message for error in validator.iter_errors(event)]
        JSONFormat().read(None, json.dumps(event))  # the official SDK agrees
    by_story = {event["data"]["story"]["url"].rsplit("/", 1)[-1]: event["data"] for event in events}
    assert "seed-geneva-talks" in by_story
    assert not {"seed-no-football", "seed-no-zero-trust", "seed-no-alphabet"} & set(by_story)
    coded = {e["event_type"] for data in by_story.values() for e in data["events"]}
    assert {"REJECT", "CONSULT", "REQUEST"} <= coded
    assert sum(bool(data["events"]) for data in by_story.values()) > len(by_story) / 2
    assert all(data["events"] or data["reason"] for data in by_story.values())

    again = archwatch("run", "--once", "--config", config, "--state", state)
    assert again.code == 0
    assert "0 new entries" in again.err
    repeated = archwatch(
        "tail", "--json", "--from-beginning", "--no-follow", "--config", config, "--state", state
    )
    assert repeated.out == told.out


def test_broken_feeds_are_named_with_the_reason_and_the_rest_goes_on(tmp_path: Path, server: str) -> None:
    config = write_config(tmp_path, [server + path for path in BODIES])
    state = tmp_path / "state"
    ran = archwatch("run", "--once", "--config", config, "--state", state)
    assert ran.code == 0, ran.err
    polled = {
        record["feed"].removeprefix(server): record
        for line in ran.err.splitlines()
        if line.startswith("{") and (record := json.loads(line))["event"] == "polled"
    }
    assert {path: record["state"] for path, record in polled.items()} == {
        "/html": "not_a_feed",
        "/truncated": "ok",
        "/latin1": "ok",
        "/empty": "empty",
        "/broken": "http_error",
        "/anonymous": "ok",
    }
    assert "500" in polled["/broken"]["why"]
    metrics = metrics_of(state)
    assert metrics["archwatch_polls_total state=not_a_feed"] == 1
    assert metrics["archwatch_polls_total state=http_500"] == 1
    # the nameless item, and the one that the truncation cut
    assert metrics["archwatch_entries_skipped_total reason=bad_item"] == 2
    assert metrics["archwatch_entries_total"] == 3
    with_log = LocalLog(state / "log.db")
    titles = [json.loads(record.value)["title"] for record in with_log.read(ENTRIES.name)]
    with_log.close()
    assert "Gespräche über Raketen" in titles

    listed = archwatch("feeds", "list", "--config", config, "--state", state, env={"COLUMNS": "300"})
    assert listed.code == 0
    assert "not_a_feed" in listed.out
    assert "http_500" in listed.out


def test_every_replayed_item_is_accounted_for(tmp_path: Path) -> None:
    config = write_config(tmp_path, [])
    state = tmp_path / "state"
    subjects = [
        "Russia rejects NATO's offer on missile bases in Poland",
        "Rover wins the cup after penalties",
    ]
    items = [json.dumps({"id": f"item-{n}", "title": f"{subjects[n % 2]} ({n})"}) for n in range(300)]
    items[7] = '{"title": "an item without an id"}'
    (tmp_path / "items.jsonl").write_text("\n".join(items) + "\n")
    put = archwatch("replay", tmp_path / "items.jsonl", "--config", config, "--state", state)
    assert put.code == 3
    assert "items.jsonl:8" in put.err
    log = LocalLog(state / "log.db")
    log.append([LogMessage(ENTRIES.name, "alien", b"<xml/>")])
    newer = {"archwatch-schema": b"entry/99"}
    log.append([LogMessage(ENTRIES.name, "newer", b"{}", newer)])

    ran = archwatch("run", "--once", "--config", config, "--state", state)
    assert ran.code == 0, ran.err

    entries = {(r.key or b"").decode() for r in read_all(log, ENTRIES.name)}
    stories = {(r.key or b"").decode() for r in read_all(log, STORIES.name)}
    dead = {(r.key or b"").decode(): r.headers for r in read_all(log, DEAD_LETTERS.name)}
    log.close()
    assert len(entries) == 301
    assert {f"item-{n}" for n in range(0, 300, 2)} <= stories
    assert stories <= entries
    assert {key: headers["archwatch-reason"] for key, headers in dead.items()} == {
        "alien": b"not_json",
        "newer": b"newer_version",
    }
    metrics = metrics_of(state)
    flagged = total(metrics, "archwatch_classified_total", "outcome=flagged")
    rest = total(metrics, "archwatch_classified_total", "outcome=not_flagged")
    assert (flagged, flagged + rest) == (len(stories), 299)
    assert total(metrics, "archwatch_dead_letters_total", "stage=classifier") == 2
    # two subjects in many words: of each entry it is told that it is of a story, but only the story is told
    assert total(metrics, "archwatch_stage_records_total", "stage=extractor") == len(stories)
    told = metrics["archwatch_stories_published_total"]
    assert told == total(metrics, "archwatch_stage_records_total", "stage=extractor", "outcome=published")
    assert 0 < told < len(stories) / 10
    assert f"judged 301 = {flagged:.0f} flagged + {rest:.0f} not flagged + 2 dead letters" in ran.err


def read_all(log: LocalLog, topic: str) -> list[Record]:
    records: list[Record] = []
    while batch := log.read(topic, after={0: len(records) - 1}):
        records += batch
    return records


def test_replay_as_a_feed_remembers_what_it_has_put(tmp_path: Path) -> None:
    config = write_config(tmp_path, [])
    (tmp_path / "items.jsonl").write_text('{"id": "a", "title": "one"}\n{"id": "b", "title": "two"}\n')
    command: list[str | Path] = [
        "replay",
        tmp_path / "items.jsonl",
        "--as-feed",
        "--config",
        config,
        "--state",
        tmp_path / "s",
    ]
    assert "replayed 2 of 2 items (0 seen before, 0 bad)" in archwatch(*command).err
    assert "replayed 0 of 2 items (2 seen before, 0 bad)" in archwatch(*command).err


def test_a_running_process_ends_cleanly_on_sigterm(tmp_path: Path, root: Path) -> None:
    config = write_config(tmp_path, [f"file:{root}/seeds/feed.xml"], polling={"interval": 1})
    state = tmp_path / "state"
    running = Running("run", "--config", config, "--state", state)
    running.wait_for('"event_published"')
    assert running.stop() == 0
    rest = archwatch("run", "--once", "--config", config, "--state", state)
    assert rest.code == 0
    told = archwatch(
        "tail", "--json", "--from-beginning", "--no-follow", "--config", config, "--state", state
    )
    ids = [event["id"] for event in told.records]
    assert len(ids) == len(set(ids)) > 10


def test_a_run_for_some_seconds_ends_by_itself(tmp_path: Path, root: Path) -> None:
    config = write_config(tmp_path, [f"file:{root}/seeds/feed.xml"])
    ran = archwatch("run", "--for", "3", "--config", config, "--state", tmp_path / "state")
    assert ran.code == 0, ran.err
