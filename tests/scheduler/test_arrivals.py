"""How often a feed brings something, and when its silence is odd."""

from datetime import UTC, datetime, timedelta

from archwatch.scheduler.arrivals import remembered, silent_after, typical_gap

NOW = datetime(2026, 3, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)


def every(gap: timedelta, count: int) -> tuple[int, ...]:
    return remembered((), (NOW - n * gap for n in range(count)), NOW)


def test_a_rhythm_needs_some_history_and_is_no_longer_than_is_kept() -> None:
    assert typical_gap(every(HOUR, 5)) is None
    assert typical_gap(every(HOUR, 6)) == HOUR
    assert len(every(HOUR, 90)) == 50


def test_dates_in_the_future_and_missing_ones_count_as_now() -> None:
    assert remembered((), [NOW + HOUR], NOW) == remembered((), [], NOW) == (int(NOW.timestamp()),)


def test_what_is_new_came_now_whatever_old_date_it_bears() -> None:
    before = every(HOUR, 6)
    old = NOW - timedelta(days=900)
    assert remembered(before, [old], NOW + HOUR)[-1] == (NOW + HOUR).timestamp()
    assert remembered(before, [old, NOW + HOUR], NOW + 2 * HOUR)[-1] == (NOW + HOUR).timestamp()
    assert remembered((), [old], NOW) == (int(old.timestamp()),), "it may have been dead for years"


def test_silence_is_five_times_the_rhythm_and_longer_than_a_usual_pause() -> None:
    assert silent_after((), HOUR) is None
    assert silent_after(every(HOUR, 10), timedelta(minutes=15)) == 5 * HOUR
    assert silent_after(every(timedelta(minutes=1), 10), HOUR) == 5 * HOUR
    night = remembered(every(HOUR, 10), [NOW - 19 * HOUR], NOW)
    assert silent_after(night, timedelta(minutes=15)) == 15 * HOUR
