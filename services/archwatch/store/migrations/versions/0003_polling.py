"""What a feed publishes and asks for, how it fails and where it moves are kept: it is asked by that"""

from typing import Final

import sqlalchemy as sa
from alembic import op

from archwatch.store.tables import Instant

revision: Final = "0003"
down_revision: Final = "0002"


def upgrade() -> None:
    with op.batch_alter_table("feeds") as batch_op:
        for column in (
            sa.Column("strain", sa.Float, comment="the weight of the failures in a row"),
            sa.Column("status", sa.Integer, comment="of HTTP, at the last poll"),
            sa.Column("why_then", sa.Text, comment="what decided next_poll_at"),
            sa.Column("wishes", sa.Text, comment="what the document asks for, as JSON"),
            sa.Column("arrivals", sa.Text, comment="when something came: seconds since 1970, as JSON"),
            sa.Column("location", sa.Text, comment="where it has moved to"),
            sa.Column("moving_to", sa.Text, comment="where permanent redirects lead, not yet believed"),
            sa.Column("moving_since", Instant),
            sa.Column("moving_seen", sa.Integer, comment="polls in a row that said so"),
        ):
            batch_op.add_column(column)
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
