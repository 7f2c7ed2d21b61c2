"""Which hub a feed names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archwatch.scheduler.head import head_of
from archwatch.scheduler.hubs import Hub, hub_of

ADDRESS = "https://example.org/news/feed"
ATOM = 'xmlns:a="http://www.w3.org/2005/Atom"'
HUB = '<a:link rel="hub" href="https://hub.example/"/>'
SELF = '<a:link rel="self" type="application/rss+xml" href="https://example.org/feed"/>'
BOTH = Hub("https://hub.example/", "https://example.org/feed")


def rss(head: str, item: str = "") -> bytes:
    return f"<rss {ATOM}><channel><link>https://example.org/</link>{head}<item>{item}</item></channel></rss>".encode()


@pytest.mark.parametrize(
    ("body", "header", "hub"),
    [
        (rss(HUB + SELF), "", BOTH),
        (rss(HUB), "", None),
        (rss(SELF), "", None),
        (rss("", HUB + SELF), "", None),
        (rss(HUB + '<a:link rel="hub" href="https://second.example/"/>' + SELF), "", BOTH),
        (rss('<a:link rel="self" href="/feed"/>' + HUB), "", BOTH),
        (rss('<a:link rel="hub" href="file:///etc/passwd"/>' + SELF), "", None),
        (rss('<a:link rel="hub" href="http://[broken/"/>' + SELF), "", None),
        (b"", '<https://hub.example/>; rel="hub", </feed>; rel=self', BOTH),
        (rss(HUB + SELF), "<https://header.example/>; rel=hub, <t>; rel=self",
         Hub("https://header.example/", "https://example.org/news/t")),
        (b'{"version": "https://jsonfeed.org/version/1.1"}', "", None),
        (f"<feed>{HUB + SELF}</feed>".replace("a:", "").encode(), "", BOTH),
    ],
)  # fmt: skip
def test_a_hub_and_the_feed_s_own_name_are_both_needed(body: bytes, header: str, hub: Hub | None) -> None:
    assert hub_of(head_of(body), header, ADDRESS) == hub


@given(st.binary(max_size=300), st.text(max_size=300))
def test_nothing_that_is_sent_breaks_it(body: bytes, header: str) -> None:
    hub_of(head_of(body), header, ADDRESS)
