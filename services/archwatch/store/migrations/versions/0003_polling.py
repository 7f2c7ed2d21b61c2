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
    op.create_table(
        "subscriptions",
        sa.Column("feed", sa.Text, primary_key=True),
        sa.Column("hub", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False, comment="what the hub calls the feed"),
        sa.Column("token", sa.String(64), nullable=False, comment="the end of our callback's URL"),
        sa.Column("secret", sa.String(64), nullable=False, comment="the hub signs with it"),
        sa.Column("ask_at", Instant, nullable=False, comment="when the hub is asked next"),
        sa.Column("until", Instant, comment="when the lease ends; null: not confirmed"),
        sa.Column(
            "pinged", sa.Boolean, nullable=False, comment="told of something new, and not yet due for it"
        ),
    )
    op.create_index("subscriptions_token", "subscriptions", ["token"], unique=True)
