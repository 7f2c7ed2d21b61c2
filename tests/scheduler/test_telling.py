"""What is told of polls: states as labels, and never a secret."""

import io
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archwatch.contracts.topics import ENTRIES
from archwatch.eventlog.local import LocalLog
from archwatch.scheduler.feedlist import FeedList
from archwatch.scheduler.fetch import Fetcher
from archwatch.scheduler.rhythm import Rhythm
from archwatch.scheduler.service import Scheduler
from archwatch.scheduler.telling import told_to
from archwatch.store import open_store
from archwatch.telemetry.health import Health
from archwatch.telemetry.logs import configure_logging
from archwatch.telemetry.metrics import Metrics
from feed_documents import item, rss
from local_web import Web

NOW = datetime(2026, 3, 5, tzinfo=UTC)


def test_states_are_counted_and_no_password_is_told(web: Web, fetcher: Fetcher, tmp_path: Path) -> None:
    told, metrics, opml = io.StringIO(), Metrics(), tmp_path / "feeds.opml"
    urls = [
        web.serve("/good", rss(item(1))),
        web.serve("/lost", status=404),
        web.serve("/odd", status=599),
        web.serve("/r", status=301, Location="http://me:hush@127.0.0.1:1/"),
        "http://no-such-host.invalid/",
    ]

    def listing(urls: list[str]) -> None:
        outlines = [f'<outline xmlUrl="{url.replace("//", "//me:hush@")}"/>' for url in urls]
        opml.write_text(f"<opml><body>{''.join(outlines)}</body></opml>")

    def feeds(state: str) -> float:
        return metrics.value("archwatch_feeds", state=state)

    listing(urls)
    store, log = open_store(f"sqlite:///{tmp_path}/store.db"), LocalLog(tmp_path / "log.db")
    log.ensure_topics([ENTRIES])
    configure_logging("debug", "json", told)
    rhythm = Rhythm(store, timedelta(minutes=15), timedelta(minutes=2), timedelta(days=1))
    try:
        scheduler = Scheduler(
            store, log, fetcher, FeedList(opml), rhythm=rhythm, workers=2, max_entries=9,
            clock=lambda: NOW, rng=random.Random(1), watchers=told_to(metrics, Health()),
        )  # fmt: skip
        scheduler.poll_all()
        for state in ("ok", "http_404", "http_5xx", "connection_error", "dns_error"):
            assert feeds(state) == metrics.value("archwatch_polls_total", state=state) == 1, state
        kept = repr(store.feed_states()) + repr([record.value for record in log.read(ENTRIES.name)])
        assert all("Authorization" in headers for _, headers in web.asked)
        assert told.getvalue()
        assert "hush" not in told.getvalue() + kept
        listing(urls[:1])
        scheduler.poll_all()
        assert (feeds("not_modified"), feeds("http_404"), feeds("dns_error")) == (1, 0, 0)
    finally:
        configure_logging("info", "auto")
        store.close()
        log.close()
