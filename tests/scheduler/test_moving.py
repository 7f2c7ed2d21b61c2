"""When a feed that says it has moved is believed."""

from datetime import UTC, datetime, timedelta

from archwatch.scheduler.moving import PROOFS, Moving, moved

NOW = datetime(2026, 3, 4, tzinfo=UTC)
NEW = "https://new.example/f"
HOUR = timedelta(hours=1)


def after(polls: int, every: timedelta, to: str | None = NEW) -> Moving:
    state = Moving()
    for number in range(polls):
        state = moved(state, to, 0, NOW + number * every)
    return state


def test_a_move_is_believed_after_repeated_proof_over_days() -> None:
    assert after(PROOFS - 1, 8 * HOUR).location is None
    assert after(PROOFS, 8 * HOUR) == Moving(NEW)
    assert after(200, timedelta(minutes=10)).location is None
    assert after(500, timedelta(minutes=10)).location == NEW


def test_another_answer_begins_the_proof_anew() -> None:
    almost = after(PROOFS - 1, 8 * HOUR)
    assert moved(almost, None, 0, NOW) == Moving()
    assert moved(almost, "https://other.example/f", 0, NOW).seen == 1
    assert moved(almost, None, 1, NOW) == almost


def test_a_place_that_fails_is_left_again() -> None:
    settled = Moving(NEW)
    assert moved(settled, None, 2, NOW) == settled
    assert moved(settled, None, 3, NOW) == Moving()
