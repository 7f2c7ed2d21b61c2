"""Who may be asked for what: robots.txt as RFC 9309 reads it, from a real server."""

from collections.abc import Callable
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protego import Protego

from archwatch.web.client import Client, Limits, web_url
from archwatch.web.failure import Failure, FetchFailure
from archwatch.web.robots import Robots
from local_web import Web, running_web

LIMITS = Limits(connect_timeout=1, read_timeout=0.3, total_timeout=2)


def client() -> Client:
    return Client(LIMITS, user_agent="archwatch/0.1 (+mailto:us)", allow_private_hosts=["127.0.0.1"])


def refusal(web: Web, path: str = "/story", *, robots: Robots | None = None, public: bool = False) -> str:
    """The failure, "" when the path may be fetched."""
    ours = client()
    try:
        (robots or Robots(ours)).crawl_delay(web_url(web.url(path)), ours.deadline(), public_only=public)
    except FetchFailure as failure:
        return failure.kind
    return ""


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("User-agent: *\nDisallow: /private/", "/private/a", False),
        ("User-agent: *\nDisallow: /private/", "/story", True),
        ("User-agent: *\nDisallow: /", "/story", False),
        ("User-agent: *\nDisallow:", "/story", True),
        # the longest rule wins, whichever comes first
        ("User-agent: *\nDisallow: /news/\nAllow: /news/free", "/news/free/1", True),
        ("User-agent: *\nAllow: /\nDisallow: /*/print", "/a/print", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf?x", True),
        # a group for us alone
        ("User-agent: *\nDisallow: /\n\nUser-agent: archwatch\nAllow: /", "/story", True),
        ("User-agent: ArchWatch\nDisallow: /", "/story", False),
        ("User-agent: otherbot\nDisallow: /", "/story", True),
        ("<!doctype html><html><body>not found, but 200</body></html>", "/story", True),
        ("", "/story", True),
        ("\ufeffUser-agent: *\r\nDisallow: /\r\n", "/story", False),
    ],
)
def test_rules_are_kept(web: Web, rules: str, path: str, allowed: bool) -> None:
    web.serve("/robots.txt", rules.encode())
    assert refusal(web, path) == ("" if allowed else Failure.ROBOTS_DISALLOWED)


@pytest.mark.parametrize(
    ("status", "expected"),
    [(404, ""), (403, ""), (410, ""), (429, "robots_unreachable"), (500, "robots_unreachable"),
     (503, "robots_unreachable")],
)  # fmt: skip
def test_no_rules_allow_all_and_rules_that_cannot_be_had_nothing(
    web: Web, status: int, expected: str
) -> None:
    web.serve("/robots.txt", b"User-agent: *\nDisallow: /", status)
    assert refusal(web) == expected


def test_a_silent_or_endless_robots_txt_allows_nothing(web: Web) -> None:
    web.drip("/robots.txt", b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 50_000)
    assert refusal(web) == "robots_unreachable"

    def silent(_: BaseHTTPRequestHandler) -> None:
        web.closing.wait(5)

    web.pages["/robots.txt"] = silent
    assert refusal(web) == "robots_unreachable"


def test_what_else_the_network_does_is_told_as_it_is(web: Web) -> None:
    web.serve("/robots.txt", b"")
    assert refusal(web, public=True) == "blocked_address"
    assert refusal(web, public=False) == ""
    ours = client()
    with pytest.raises(FetchFailure, match="dns_error"):
        Robots(ours).crawl_delay(web_url("http://a..b/story"), ours.deadline())


def test_its_redirects_are_followed_but_nowhere_private(web: Web) -> None:
    web.serve("/rules", b"User-agent: *\nDisallow: /story")
    web.serve("/robots.txt", status=301, Location="/rules")
    assert refusal(web) == "robots_disallowed"
    web.serve("/robots.txt", status=301, Location=web.url("/rules", "localhost"))
    assert refusal(web) == "blocked_address"
    web.serve("/robots.txt", status=301, Location="/robots.txt")
    assert refusal(web) == "robots_unreachable"


def test_a_host_is_asked_once_a_day(web: Web) -> None:
    now = [0.0]
    robots = Robots(client(), clock=lambda: now[0])
    web.serve("/robots.txt", b"User-agent: *\nDisallow: /a")
    assert [refusal(web, path, robots=robots) for path in ("/a", "/b", "/a")] == [
        "robots_disallowed",
        "",
        "robots_disallowed",
    ]
    assert len(web.asked) == 1
    web.serve("/robots.txt", status=503)
    now[0] = 86_399.0
    assert refusal(web, "/b", robots=robots) == ""
    now[0] = 86_401.0
    assert refusal(web, "/b", robots=robots) == "robots_unreachable"
    # a failure is forgotten sooner
    web.serve("/robots.txt", status=404)
    assert refusal(web, "/b", robots=robots) == "robots_unreachable"
    now[0] += 301.0
    assert refusal(web, "/b", robots=robots) == ""
    assert len(web.asked) == 3


def test_what_is_remembered_is_bounded() -> None:
    robots = Robots(client())
    with ExitStack() as stack:
        webs = [stack.enter_context(running_web()) for _ in range(6)]
        for web in webs:
            web.serve("/robots.txt", b"#" * 400_000)
            assert refusal(web, robots=robots) == ""
        # 2 MB are kept: the first had to go, the last has not
        assert [refusal(web, robots=robots) for web in (webs[-1], webs[0])] == ["", ""]
        assert [len(webs[n].asked) for n in (0, -1)] == [2, 1]


def test_a_delay_is_handed_on(web: Web) -> None:
    web.serve("/robots.txt", b"User-agent: *\nCrawl-delay: 7\n")
    ours = client()
    assert Robots(ours).crawl_delay(web_url(web.url("/story")), ours.deadline()) == 7.0


def pieces() -> st.SearchStrategy[str]:
    words = [
        "User-agent:",
        "*",
        "archwatch",
        "Disallow:",
        "Allow:",
        "Crawl-delay:",
        "nan",
        "-1",
        "/",
        "$",
        "%",
        "é",
        "\x00",
    ]
    return st.lists(st.sampled_from([*words, "\n", " ", "\x00"]), max_size=60).map("".join)


@given(pieces(), st.text("abé/*$%?=&\u00ad", max_size=30))
def test_no_robots_txt_breaks_the_parser(rules: str, path: str) -> None:
    parsed = Protego.parse(rules)
    parsed.can_fetch(str(web_url("http://host.example/" + path)), "archwatch")
    assert (parsed.crawl_delay("archwatch") or 0) >= 0


@pytest.mark.parametrize(
    "line",
    [
        lambda n: f"Disallow: /x{n}\n",
        lambda n: f"Disallow: /a*b*a*b{n}*z$\n",
        lambda n: f"User-agent: b{n}\nDisallow: /\n",
    ],
)
def test_a_large_robots_txt_is_read_to_its_end(web: Web, line: Callable[[int], str]) -> None:
    rules = "User-agent: *\nAllow: /\n" + "".join(line(n) for n in range(15_000))
    web.serve("/robots.txt", rules.encode())
    assert refusal(web, "/" + "ab" * 1_000) == ""
