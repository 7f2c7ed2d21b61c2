"""Stories of several entries: which entry is of which, how each stands, what was told of it."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0005"
down_revision: Final = "0004"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "story_entries",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("entry_id", sa.String(200), nullable=False, unique=True),
        sa.Column("story_id", sa.String(200), nullable=False, index=True),
        sa.Column("voice", sa.Text, nullable=False),
        sa.Column("facts", sa.Text, nullable=False, comment="JSON: what is compared"),
        sa.Column("vector", sa.LargeBinary, nullable=False, comment="16-bit floats"),
        sa.Column("prints", sa.LargeBinary, nullable=False, comment="32-bit integers"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "stories",
        sa.Column("story_id", sa.String(200), primary_key=True),
        sa.Column("state", sa.Text, nullable=False, comment="JSON"),
        sa.Column("last_at", moment, nullable=False, comment="when its last entry came", index=True),
        sa.Column("due_at", moment, comment="from when on what waits is to be told", index=True),
        sa.Column("merged_into", sa.String(200), comment="the story that it turned out to be part of"),
        sa.Index("stories_merged", "merged_into"),
    )
    op.create_table(
        "story_revisions",
        sa.Column("story_id", sa.String(200), primary_key=True),
        sa.Column("revision", sa.Integer, primary_key=True),
        sa.Column("entry_id", sa.String(200), nullable=False, comment="that led to it"),
        sa.Column("at", moment, nullable=False),
        sa.Column("data", sa.Text, nullable=False, comment="JSON, as published"),
        sa.Column("on_log", sa.Boolean, nullable=False, comment="known to be on the event log"),
        sa.Index("story_revisions_entry", "entry_id"),
    )
