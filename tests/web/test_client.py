"""Every way that a request can end, against a real server."""

import gzip
import socket
import threading
import zlib
from http.server import BaseHTTPRequestHandler

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard

from archwatch.web.client import Answer, Client, Limits, followed, web_url
from archwatch.web.failure import Failure, FetchFailure, Stopped
from local_web import Web

QUICK = Limits(connect_timeout=0.3, read_timeout=0.3, total_timeout=0.6, max_body_bytes=100_000)
LIMITS = Limits(connect_timeout=2, read_timeout=2, total_timeout=5, max_body_bytes=100_000, max_redirects=5)


@pytest.fixture
def client() -> Client:
    return quick(LIMITS)


def quick(limits: Limits = QUICK, stop: threading.Event | None = None) -> Client:
    return Client(
        limits, user_agent="archwatch-test/1 (+mailto:us)", allow_private_hosts=["127.0.0.1"], stop=stop
    )


def get(client: Client, url: str) -> Answer:
    deadline = client.deadline()
    return followed(web_url(url), lambda url: client.ask(url, {}, deadline), client.limits.max_redirects)


def failure(client: Client, url: str) -> FetchFailure:
    with pytest.raises(FetchFailure) as caught:
        get(client, url)
    return caught.value


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(web: Web, client: Client, status: int) -> None:
    web.serve("/new/f", b"<rss/>")
    got = get(client, web.serve("/old", status=status, Location="new/f#top"))
    assert (got.body, str(got.url)) == (b"<rss/>", web.url("/new/f"))
    assert web.asked[0][1]["User-Agent"] == "archwatch-test/1 (+mailto:us)"


def test_only_a_good_answer_has_a_body(web: Web, client: Client) -> None:
    got = get(client, web.serve("/f", b"oops", status=500, Retry_After="9"))
    assert (got.status, got.body, got.headers["retry-after"]) == (500, b"", "9")


@pytest.mark.parametrize(
    ("named", "read"),
    [("text/html", True), ("Text/HTML; charset=x", True), ("application/pdf", False), ("", True)],
)
def test_no_body_of_an_unwanted_type_is_read(web: Web, client: Client, named: str, read: bool) -> None:
    url = web.serve("/f", b"<html>", Content_Type=named)
    deadline = client.deadline()
    if read:
        assert client.ask(web_url(url), {}, deadline, media_types=("text/html",)).body == b"<html>"
        return
    with pytest.raises(FetchFailure, match=r"unwanted_type: is application/pdf"):
        client.ask(web_url(url), {}, deadline, media_types=("text/html",))


def test_a_request_can_be_kept_from_the_private_hosts_that_are_allowed(web: Web, client: Client) -> None:
    with pytest.raises(FetchFailure) as caught:
        client.ask(web_url(web.serve("/f", b"secret")), {}, client.deadline(), public_only=True)
    assert caught.value.kind is Failure.BLOCKED_ADDRESS
    assert web.asked == []


def test_redirects_end(web: Web, client: Client) -> None:
    got = failure(client, web.serve("/loop", status=302, Location="/loop"))
    assert got.kind is Failure.TOO_MANY_REDIRECTS
    assert len(web.asked) == 6


@pytest.mark.parametrize("location", ["http://localhost:{port}/f", "http://[::ffff:127.0.0.1]:{port}/f",
                                      "http://2130706433:{port}/f", "file:///etc/passwd", "ftp://127.0.0.1/f",
                                      "http://169.254.169.254/latest/meta-data"])  # fmt: skip
def test_a_redirect_leads_nowhere_private(web: Web, client: Client, location: str) -> None:
    web.serve("/f", b"secret")
    got = failure(client, web.serve("/r", status=302, Location=location.format(port=web.port)))
    assert got.kind is Failure.BLOCKED_ADDRESS
    assert [path for path, _ in web.asked] == ["/r"]


@pytest.mark.parametrize("location", ["http://[broken/", "http://exa mple.org:99999999/"])
def test_a_redirect_to_nonsense_is_no_crash(web: Web, client: Client, location: str) -> None:
    got = failure(client, web.serve("/r", status=302, Location=location))
    assert got.kind in (Failure.HTTP_ERROR, Failure.DNS_ERROR)


