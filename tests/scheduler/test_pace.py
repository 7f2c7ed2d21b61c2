"""How often a feed is asked, by what it published."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from archwatch.scheduler.pace import interval_of, learn, pace_for, rate
from archwatch.store import History

NOW = datetime(2026, 3, 4, tzinfo=UTC)
INTERVAL, SHORTEST, LONGEST = timedelta(minutes=15), timedelta(minutes=2), timedelta(hours=24)
dates = st.lists(
    st.none() | st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)), max_size=20
)


def every(gap: timedelta, days: int = 20) -> History:
    """A feed that publishes each `gap`, polled each quarter of an hour."""
    history, now, due = History(NOW), NOW, NOW + gap
    while now < NOW + timedelta(days=days):
        now += INTERVAL
        came = []
        while due <= now:
            came.append(due)
            due += gap
        history = learn(history, now, came)
    return history


@given(
    st.none() | dates, st.lists(st.tuples(st.integers(0, 10**7), dates), max_size=10), st.floats(1e-4, 1e6)
)
def test_whatever_a_feed_says_the_bounds_hold(first, polls, pace) -> None:  # type: ignore[no-untyped-def]
    history, now = learn(None, NOW, first or []), NOW
    for seconds, published in polls:
        now += timedelta(seconds=seconds)
        history = learn(history, now, published)
    assert len(history.hours) == 24
    assert min(history.items, history.days, history.recent, *history.hours) >= 0
    assert SHORTEST <= interval_of(history, pace, SHORTEST, LONGEST) <= LONGEST


@given(st.lists(st.floats(0.001, 2_000), min_size=1, max_size=50), st.integers(120, 86_400))
def test_all_feeds_together_cost_what_the_interval_for_all_would(rates: list[float], seconds: int) -> None:
    interval = timedelta(seconds=seconds)
    alone = [History(NOW, one * 1e6, 1e6, hours=(one * 1e6,) * 24) for one in rates]
    pace = pace_for([rate(one.items, one.days) for one in alone], interval, SHORTEST, LONGEST)
    polls = sum(timedelta(days=1) / interval_of(one, pace, SHORTEST, LONGEST) for one in alone)
    assert polls <= len(rates) * (timedelta(days=1) / interval) * 1.02 + 0.001 * len(rates)


def test_what_publishes_more_is_asked_more() -> None:
    feeds = [every(timedelta(minutes=10)), every(timedelta(hours=3)), every(timedelta(days=7))]
    pace = pace_for([rate(one.items, one.days) for one in feeds], INTERVAL, SHORTEST, LONGEST)
    busy, middling, quiet = (interval_of(one, pace, SHORTEST, LONGEST) for one in feeds)
    assert busy <= timedelta(minutes=10) < middling < quiet
    assert quiet > timedelta(hours=2)


def test_feeds_that_publish_weekly_are_asked_rarely_though_there_are_no_others() -> None:
    weekly = every(timedelta(days=7))
    pace = pace_for([rate(weekly.items, weekly.days)] * 3, INTERVAL, SHORTEST, LONGEST)
    assert timedelta(hours=1.5) < interval_of(weekly, pace, SHORTEST, LONGEST) <= LONGEST


def test_a_feed_that_just_published_is_asked_sooner() -> None:
    calm = learn(every(timedelta(hours=8)), NOW + timedelta(days=21), [])
    lively = learn(every(timedelta(hours=8)), NOW + timedelta(days=21), [NOW + timedelta(days=21)])
    assert interval_of(lively, 10, SHORTEST, LONGEST) < interval_of(calm, 10, SHORTEST, LONGEST) / 1.3


def test_a_feed_of_office_hours_is_left_alone_at_night() -> None:
    history = History(NOW)
    for hour in range(24 * 21):
        now = NOW + timedelta(hours=hour + 1)
        history = learn(history, now, [now - timedelta(minutes=1)] * 2 if 8 <= hour % 24 < 18 else [])
    night = History(NOW.replace(hour=0), history.items, history.days, 0, history.hours)
    noon = History(NOW.replace(hour=11), history.items, history.days, 0, history.hours)
    assert interval_of(night, 5, SHORTEST, LONGEST) > 3 * interval_of(noon, 5, SHORTEST, LONGEST)


def test_a_first_document_tells_of_the_past() -> None:
    published = [NOW - timedelta(hours=2 * n) for n in range(25)]
    history = learn(None, NOW, published)
    assert 10 < rate(history.items, history.days) < 14
    assert rate(*_counts(learn(None, NOW, [NOW - timedelta(days=400 + n) for n in range(10)]))) < 0.1


def _counts(history: History) -> tuple[float, float]:
    return history.items, history.days


def test_dates_that_cannot_be_are_not_believed() -> None:
    history = learn(
        History(NOW), NOW + timedelta(hours=5), [NOW - timedelta(days=9), NOW + timedelta(days=9), None]
    )
    assert history.hours[5] == 3


def test_memory_fades() -> None:
    busy = every(timedelta(minutes=10))
    later = learn(busy, busy.at + timedelta(days=90), [])
    assert rate(later.items, later.days) < rate(busy.items, busy.days) / 50
