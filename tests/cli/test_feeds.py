"""How feeds stand and what each gives now: for a person, and for a pipe."""

import io
import json
import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console

from archwatch.cli.feedtable import as_table, standing
from archwatch.scheduler.feeds import Feed
from archwatch.store import FeedState, History, open_store
from commands import COMMAND, PATIENCE, archwatch, write_config
from feed_documents import item, rss
from local_web import Web

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
URL = "https://example.org/feed"
ARRIVALS = json.dumps([int((NOW - timedelta(hours=hours)).timestamp()) for hours in range(48, 0, -3)])
STATE = FeedState(
    URL, NOW + timedelta(minutes=12), state="http_error", status=404, detail="HTTP 404", failures=3,
    last_polled_at=NOW, last_success_at=NOW - timedelta(hours=4), why_then="backs off after failures",
    arrivals=ARRIVALS,
)  # fmt: skip


def test_a_table_of_80_columns_tells_all() -> None:
    out = io.StringIO()
    long = "A feed with a rather long name, as they have"
    rows = [standing(Feed(URL, long), STATE, (24, 3)), standing(Feed("https://x.example", "[new]"), None)]
    Console(file=out, width=80).print(as_table(rows, NOW))
    table = out.getvalue()
    assert max(map(len, table.splitlines())) <= 80
    for shown in ("HTTP 404", " 4 h ", " 3 h ", " 12 min ", " 8 ", "not polled", "[new]", "failures"):
        assert shown in table, table


def test_a_pipe_gets_records(tmp_path: Path) -> None:
    config = write_config(tmp_path, [URL, "https://example.org/new"])
    store = open_store(f"sqlite:///{tmp_path}/state/store.db")
    store.record_poll([], NOW, lambda _: STATE, lambda _: History(NOW, items=24, days=3))
    store.close()
    ended = archwatch("feeds", "list", "--config", config, "--state", tmp_path / "state")
    assert ended.code == 0, ended.err
    known, new = ended.records
    assert (known["state"], known["status"]) == ("http_404", 404)
    assert (known["rhythm_seconds"], known["entries_a_day"]) == (10_800, 8)
    assert known["last_success_at"] == "2026-03-04T08:00:00+00:00"
    assert known["why"] == "HTTP 404; backs off after failures"
    assert (new["state"], new["next_poll_at"]) == ("not_polled", None)


def test_each_feed_is_tried_and_those_that_fail_are_named(web: Web, tmp_path: Path) -> None:
    good, lost = web.serve("/good", rss(item(1))), web.serve("/lost", status=404)
    moved = web.serve("/moved", status=301, Location=good)
    config = write_config(tmp_path, [good, lost, moved])
    terminal, its_end = os.openpty()
    ended = subprocess.run(
        [*COMMAND, "feeds", "check", "--config", config],
        stdout=subprocess.PIPE,
        stderr=its_end,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "200"},
        text=True,
        timeout=PATIENCE,
    )
    os.close(its_end)
    err = os.read(terminal, 100_000).decode()
    os.close(terminal)
    assert ended.returncode == 3
    assert "2 ok, 1 HTTP 404; 3 tried in " in ended.stdout
    assert f"<{lost}>: HTTP 404\r\n" in err
    assert f"<{moved}>: is well, and says that it has moved to {good}\r\n" in err
    assert f"<{good}>" not in err
    assert "100%" in err, "a terminal is shown how far it is"
