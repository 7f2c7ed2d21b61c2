"""Queries on alerts that were raised: what was said is not said again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select

from archwatch.store.insert import insert
from archwatch.store.tables import raised_alerts


def raised(connection: Connection, alert_ids: Sequence[str]) -> dict[str, datetime]:
    """For those of `alert_ids` that were raised before: when last."""
    query = select(raised_alerts).where(raised_alerts.c.alert_id.in_(alert_ids))
    return {row.alert_id: row.raised_at for row in connection.execute(query)}


def mark(connection: Connection, alert_ids: Sequence[str], now: datetime) -> None:
    if not alert_ids:
        return
    adding = insert(connection, raised_alerts)
    connection.execute(
        adding.on_conflict_do_update(index_elements=[raised_alerts.c.alert_id], set_={"raised_at": now}),
        [{"alert_id": alert_id, "raised_at": now} for alert_id in dict.fromkeys(alert_ids)],
    )
