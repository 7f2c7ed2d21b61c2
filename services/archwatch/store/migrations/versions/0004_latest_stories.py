"""The latest stories for people's screens"""

from typing import Final

import sqlalchemy as sa
from alembic import op

from archwatch.store.latest import GRANT
from archwatch.store.tables import Instant

revision: Final = "0004"
down_revision: Final = "0003"


def upgrade() -> None:
    spaced = "ids with spaces between"
    op.create_table(
        "latest_stories",
        sa.Column("story_id", sa.String(200), primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("told_at", Instant, nullable=False, comment="when this revision was published"),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False, comment="its first event in words, else its title"),
        sa.Column("url", sa.Text),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("source_count", sa.Integer, nullable=False),
        sa.Column("language", sa.String(20)),
        sa.Column("topics", sa.Text, nullable=False, comment=spaced),
        sa.Column("actors", sa.Text, nullable=False, comment="codes of all parties with spaces between"),
        sa.Column("score", sa.Float, nullable=False),
    )
    op.create_index("ix_latest_stories_told_at", "latest_stories", ["told_at"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(GRANT)
