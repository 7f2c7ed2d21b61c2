"""Alerts are decided once and sent once: over repeats, restarts, outages and instances, on both databases."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from archwatch.alerter.courier import Courier
from archwatch.alerter.policy import Policy
from archwatch.alerter.service import alerter_stage
from archwatch.contracts.alert import Alert
from archwatch.contracts.codec import decode_message, encode_event
from archwatch.contracts.envelope import LogMessage, Record
from archwatch.contracts.event import FlaggedStory
from archwatch.contracts.topics import ALERTS
from archwatch.errors import TransientError
from archwatch.stage import process
from archwatch.store import Store, open_store
from archwatch.store.alerts import Notice
from archwatch.telemetry.metrics import Metrics
from postgres_server import postgres_database, postgres_url
from samples import NOW, flagged_story

__all__ = ["postgres_database", "postgres_url"]

HOUR = timedelta(hours=1)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    sqlite = request.param == "sqlite"
    opened = open_store(
        f"sqlite:///{tmp_path}/store.db" if sqlite else request.getfixturevalue("postgres_database")
    )
    yield opened
    opened.close()


def _record(message: LogMessage) -> Record:
    return Record(message.topic, 0, 0, message.key.encode(), message.value, message.headers, NOW)


class Desk:
    """An alerter on `store` whose clock and channel the test holds."""

    def __init__(self, store: Store, **fields: object) -> None:
        rule = {"name": "no", "severity": "notice", "meaning": "Somebody says no.", "types": ["REJECT"]}
        self.policy = Policy.model_validate({"rules": [rule]} | fields)
        self.now, self.away, self.metrics = NOW, False, Metrics()
        self.told: list[Notice] = []
        self._stage = alerter_stage(
            self.policy, ("desk",), store.alerts, metrics=self.metrics, clock=lambda: self.now
        )
        self.courier = Courier(
            store.alerts, {"desk": self._send}, self.policy, metrics=self.metrics, clock=lambda: self.now
        )

    def hears(self, *stories: FlaggedStory, committed: bool = True) -> list[Alert]:
        """What goes on the log for a batch of these; `then` is called only when it is committed."""
        messages = [encode_event(data, source="urn:test", time=NOW) for data in stories]
        results = process(self._stage, [_record(message) for message in messages])
        if committed:
            for result in results:
                result.then()
        return [decode_message(ALERTS, Alert, _record(m)) for result in results for m in result.messages]

    def _send(self, notice: Notice, _: datetime) -> None:
        if self.away:
            raise TransientError("away")
        self.told.append(notice)


def test_an_alert_is_raised_and_sent_once_over_repeats_restarts_and_edits(store: Store) -> None:
    desk = Desk(store)
    (alert,) = desk.hears(flagged_story())
    assert desk.courier.round() == 1
    assert desk.told[0].alerts == (alert,)
    for later in (desk, Desk(store)):
        later.now = NOW + 99 * HOUR
        assert later.hears(flagged_story(), flagged_story(), flagged_story(revision=2)) == []
        assert later.courier.round() == 0
    assert desk.metrics.value("archwatch_alerts_total", rule="no", outcome="sent", reason="none") == 1
    held = {"rule": "no", "outcome": "suppressed", "reason": "repeated"}
    assert desk.metrics.value("archwatch_alerts_total", **held) == 3


def test_a_crash_between_store_and_log_puts_the_same_alert_on_the_log(store: Store) -> None:
    desk = Desk(store)
    before = desk.hears(flagged_story(), committed=False)
    again = Desk(store)
    again.now = NOW + HOUR
    assert again.hears(flagged_story()) == before
    assert again.hears(flagged_story()) == []
    assert again.courier.round() == 1
    assert desk.courier.round() == 0


def test_a_story_twice_in_a_batch_is_one_alert(store: Store) -> None:
    assert len(Desk(store).hears(flagged_story(), flagged_story(revision=2))) == 1


def test_a_channel_that_is_away_is_told_once_when_it_is_back(store: Store) -> None:
    desk = Desk(store)
    desk.away = True
    desk.hears(flagged_story())
    for minutes in (0, 5, 5, 60):
        desk.now += timedelta(minutes=minutes)
        assert desk.courier.round() == 0
    assert store.alerts.waiting() == 1
    assert desk.metrics.value("archwatch_notices_waiting") == 1
    assert desk.metrics.value("archwatch_notices_total", channel="desk", outcome="failed") == 4
    desk.away = False
    later = Desk(store)
    later.now = desk.now + HOUR
    assert later.courier.round() == 1
    assert (desk.told, len(later.told)) == ([], 1)
    assert store.alerts.waiting() == 0


def test_what_a_courier_is_under_way_with_no_other_takes(store: Store) -> None:
    Desk(store).hears(flagged_story())
    (notice,) = store.alerts.claim_notices(NOW, NOW + HOUR)
    assert store.alerts.claim_notices(NOW, NOW + HOUR) == []
    # it died: the notice comes again when its lease is over
    assert store.alerts.claim_notices(NOW + HOUR, NOW + 2 * HOUR) == [notice]


def test_quiet_hours_lose_nothing_and_the_digest_comes_once(store: Store) -> None:
    desk = Desk(store, quiet={"from": "11:00", "to": "13:00"}, digest=["14:00"])
    desk.hears(flagged_story("a"), flagged_story("b"))
    assert desk.courier.round() == 0
    desk.now = NOW + 2 * HOUR
    for _ in range(2):
        desk.courier.round()
        Desk(store, digest=["14:00"]).courier.round()
    (digest,) = desk.told
    assert digest.digest
    assert sorted(alert.story_id for alert in digest.alerts) == ["a", "b"]
    assert {alert.reason for alert in digest.alerts} == {"quiet hours"}
    desk.now = NOW + 30 * HOUR
    assert desk.courier.round() == 0


def test_an_alert_decided_as_its_digest_is_made_comes_in_the_next(store: Store) -> None:
    desk = Desk(store, quiet={"from": "11:00", "to": "13:00"}, digest=["14:00"])
    desk.hears(flagged_story("a"))
    desk.now = NOW + 2 * HOUR
    assert desk.courier.round() == 1
    desk.now = NOW
    desk.hears(flagged_story("late"))
    desk.now = NOW + 3 * HOUR
    assert desk.courier.round() == 0
    desk.now = NOW + 26 * HOUR
    assert desk.courier.round() == 1
    assert [alert.story_id for notice in desk.told for alert in notice.alerts] == ["a", "late"]
