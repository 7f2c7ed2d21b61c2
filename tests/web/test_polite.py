"""One request at a time to a host, a pause after each, and its robots.txt first."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler

import pytest

from archwatch.web.address import Deadline
from archwatch.web.client import Client, Limits
from archwatch.web.failure import Failure, FetchFailure, Stopped
from archwatch.web.polite import PoliteClient
from archwatch.web.robots import Robots
from local_web import Web


def polite(pause: float = 0.0, stop: threading.Event | None = None) -> tuple[PoliteClient, Client]:
    client = Client(
        Limits(connect_timeout=1, read_timeout=2, total_timeout=5, max_redirects=2),
        user_agent="archwatch/0.1",
        allow_private_hosts=["127.0.0.1", "localhost"],
        stop=stop,
    )
    return PoliteClient(client, Robots(client), pause=pause), client


def failure(url: str, *, pause: float = 0.0, seconds: float = 5.0) -> FetchFailure:
    ours, client = polite(pause)
    with pytest.raises(FetchFailure) as caught:
        ours.get(url, {}, client.deadline(seconds))
    return caught.value


def test_robots_txt_comes_first_and_is_kept(web: Web) -> None:
    web.serve("/robots.txt", b"User-agent: *\nDisallow: /a")
    assert failure(web.serve("/a", b"secret")).kind is Failure.ROBOTS_DISALLOWED
    assert [path for path, _ in web.asked] == ["/robots.txt"]


def test_each_hop_is_asked_for_its_leave(web: Web) -> None:
    web.serve("/robots.txt", b"User-agent: *\nDisallow: /a")
    web.serve("/a", b"secret")
    assert failure(web.serve("/b", status=302, Location="/a")).kind is Failure.ROBOTS_DISALLOWED
    assert [path for path, _ in web.asked] == ["/robots.txt", "/b"]


def test_a_host_is_asked_for_one_thing_at_a_time(web: Web) -> None:
    ours, client = polite()
    web.serve("/robots.txt", status=404)
    under_way, most = [0], [0]

    def page(request: BaseHTTPRequestHandler) -> None:
        under_way[0] += 1
        most[0] = max(most[0], under_way[0])
        request.send_response(200)
        request.send_header("Content-Length", "2")
        request.end_headers()
        under_way[0] -= 1  # before the last byte: the next may come after it
        request.wfile.write(b"ok")

    web.pages["/p"] = page
    with ThreadPoolExecutor(8) as pool:
        bodies = [pool.submit(ours.get, web.url("/p"), {}, client.deadline()) for _ in range(24)]
    assert {one.result().body for one in bodies} == {b"ok"}
    assert most == [1]
    assert [path for path, _ in web.asked].count("/robots.txt") == 1


def test_a_pause_is_kept_to_one_host_and_not_to_another(web: Web) -> None:
    ours, client = polite(pause=0.3)
    web.serve("/robots.txt", status=404)
    web.serve("/p", b"ok")
    started = time.monotonic()
    for host in ("127.0.0.1", "localhost", "127.0.0.1"):
        ours.get(web.url("/p", host), {}, client.deadline())
    assert time.monotonic() - started >= 0.3
    ours, client = polite(pause=3_600)
    for host in ("127.0.0.1", "localhost"):
        ours.get(web.url("/p", host), {}, client.deadline())
    with pytest.raises(FetchFailure) as caught:  # at once: it will not come in time
        ours.get(web.url("/p"), {}, client.deadline())
    assert caught.value.kind is Failure.LATE


def test_a_crawl_delay_of_the_host_wins(web: Web) -> None:
    ours, client = polite()
    web.serve("/robots.txt", b"User-agent: *\nCrawl-delay: 60")
    web.serve("/p", b"ok")
    ours.get(web.url("/p"), {}, client.deadline())
    with pytest.raises(FetchFailure, match="left alone for") as caught:
        ours.get(web.url("/p"), {}, client.deadline())
    assert caught.value.kind is Failure.LATE


def test_what_needs_no_request_needs_no_pause(web: Web) -> None:
    ours, client = polite(pause=3_600)
    web.serve("/robots.txt", b"User-agent: *\nDisallow: /a")
    web.serve("/p", b"ok")
    for _ in range(2):
        with pytest.raises(FetchFailure, match="robots_disallowed"):
            ours.get(web.url("/a"), {}, client.deadline())
    assert ours.get(web.url("/p"), {}, client.deadline()).body == b"ok"


def test_waiting_for_a_turn_ends_with_the_deadline_or_when_told_to_stop(web: Web) -> None:
    stop, asked = threading.Event(), threading.Event()
    ours, client = polite(stop=stop)
    web.serve("/robots.txt", status=404)

    def page(_: BaseHTTPRequestHandler) -> None:
        asked.set()
        web.closing.wait(10)

    web.pages["/slow"] = page
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(ours.get, web.url("/slow"), {}, client.deadline())
        assert asked.wait(5)
        with pytest.raises(FetchFailure) as caught:
            ours.get(web.url("/p"), {}, Deadline(0.1, stop))
        assert caught.value.kind is Failure.LATE
        threading.Timer(0.1, stop.set).start()
        with pytest.raises(Stopped):
            ours.get(web.url("/p"), {}, Deadline(5, stop))
        assert isinstance(slow.exception(), Stopped)
