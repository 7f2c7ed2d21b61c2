"""How a fetch of a feed ends, against a real server; nothing raises. Its bounds: tests/web."""

import base64
import os
from pathlib import Path

import pytest

from archwatch.scheduler.feeds import Feed
from archwatch.scheduler.fetch import Fetched, Fetcher
from archwatch.scheduler.states import PollState
from archwatch.web.client import Client, Limits
from archwatch.web.failure import Failure
from local_web import Web


def fetch(fetcher: Fetcher, url: str) -> Fetched:
    return fetcher.fetch(Feed(url, "x"))


def test_a_feed_comes_with_what_is_needed_to_ask_again(web: Web, fetcher: Fetcher) -> None:
    url = web.serve(
        "/f", b"<rss/>", ETag='W/"odd, etag"', Last_Modified="yesterday-ish", Content_Type="text/xml"
    )
    got = fetch(fetcher, url)
    assert (got.state, got.status, got.body) == (PollState.OK, 200, b"<rss/>")
    assert (got.etag, got.last_modified, got.content_type) == ('W/"odd, etag"', "yesterday-ish", "text/xml")
    assert web.asked[0][1]["User-Agent"] == "archwatch-test/1 (+mailto:us)"


def test_conditions_go_out_exactly_as_they_came_in(web: Web, fetcher: Fetcher) -> None:
    url = web.serve("/f", status=304)
    got = fetcher.fetch(Feed(url, "x"), etag='W/"odd, etag"', last_modified="yesterday-ish")
    assert got.state is PollState.NOT_MODIFIED
    headers = web.asked[0][1]
    assert (headers["If-None-Match"], headers["If-Modified-Since"]) == ('W/"odd, etag"', "yesterday-ish")


@pytest.mark.parametrize(
    ("status", "body", "state"),
    [(500, b"oops", "http_error"), (404, b"", "http_error"), (410, b"", "retired"), (200, b" \n", "empty"),
     (204, b"", "empty"), (300, b"", "http_error")],
)  # fmt: skip
def test_an_answer_without_a_feed_has_its_state(
    web: Web, fetcher: Fetcher, status: int, body: bytes, state: str
) -> None:
    got = fetch(fetcher, web.serve("/f", body, status))
    assert got.state == state
    assert str(status) in (got.detail or "")


def test_credentials_go_to_their_own_host_only(web: Web) -> None:
    web.serve("/f", b"<rss/>")
    start = web.serve("/r", status=302, Location=web.url("/f", "localhost"))
    fetcher = Fetcher(
        Client(Limits(total_timeout=5), user_agent="t", allow_private_hosts=["127.0.0.1", "LocalHost"])
    )
    got = fetcher.fetch(Feed(start, "x", login=("watcher", "p:w")))
    sent = base64.b64encode(b"watcher:p:w").decode()
    assert [headers.get("Authorization") for _, headers in web.asked] == [f"Basic {sent}", None]
    assert "p:w" not in repr(got)


def test_a_listed_file_is_read_within_the_same_limit(tmp_path: Path, fetcher: Fetcher) -> None:
    def read(path: Path) -> Fetched:
        return fetcher.fetch(Feed("file:x", "x", path=path))

    (tmp_path / "good").write_bytes(b"<rss/>")
    (tmp_path / "big").write_bytes(bytes(100_001))
    (tmp_path / "empty").touch()
    os.mkfifo(tmp_path / "pipe")
    assert read(tmp_path / "good").body == b"<rss/>"
    assert read(tmp_path / "big").state is PollState.TOO_LARGE
    assert read(tmp_path / "empty").state is PollState.EMPTY
    for odd in ("pipe", "missing", "."):
        assert read(tmp_path / odd).state is PollState.FILE_ERROR
    assert "No such file" in (read(tmp_path / "missing").detail or "")


@pytest.mark.parametrize(
    ("location", "state"),
    [
        ("/old", "too_many_redirects"),
        ("http://localhost:{port}/f", "blocked_address"),
        ("/new/f#top", "ok"),
    ],
)
def test_a_redirect_is_followed_or_has_its_state(
    web: Web, fetcher: Fetcher, location: str, state: str
) -> None:
    web.serve("/new/f", b"<rss/>")
    got = fetch(fetcher, web.serve("/old", status=302, Location=location.format(port=web.port)))
    assert got.state == state
    assert got.state is not PollState.OK or got.final_url == web.url("/new/f")


def test_a_broken_coding_is_a_parse_error(web: Web, fetcher: Fetcher) -> None:
    got = fetch(fetcher, web.serve("/f", b"<rss/>", Content_Encoding="gzip"))
    assert got.state is PollState.PARSE_ERROR
    assert "gzip" in (got.detail or "")


def test_every_failure_of_a_request_is_a_state_of_a_poll() -> None:
    # feeds are read whatever type they name, and are there for robots
    of_articles = (Failure.UNWANTED_TYPE, Failure.ROBOTS_DISALLOWED, Failure.ROBOTS_UNREACHABLE, Failure.LATE)
    named = {kind.value for kind in Failure} - {Failure.BROKEN_CODING, *of_articles}
    assert named <= {state.value for state in PollState}
