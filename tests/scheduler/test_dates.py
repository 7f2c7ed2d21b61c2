"""Dates of feeds: right, or none and why."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archwatch.scheduler.dates import MAX_AHEAD, read_date

NOW = datetime(2026, 3, 5, tzinfo=UTC)
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)

SAME_NOON = [
    "Wed, 04 Mar 2026 12:00:00 GMT",
    "4 Mar 26 12:00 UT",
    "Wed, 04 Mar 2026 15:00:00 +0300",
    "Wed, 04 Mar 2026 15:00:00 MSK",
    "Wed, 04 Mar 2026 15:00:00 EEST",
    "Wed, 04 Mar 2026 07:00:00 EST",
    "Wed, 04 Mar 2026 17:45:00 +05:45",
    "Wed, 04 Mar 2026 14:00:00 GMT+2",
    "Wed, 04 Mar 2026 13:00:00 Europe/Paris",
    "Wednesday, March 4, 2026 at 12:00 pm",
    "Wed Mar  4 12:00:00 UTC 2026",
    "2026-03-04T12:00:00Z",
    "2026-03-04T13:00:00.123456+01:00",
    "2026-03-04 12:00",
    "20260304T120000Z",
    "2026/3/4 12:00",
    "04.03.2026 12:00",
    "1772625600",
    "1772625600000",
    "Ср, 04 мар 2026 15:00:00 +0300",
    "4 марта 2026, 12:00",
    "4 березня 2026 12:00",
    "Mittwoch, 4. März 2026 - 12:00 Uhr",
    "mer, 04 mars 2026 13:00:00 +0100",
    "mar. 4 mars 2026 12h00",
    "4 de marzo de 2026 12:00",
    "środa, 4 marca 2026 12:00",
    "4 Mart 2026 12:00",
    "miercuri, 4 martie 2026 12:00",
    "2026年3月4日 12:00",
]


@pytest.mark.parametrize("raw", SAME_NOON)
def test_one_instant_in_many_spellings(raw: str) -> None:
    moment, reason = read_date(raw, NOW)
    assert reason is None
    assert moment is not None
    assert moment.replace(microsecond=0) == NOON
    assert moment.tzinfo is UTC


@pytest.mark.parametrize(
    ("raw", "day"),
    [("2016/6/29", "2016-06-29"), ("2021-12-05", "2021-12-05"), ("9/20/17", "2017-09-20"),
     ("4/4/17", "2017-04-04"), ("31/12/2025", "2025-12-31"), ("26-FEB-1987", "1987-02-26"),
     ("Tue, 03 Mar 2026 24:00:00 GMT", "2026-03-04"), ("00:00 mar 4 2026", "2026-03-04")],
)  # fmt: skip
def test_a_day_alone_is_its_midnight(raw: str, day: str) -> None:
    assert read_date(raw, NOW)[0] == datetime.fromisoformat(f"{day}T00:00:00Z")


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("", "no date is given"),
        ("1987", "the day is not given"),
        ("2014/2015", "the day is not given"),
        ("2021-12", "the day is not given"),
        ("2026-13-04", "month 13"),
        ("2026-02-30", "day is out of range"),
        ("Wed, 32 Mar 2026 12:00:00 GMT", "day is out of range"),
        ("2026-03-04T25:00:00Z", "hour"),
        ("4/5/17", "which is the month?"),
        ("2999-01-01", "in the future"),
        ("Thu, 01 Jan 1970 00:00:00 GMT", "a default value"),
        ("0001-01-01T00:00:00Z", "a default value"),
        ("Wed, 4 Mar 2026 12:00:00 IST", "zone IST is unknown or means several"),
        ("Wed, 4 Mar 2026 12:00:00 Mars/Base", "zone Mars/Base is unknown"),
        ("4 Foomonth 2026", "Foomonth is no month"),
        ("yesterday", "no day, month and year"),
        ("x" * 1_000, "too long"),
    ],
)
def test_what_is_no_date_is_none_with_the_reason(raw: str, why: str) -> None:
    moment, reason = read_date(raw, NOW)
    assert moment is None
    assert why in (reason or "")


past = st.datetimes(datetime(1971, 1, 1), datetime(2026, 3, 1), timezones=st.builds(
    timezone, st.integers(-12 * 60, 14 * 60).map(lambda minutes: timedelta(minutes=minutes))
))  # fmt: skip


@given(past)
def test_the_standard_forms_are_read_back_exactly(moment: datetime) -> None:
    whole = moment.replace(microsecond=0)
    assert read_date(format_datetime(whole), NOW) == (whole, None)
    assert read_date(whole.isoformat(), NOW) == (whole, None)
    assert read_date(whole.strftime("%Y-%m-%d %H:%M:%S %z"), NOW) == (whole, None)


@given(st.text() | st.from_regex(r"[0-9a-zA-Zа-я:/., +\-T]{0,40}"))
def test_any_text_gives_a_possible_instant_or_a_reason(raw: str) -> None:
    moment, reason = read_date(raw, NOW)
    assert (moment is None) == bool(reason)
    assert moment is None or datetime(1970, 1, 2, tzinfo=UTC) <= moment <= NOW + MAX_AHEAD
