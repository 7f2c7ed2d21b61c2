"""WebSub with a real hub and a real callback on loopback: told of news, a feed is asked at once."""

import hashlib
import hmac
import random
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archwatch.contracts.topics import ENTRIES
from archwatch.eventlog.local import LocalLog
from archwatch.scheduler.feedlist import FeedList
from archwatch.scheduler.fetch import Fetcher
from archwatch.scheduler.leases import LEASE
from archwatch.scheduler.report import Watchers
from archwatch.scheduler.rhythm import Rhythm
from archwatch.scheduler.service import Scheduler
from archwatch.scheduler.websub import Subscriber, signed
from archwatch.store import open_store
from archwatch.telemetry.server import listening
from archwatch.web.client import Client, Limits
from feed_documents import item, rss
from local_hub import CHALLENGE, LocalHub, running_hub
from local_web import Web

NOW = datetime(2026, 3, 5, tzinfo=UTC)
FAR = timedelta(days=1)


class Bench:
    """One feed that names its hub, asked once, by a scheduler whose callback listens."""

    def __init__(self, folder: Path, fetcher: Fetcher, web: Web, hub: LocalHub, callback: str) -> None:
        self.now, self.web, self.hub, self.opml = NOW, web, hub, folder / "feeds.opml"
        self.store, self.log = open_store(f"sqlite:///{folder}/store.db"), LocalLog(folder / "log.db")
        self.log.ensure_topics([ENTRIES])
        self.feed = web.url("/f")
        self.publish(item(1))
        self.opml.write_text(f'<opml><body><outline text="f" xmlUrl="{self.feed}"/></body></opml>')
        client = Client(Limits(), user_agent="t", allow_private_hosts=["127.0.0.1"])
        self.subscriber = Subscriber(self.store, client, callback, self.clock)
        self.scheduler = Scheduler(
            self.store, self.log, fetcher, FeedList(self.opml),
            rhythm=Rhythm(self.store, timedelta(minutes=15), timedelta(minutes=2), timedelta(days=1)),
            workers=2, max_entries=9, clock=self.clock, rng=random.Random(1), watchers=Watchers(),
            subscriber=self.subscriber,
        )  # fmt: skip

    def clock(self) -> datetime:
        return self.now

    def publish(self, *items: str) -> None:
        links = "".join(
            f'<a:link xmlns:a="http://www.w3.org/2005/Atom" rel="{rel}" href="{href}"/>'
            for rel, href in (("hub", self.hub.url), ("self", "https://example.org/topic"))
        )
        self.web.serve("/f", rss(links, *items))

    def poll(self) -> int:
        (report,) = self.scheduler.poll_all()
        return report.entries_new

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.subscriber.tick()

    def due(self) -> bool:
        return self.store.feed_states()[self.feed].next_poll_at <= self.now


@pytest.fixture
def hub() -> Iterator[LocalHub]:
    with running_hub() as running:
        yield running


