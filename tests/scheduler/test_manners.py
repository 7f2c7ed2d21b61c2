"""How long server and feed ask to be left alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archwatch.scheduler.head import head_of
from archwatch.scheduler.manners import Wishes, fresh_for, retry_after, wishes_of

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
SY = 'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("120", 120), (" 120 ", 120), ("Wed, 04 Mar 2026 12:02:00 GMT", 120), ("0", None), ("soon", None),
     ("-5", None), ("", None), ("Tue, 03 Mar 2026 12:02:00 GMT", None)],
)  # fmt: skip
def test_retry_after_comes_in_seconds_and_as_a_date(value: str, seconds: int | None) -> None:
    found = retry_after({"retry-after": value}, NOW)
    assert (found and found.total_seconds()) == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"cache-control": "public, max-age=600"}, 600),
        ({"cache-control": "max-age=600", "age": "100", "expires": "Wed, 04 Mar 2099 12:00:00 GMT"}, 500),
        ({"cache-control": "s-maxage=900"}, 0),
        ({"cache-control": "no-cache, max-age=600"}, 0),
        ({"expires": "Wed, 04 Mar 2026 12:10:00 GMT"}, 600),
        ({"expires": "Wed, 04 Mar 2026 12:10:00 GMT", "date": "Wed, 04 Mar 2026 12:05:00 GMT"}, 300),
        ({"expires": "0"}, 0),
        ({"expires": "-1"}, 0),
    ],
)
def test_freshness_is_of_the_headers(headers: dict[str, str], seconds: int) -> None:
    assert fresh_for(headers, NOW).total_seconds() == seconds


@pytest.mark.parametrize(
    ("head", "wishes"),
    [
        ("<ttl>60</ttl>", Wishes(3_600)),
        ("<ttl>sixty</ttl>", Wishes()),
        ("<!-- <ttl>60</ttl> -->", Wishes()),
        (
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency> 4 </sy:updateFrequency>",
            Wishes(21_600),
        ),
        ("<sy:updatePeriod>hourly</sy:updatePeriod>", Wishes(3_600)),
        (
            "<skipHours><hour>0</hour><hour>23</hour><hour>99</hour></skipHours>",
            Wishes(0, frozenset((0, 23))),
        ),
        ("<skipDays><day>Sunday</day></skipDays>", Wishes(0, frozenset(), frozenset((6,)))),
        (f"<skipHours>{''.join(f'<hour>{n}</hour>' for n in range(24))}</skipHours>", Wishes()),
    ],
)
def test_the_wishes_are_of_the_document(head: str, wishes: Wishes) -> None:
    body = f"<rss {SY}><channel>{head}<item><ttl>9</ttl></item></channel></rss>"
    assert wishes_of(head_of(body.encode())) == wishes
    assert wishes_of(head_of(body.replace("</rss>", "").encode("utf-16"))) == wishes


@given(st.binary(max_size=500) | st.text(max_size=500).map(str.encode))
def test_no_body_and_no_header_breaks_it(body: bytes) -> None:
    wishes_of(head_of(body))
    text = body.decode("latin-1")
    retry_after({"retry-after": text}, NOW)
    assert fresh_for({"cache-control": text, "expires": text, "age": text}, NOW) >= timedelta()
