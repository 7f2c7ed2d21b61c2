"""Every way that a fetch can end, against a real server; nothing raises."""

import base64
import gzip
import os
import socket
import threading
import zlib
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard

from archwatch.scheduler.address import Stopped
from archwatch.scheduler.feeds import Feed
from archwatch.scheduler.fetch import Fetched, Fetcher, Limits
from archwatch.scheduler.states import PollState
from local_web import Web

QUICK = Limits(connect_timeout=0.3, read_timeout=0.3, total_timeout=0.6, max_body_bytes=100_000)


def fetch(fetcher: Fetcher, url: str) -> Fetched:
    return fetcher.fetch(Feed(url, "x"))


def quick(limits: Limits = QUICK, stop: threading.Event | None = None) -> Fetcher:
    return Fetcher(limits, user_agent="t", allow_private_hosts=["127.0.0.1"], stop=stop)


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
    [(500, b"oops", "http_error"), (404, b"", "http_error"), (410, b"", "gone"), (200, b" \n", "empty"),
     (204, b"", "empty"), (300, b"", "http_error")],
)  # fmt: skip
def test_an_answer_without_a_feed_has_its_state(
    web: Web, fetcher: Fetcher, status: int, body: bytes, state: str
) -> None:
    got = fetch(fetcher, web.serve("/f", body, status))
    assert got.state == state
    assert str(status) in (got.detail or "")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(web: Web, fetcher: Fetcher, status: int) -> None:
    web.serve("/new/f", b"<rss/>")
    got = fetch(fetcher, web.serve("/old", status=status, Location="new/f#top"))
    assert (got.state, got.final_url) == (PollState.OK, web.url("/new/f"))


def test_redirects_end(web: Web, fetcher: Fetcher) -> None:
    got = fetch(fetcher, web.serve("/loop", status=302, Location="/loop"))
    assert got.state is PollState.TOO_MANY_REDIRECTS
    assert len(web.asked) == 6


@pytest.mark.parametrize("location", ["http://localhost:{port}/f", "http://[::ffff:127.0.0.1]:{port}/f",
                                      "http://2130706433:{port}/f", "file:///etc/passwd", "ftp://127.0.0.1/f",
                                      "http://169.254.169.254/latest/meta-data"])  # fmt: skip
def test_a_redirect_leads_nowhere_private(web: Web, fetcher: Fetcher, location: str) -> None:
    web.serve("/f", b"secret")
    got = fetch(fetcher, web.serve("/r", status=302, Location=location.format(port=web.port)))
    assert got.state is PollState.BLOCKED_ADDRESS
    assert [path for path, _ in web.asked] == ["/r"]


@pytest.mark.parametrize("location", ["http://[broken/", "http://exa mple.org:99999999/"])
def test_a_redirect_to_nonsense_is_no_crash(web: Web, fetcher: Fetcher, location: str) -> None:
    got = fetch(fetcher, web.serve("/r", status=302, Location=location))
    assert got.state in (PollState.HTTP_ERROR, PollState.DNS_ERROR)


def test_a_private_address_is_refused_unless_allowed(web: Web) -> None:
    web.serve("/f", b"secret")
    strict = Fetcher(QUICK, user_agent="t")
    for host in ("127.0.0.1", "localhost", "[::1]", "0.0.0.0"):
        assert fetch(strict, web.url("/f", host)).state is PollState.BLOCKED_ADDRESS
    assert web.asked == []


def test_credentials_go_to_their_own_host_only(web: Web) -> None:
    web.serve("/f", b"<rss/>")
    start = web.serve("/r", status=302, Location=web.url("/f", "localhost"))
    fetcher = Fetcher(QUICK, user_agent="t", allow_private_hosts=["127.0.0.1", "LocalHost"])
    got = fetcher.fetch(Feed(start, "x", login=("watcher", "p:w")))
    sent = base64.b64encode(b"watcher:p:w").decode()
    assert [headers.get("Authorization") for _, headers in web.asked] == [f"Basic {sent}", None]
    assert "p:w" not in repr(got)


