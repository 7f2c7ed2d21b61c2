"""Alerts raised, and the notices of them that wait for a channel: decided once, sent once.

A decision and its notices are one transaction, so that a batch that is taken again, an event that is
replayed, and a channel that is away neither lose an alert nor send it twice.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    String,
    Table,
    Text,
    func,
    select,
    text,
    update,
)

from archwatch.contracts.alert import Alert
from archwatch.store.engine import transaction
from archwatch.store.insert import insert
from archwatch.store.tables import Instant, metadata

_DECIDING: Final = 0x616C6572  # any number, so long as every archwatch locks the same

alerts: Final = Table(
    "alerts",
    metadata,
    Column("alert_id", String(200), primary_key=True),
    Column("story_id", String(200), nullable=False, index=True),
    Column("rule", String(64), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("body", Text, nullable=False, comment="the alert as JSON"),
    Column("logged", Boolean, nullable=False, comment="known to be on the event log"),
    Column("digest", Text, comment="the digest that told it; null: it waits for one, or was sent at once"),
    Index("alerts_by_outcome", "outcome", "digest", "raised_at"),
)

notices: Final = Table(
    "notices",
    metadata,
    Column("notice_id", String(300), primary_key=True),
    Column("channel", Text, nullable=False),
    Column("alert_ids", Text, nullable=False, comment="a line each"),
    Column("digest", Boolean, nullable=False),
    Column("queued_at", Instant, nullable=False),
    Column("next_try_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("sent_at", Instant, comment="null: it waits"),
    Column("trouble", Text, comment="why the last try failed"),
    Index("notices_due", "sent_at", "next_try_at"),
)


@dataclass(frozen=True)
class Earlier:
    """What a decision rests on: the alerts of the story, oldest first, the last time each rule sent one at
    once, and how many were sent at once since the day began."""

    of_story: tuple[Alert, ...]
    sent_by_rule: dict[str, datetime]
    sent_today: int


@dataclass(frozen=True)
class Notice:
    """What one channel is to be told: an alert, or a digest of several."""

    id: str
    channel: str
    alerts: tuple[Alert, ...]
    digest: bool
    tries: int


@dataclass(frozen=True)
class AlertBook:
    """All methods raise TransientError when the database is away; then nothing was changed."""

    _engine: Engine

    def decide(
        self, story_id: str, day_began: datetime, decide: Callable[[Earlier], Sequence[Alert]]
    ) -> tuple[list[Alert], list[Alert]]:
        """Ask `decide` what the story leads to, keep it, and queue its notices. What was decided before
        stands. Returns what is to be put on the log (also what may have missed it before), and what is
        decided now for the first time (also what is suppressed, which is not kept)."""
        with transaction(self._engine) as connection:
            _one_at_a_time(connection)
            made = decide(_earlier(connection, story_id, day_began))
            kept = [alert for alert in made if alert.outcome != "suppressed"]
            known = {alert.id for alert in _bodies(connection, [alert.id for alert in kept])}
            new = [alert for alert in kept if alert.id not in known]
            if new:
                connection.execute(insert(connection, alerts), [_row(alert) for alert in new])
            for alert in new:
                if alert.outcome == "sent":
                    for channel in _channels(alert):
                        _queue(connection, f"{alert.id}@{channel}", channel, [alert.id], alert.raised_at)
            query = select(alerts.c.body).where(alerts.c.story_id == story_id, alerts.c.logged.is_(False))
            unlogged = [Alert.model_validate_json(row.body) for row in connection.execute(query)]
            return unlogged, new + [alert for alert in made if alert.outcome == "suppressed"]

    def mark_logged(self, alert_ids: Sequence[str]) -> None:
        """They are on the event log."""
        with transaction(self._engine) as connection:
            connection.execute(update(alerts).where(alerts.c.alert_id.in_(alert_ids)).values(logged=True))

    def make_digest(self, at: datetime, now: datetime) -> int:
        """Queue one digest a channel of all alerts that wait for one and were raised before `at`. Returns
        how many alerts it tells."""
        with transaction(self._engine) as connection:
            _one_at_a_time(connection)
            name = f"digest:{at.astimezone(UTC).isoformat()}"
            made = select(func.count()).where(alerts.c.outcome == "digest", alerts.c.digest == name)
            if connection.scalar(made):
                return 0  # one that was decided late waits for the next
            query = (
                select(alerts.c.body)
                .where(alerts.c.outcome == "digest", alerts.c.digest.is_(None), alerts.c.raised_at < at)
                .order_by(alerts.c.raised_at)
            )
            told = [Alert.model_validate_json(row.body) for row in connection.execute(query)]
            for channel in dict.fromkeys(channel for alert in told for channel in _channels(alert)):
                ids = [alert.id for alert in told if channel in _channels(alert)]
                _queue(connection, f"{name}@{channel}", channel, ids, now, digest=True)
            for alert in told:
                connection.execute(update(alerts).where(alerts.c.alert_id == alert.id).values(digest=name))
            return len(told)

    def claim_notices(self, now: datetime, until: datetime, limit: int = 50) -> list[Notice]:
        """The oldest notices that are due; nobody else gets them before `until`."""
        with transaction(self._engine) as connection:
            query = (
                select(notices)
                .where(notices.c.sent_at.is_(None), notices.c.next_try_at <= now)
                .order_by(notices.c.queued_at, notices.c.notice_id)
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
            rows = connection.execute(query).all()
            ids = [row.notice_id for row in rows]
            connection.execute(update(notices).where(notices.c.notice_id.in_(ids)).values(next_try_at=until))
            return [
                Notice(
                    row.notice_id,
                    row.channel,
                    tuple(_bodies(connection, row.alert_ids.splitlines())),
                    row.digest,
                    row.tries,
                )
                for row in rows
            ]

    def mark_sent(self, notice_id: str, now: datetime) -> None:
        self._change(notice_id, sent_at=now, trouble=None)

    def put_off(self, notice_id: str, until: datetime, trouble: str) -> None:
        """It could not be sent: try again at `until`."""
        self._change(notice_id, next_try_at=until, trouble=trouble, tries=notices.c.tries + 1)

    def waiting(self) -> int:
        """Notices that are not sent yet."""
        with transaction(self._engine, read_only=True) as connection:
            query = select(func.count()).select_from(notices).where(notices.c.sent_at.is_(None))
            return connection.scalar(query) or 0

    def _change(self, notice_id: str, **values: object) -> None:
        with transaction(self._engine) as connection:
            connection.execute(update(notices).where(notices.c.notice_id == notice_id).values(**values))


def _earlier(connection: Connection, story_id: str, day_began: datetime) -> Earlier:
    query = select(alerts.c.body).where(alerts.c.story_id == story_id).order_by(alerts.c.raised_at)
    of_story = tuple(Alert.model_validate_json(row.body) for row in connection.execute(query))
    sent = select(alerts.c.rule, func.max(alerts.c.raised_at, type_=Instant())).where(
        alerts.c.outcome == "sent"
    )
    by_rule = {row[0]: row[1] for row in connection.execute(sent.group_by(alerts.c.rule))}
    today = select(func.count()).where(alerts.c.outcome == "sent", alerts.c.raised_at >= day_began)
    return Earlier(of_story, by_rule, connection.scalar(today) or 0)


def _bodies(connection: Connection, ids: Sequence[str]) -> list[Alert]:
    query = select(alerts.c.body).where(alerts.c.alert_id.in_(ids)).order_by(alerts.c.raised_at)
    return [Alert.model_validate_json(row.body) for row in connection.execute(query)]


def _row(alert: Alert) -> dict[str, object]:
    return {
        "alert_id": alert.id,
        "story_id": alert.story_id,
        "rule": alert.rule,
        "outcome": alert.outcome,
        "raised_at": alert.raised_at,
        "body": alert.model_dump_json(),
        "logged": False,
        "digest": None,
    }


def _channels(alert: Alert) -> list[str]:
    return [channel for channel in alert.channel.split(",") if channel != "log"]


def _queue(
    connection: Connection,
    notice_id: str,
    channel: str,
    alert_ids: Sequence[str],
    now: datetime,
    *,
    digest: bool = False,
) -> None:
    adding = insert(connection, notices).on_conflict_do_nothing()
    connection.execute(
        adding,
        {
            "notice_id": notice_id,
            "channel": channel,
            "alert_ids": "\n".join(alert_ids),
            "digest": digest,
            "queued_at": now,
            "next_try_at": now,
            "tries": 0,
            "sent_at": None,
            "trouble": None,
        },
    )


def _one_at_a_time(connection: Connection) -> None:
    """Cool-downs and the day's limit count what other alerters sent. SQLite has but one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _DECIDING})