@pytest.fixture
def bench(tmp_path: Path, fetcher: Fetcher, web: Web, hub: LocalHub) -> Iterator[Bench]:
    made: list[Bench] = []

    def callback(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        return made[0].subscriber.answer(environ, start)

    with listening(callback, "websub", host="127.0.0.1", port=0) as port:
        made.append(Bench(tmp_path, fetcher, web, hub, f"http://127.0.0.1:{port}/websub/"))
        assert made[0].poll() == 1
        yield made[0]
    made[0].store.close()
    made[0].log.close()


def test_told_of_news_a_feed_is_asked_at_once(bench: Bench) -> None:
    bench.later(1)
    (form,) = bench.hub.asked
    assert (form["hub.mode"], form["hub.topic"]) == ("subscribe", "https://example.org/topic")
    assert bench.hub.answered == [(200, CHALLENGE)]
    bench.publish(item(1), item(2))
    assert bench.hub.tell(b"<rss/>").status_code == 202
    bench.later(5)
    assert not bench.due(), "not so soon after the last poll"
    bench.later(20)
    assert bench.due()
    assert bench.poll() == 1
    bench.later(60)
    assert not bench.due(), "told once, asked once"
    assert len(bench.hub.asked) == 1


def test_what_is_not_signed_as_agreed_changes_nothing(bench: Bench) -> None:
    bench.later(1)
    answers = [
        bench.hub.tell(b"x", secret="another"),
        bench.hub.tell(b"x", secret=""),
        bench.hub.tell(b"x", method="md5"),
    ]
    assert [answer.status_code for answer in answers] == [202, 202, 202], "nobody learns from the answer"
    bench.later(60)
    assert not bench.due()
    for method in ("sha1", "sha256", "sha384", "sha512"):
        bench.hub.tell(b"x", method=method)
        bench.later(60)
        assert bench.due()
        bench.poll()


def test_a_lease_is_renewed_in_time_and_ends_unless_it_is(bench: Bench) -> None:
    bench.later(1)
    bench.later(700)
    assert len(bench.hub.asked) == 1
    bench.later(101)
    assert len(bench.hub.asked) == 2
    bench.hub.status = 500
    bench.later(801)
    assert len(bench.hub.asked) == 3
    bench.poll()
    bench.later(200)
    assert bench.hub.tell(b"x").status_code == 202
    bench.later(60)
    assert not bench.due(), "the lease has ended"
    bench.hub.status = 202
    bench.later(6 * 3_600)
    assert bench.hub.answered[-1] == (200, CHALLENGE)


def test_a_hub_that_refuses_or_denies_leaves_polling_as_it_is(bench: Bench) -> None:
    bench.hub.status = 500
    due = bench.store.feed_states()[bench.feed].next_poll_at
    bench.later(1)
    assert len(bench.hub.asked) == 1
    bench.later(3_600)
    assert len(bench.hub.asked) == 1, "it is not pressed"
    assert bench.store.feed_states()[bench.feed].next_poll_at == due
    assert bench.due(), "polling goes on"
    bench.hub.status = 202
    bench.later(5 * 3_600)
    assert bench.hub.confirm(bench.hub.asked[-1], mode="denied").status_code == 200
    bench.hub.tell(b"x")
    bench.poll()
    bench.later(60)
    assert not bench.due()


def test_only_what_was_asked_for_is_confirmed(bench: Bench) -> None:
    bench.later(1)
    form = bench.hub.asked[0]
    assert bench.hub.confirm(form, topic="https://other.example/").status_code == 404
    assert bench.hub.confirm(form, mode="unsubscribe").status_code == 404
    nobody = form | {"hub.callback": form["hub.callback"] + "x"}
    assert bench.hub.confirm(nobody).status_code == 410
    assert httpx.get(form["hub.callback"]).status_code == 404
    assert httpx.put(form["hub.callback"]).status_code == 405
    callback = httpx.URL(form["hub.callback"])
    too_much = HTTPConnection(callback.host, callback.port or 80, timeout=10)
    too_much.putrequest("POST", callback.path)
    too_much.putheader("Content-Length", "99999999999")
    too_much.endheaders()
    assert too_much.getresponse().status == 413
    too_much.close()
    other = bench.web.serve("/other", rss(item(1)))
    bench.opml.write_text(f'<opml><body><outline text="other" xmlUrl="{other}"/></body></opml>')
    bench.scheduler.poll_all()
    assert bench.hub.tell(b"x").status_code == 410, "the hub may forget a feed that is no longer listed"
    bench.later(900)
    assert len(bench.hub.asked) == 1


def test_news_told_during_a_poll_is_asked_for_after_it_and_a_failing_feed_stays_put_off(bench: Bench) -> None:
    bench.later(60)
    bench.now += FAR
    assert bench.store.claim_due(bench.now, bench.now + LEASE, 9) == [bench.feed]
    bench.hub.lease = 2_592_000
    bench.later(0)
    bench.hub.tell(b"x")
    bench.later(1)
    assert not bench.due(), "it may be polled right now, by another"
    bench.poll()
    bench.later(60)
    assert bench.due()
    bench.web.serve("/f", status=503)
    bench.poll()
    bench.hub.tell(b"x")
    bench.later(60)
    assert not bench.due()


@given(st.text(max_size=80), st.binary(max_size=50))
def test_no_header_passes_for_a_signature(header: str, body: bytes) -> None:
    assert not signed(body, header, "secret")
    assert not signed(body, f"sha256={header}", "secret")
    right = hmac.new(b"secret", body, hashlib.sha256).hexdigest()
    assert signed(body, f"sha256={right.upper()}", "secret")
    assert not signed(body + b"x", f"sha256={right}", "secret")