def test_a_private_address_is_refused_unless_allowed(web: Web) -> None:
    web.serve("/f", b"secret")
    strict = Client(QUICK, user_agent="t")
    for host in ("127.0.0.1", "localhost", "[::1]", "0.0.0.0"):
        assert failure(strict, web.url("/f", host)).kind is Failure.BLOCKED_ADDRESS
    assert web.asked == []


def test_a_large_body_is_refused_before_it_is_read(web: Web, client: Client) -> None:
    def page(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "100001")
        request.end_headers()  # and no body: whoever waits for it gets a time-out

    web.pages["/f"] = page
    assert failure(client, web.url("/f")).kind is Failure.TOO_LARGE


def test_an_endless_body_is_cut_off(web: Web, client: Client) -> None:
    url = web.drip("/f", b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 50_000)
    assert failure(client, url).kind is Failure.TOO_LARGE


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_bomb_is_stopped_early(web: Web, client: Client, coding: str) -> None:
    pack = {
        "gzip": gzip.compress,
        "deflate": zlib.compress,
        "br": brotli.compress,
        "zstd": zstandard.compress,
    }
    packed = pack[coding](bytes(20_000_000))
    assert len(packed) < 100_000
    assert failure(client, web.serve("/f", packed, Content_Encoding=coding)).kind is Failure.TOO_LARGE
    small = web.serve("/s", pack[coding](b"<rss/>"), Content_Encoding=coding)
    assert get(client, small).body == b"<rss/>"


def test_a_broken_coding_is_named(web: Web, client: Client) -> None:
    got = failure(client, web.serve("/f", b"<rss/>", Content_Encoding="gzip"))
    assert got.kind is Failure.BROKEN_CODING
    assert "gzip" in got.detail
    assert failure(client, web.serve("/f", b"x", Content_Encoding="rot13")).kind is Failure.BROKEN_CODING


@pytest.mark.parametrize("start", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-A: "])
def test_a_server_that_drips_is_left(web: Web, start: bytes) -> None:
    got = failure(quick(), web.drip("/f", start, b"x"))
    assert got.kind is Failure.READ_TIMEOUT
    assert "0.6 s" in got.detail


def test_a_silent_server_is_left(web: Web) -> None:
    def page(_: BaseHTTPRequestHandler) -> None:
        web.closing.wait(5)

    web.pages["/f"] = page
    got = failure(quick(), web.url("/f"))
    assert (got.kind, got.detail) == (Failure.READ_TIMEOUT, "silent for 0.3 s")


def test_a_tls_handshake_that_never_ends_is_left() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        got = failure(quick(), f"https://127.0.0.1:{deaf.getsockname()[1]}/f")
    assert got.kind is Failure.CONNECT_TIMEOUT


def test_a_server_without_tls_is_a_tls_error(web: Web, client: Client) -> None:
    assert failure(client, web.url("/f").replace("http:", "https:")).kind is Failure.TLS_ERROR


def test_a_closed_port_is_a_connection_error(client: Client) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    got = failure(client, f"http://127.0.0.1:{port}/f")
    assert got.kind is Failure.CONNECTION_ERROR
    assert "refused" in got.detail


@pytest.mark.parametrize(
    "start", [b"", b"SSH-2.0-something\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"]
)
def test_what_breaks_off_or_is_not_http_is_a_connection_error(web: Web, client: Client, start: bytes) -> None:
    def page(request: BaseHTTPRequestHandler) -> None:
        request.wfile.write(start)

    web.pages["/f"] = page
    assert failure(client, web.url("/f")).kind is Failure.CONNECTION_ERROR


@pytest.mark.parametrize("host", ["no-such-host.invalid", "a" * 64 + ".example", "a..b"])
def test_a_name_that_does_not_resolve_is_a_dns_error(client: Client, host: str) -> None:
    assert failure(client, f"http://{host}/f").kind is Failure.DNS_ERROR


def test_stopping_ends_a_fetch_under_way(web: Web) -> None:
    stop = threading.Event()

    def page(request: BaseHTTPRequestHandler) -> None:
        stop.set()
        web.closing.wait(5)

    web.pages["/f"] = page
    with pytest.raises(Stopped):
        get(quick(Limits(total_timeout=30), stop), web.url("/f"))
