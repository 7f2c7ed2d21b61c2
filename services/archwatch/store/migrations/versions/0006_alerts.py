"""Alerts and their notices are kept; `raised_alerts`, which no service ever wrote, goes"""

from typing import Final

import sqlalchemy as sa
from alembic import op

from archwatch.store.tables import Instant

revision: Final = "0006"
down_revision: Final = "0005"


def upgrade() -> None:
    op.drop_table("raised_alerts")
    op.create_table(
        "alerts",
        sa.Column("alert_id", sa.String(200), primary_key=True),
        sa.Column("story_id", sa.String(200), nullable=False),
        sa.Column("rule", sa.String(64), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("raised_at", Instant, nullable=False),
        sa.Column("body", sa.Text, nullable=False, comment="the alert as JSON"),
        sa.Column("logged", sa.Boolean, nullable=False, comment="known to be on the event log"),
        sa.Column(
            "digest", sa.Text, comment="the digest that told it; null: it waits for one, or was sent at once"
        ),
    )
    op.create_index("alerts_by_outcome", "alerts", ["outcome", "digest", "raised_at"])
    op.create_index("ix_alerts_story_id", "alerts", ["story_id"])
    op.create_table(
        "notices",
        sa.Column("notice_id", sa.String(300), primary_key=True),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("alert_ids", sa.Text, nullable=False, comment="a line each"),
        sa.Column("digest", sa.Boolean, nullable=False),
        sa.Column("queued_at", Instant, nullable=False),
        sa.Column("next_try_at", Instant, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("sent_at", Instant, comment="null: it waits"),
        sa.Column("trouble", sa.Text, comment="why the last try failed"),
    )
    op.create_index("notices_due", "notices", ["sent_at", "next_try_at"])
