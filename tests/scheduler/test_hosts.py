"""Whose turn it is with which server."""

import pytest

from archwatch.scheduler.feeds import Feed
from archwatch.scheduler.hosts import over_hosts, server_of


def test_no_host_holds_up_the_rest() -> None:
    feeds = [Feed(f"https://{host}.example/{n}", "x") for host in "ab" for n in range(3)]
    assert [feed.url[8] for feed in over_hosts(feeds)] == ["a", "b"] * 3


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("https://Example.org/feed", "example.org"),
        ("http://example.org:80/feed", "example.org"),
        ("http://user:secret@example.org:8080/feed", "example.org:8080"),
        ("http://[::1]:8080/feed", "::1:8080"),
        ("http://example.org:port/feed", ""),
    ],
)
def test_two_ports_are_two_servers_and_two_schemes_are_one(url: str, server: str) -> None:
    assert server_of(url) == server
