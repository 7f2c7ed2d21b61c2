"""How much each feed publishes, and when, is kept: it is asked by that"""

from typing import Final

import sqlalchemy as sa
from alembic import op

from archwatch.store.tables import Instant

revision: Final = "0003"
down_revision: Final = "0002"


def upgrade() -> None:
    op.create_table(
        "feed_rhythms",
        sa.Column("feed", sa.Text, primary_key=True),
        sa.Column("at", Instant, nullable=False, comment="the last good poll"),
        sa.Column("items", sa.Float, nullable=False, comment="entries found, fading with age"),
        sa.Column("days", sa.Float, nullable=False, comment="days watched, fading with age"),
        sa.Column("recent", sa.Float, nullable=False, comment="entries of the last hours"),
        sa.Column(
            "hours",
            sa.Text,
            nullable=False,
            comment="JSON: entries by hour of the day (UTC), fading with age",
        ),
    )