def test_a_large_body_is_refused_before_it_is_read(web: Web, fetcher: Fetcher) -> None:
    def page(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "100001")
        request.end_headers()  # and no body: whoever waits for it gets a time-out

    web.pages["/f"] = page
    assert fetch(fetcher, web.url("/f")).state is PollState.TOO_LARGE


def test_an_endless_body_is_cut_off(web: Web, fetcher: Fetcher) -> None:
    url = web.drip("/f", b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 50_000)
    assert fetch(fetcher, url).state is PollState.TOO_LARGE


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_bomb_is_stopped_early(web: Web, fetcher: Fetcher, coding: str) -> None:
    pack = {
        "gzip": gzip.compress,
        "deflate": zlib.compress,
        "br": brotli.compress,
        "zstd": zstandard.compress,
    }
    packed = pack[coding](bytes(20_000_000))
    assert len(packed) < 100_000
    assert fetch(fetcher, web.serve("/f", packed, Content_Encoding=coding)).state is PollState.TOO_LARGE
    small = web.serve("/s", pack[coding](b"<rss/>"), Content_Encoding=coding)
    assert fetch(fetcher, small).body == b"<rss/>"


def test_a_broken_coding_is_named(web: Web, fetcher: Fetcher) -> None:
    got = fetch(fetcher, web.serve("/f", b"<rss/>", Content_Encoding="gzip"))
    assert got.state is PollState.PARSE_ERROR
    assert "gzip" in (got.detail or "")
    assert fetch(fetcher, web.serve("/f", b"x", Content_Encoding="rot13")).state is PollState.PARSE_ERROR


@pytest.mark.parametrize("start", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-A: "])
def test_a_server_that_drips_is_left(web: Web, start: bytes) -> None:
    got = fetch(quick(), web.drip("/f", start, b"x"))
    assert got.state is PollState.READ_TIMEOUT
    assert "0.6 s" in (got.detail or "")


def test_a_silent_server_is_left(web: Web) -> None:
    def page(_: BaseHTTPRequestHandler) -> None:
        web.closing.wait(5)

    web.pages["/f"] = page
    got = fetch(quick(), web.url("/f"))
    assert (got.state, got.detail) == (PollState.READ_TIMEOUT, "silent for 0.3 s")


def test_a_tls_handshake_that_never_ends_is_left() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        got = fetch(quick(), f"https://127.0.0.1:{deaf.getsockname()[1]}/f")
    assert got.state is PollState.CONNECT_TIMEOUT


def test_a_server_without_tls_is_a_tls_error(web: Web, fetcher: Fetcher) -> None:
    assert fetch(fetcher, web.url("/f").replace("http:", "https:")).state is PollState.TLS_ERROR


def test_a_closed_port_is_a_connection_error(fetcher: Fetcher) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    got = fetch(fetcher, f"http://127.0.0.1:{port}/f")
    assert got.state is PollState.CONNECTION_ERROR
    assert "refused" in (got.detail or "")


@pytest.mark.parametrize(
    "start", [b"", b"SSH-2.0-something\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"]
)
def test_what_breaks_off_or_is_not_http_is_a_connection_error(
    web: Web, fetcher: Fetcher, start: bytes
) -> None:
    def page(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(start)

    web.pages["/f"] = page
    assert fetch(fetcher, web.url("/f")).state is PollState.CONNECTION_ERROR


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a" * 64 + ".example", "a..b"])
def test_a_name_that_does_not_resolve_is_a_dns_error(fetcher: Fetcher, host: str) -> None:
    assert fetch(fetcher, f"http://{host}/f").state is PollState.DNS_ERROR


def test_stopping_ends_a_fetch_under_way(web: Web) -> None:
    stop = threading.Event()

    def page(request: BaseHTTPRequestHandler) -> None:
        stop.set()
        web.closing.wait(5)

    web.pages["/f"] = page
    with pytest.raises(Stopped):
        fetch(quick(Limits(total_timeout=30), stop), web.url("/f"))


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
