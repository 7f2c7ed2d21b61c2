"""Messages of the outbox are given to a batch before it is published; entries are known by other names too"""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0002"
down_revision: Final = "0001"


def upgrade() -> None:
    with op.batch_alter_table("outbox") as batch_op:
        words = "what it is published with; null: not yet decided"
        batch_op.add_column(sa.Column("batch", sa.String(32), comment=words))
    hashed = "feed and name, hashed: those of a feed lie together"
    op.create_table(
        "seen_aliases",
        sa.Column("alias", sa.LargeBinary, primary_key=True, comment=hashed),
        sa.Column("entry_id", sa.String(200), nullable=False, comment="the entry first seen under that name"),
        sqlite_with_rowid=False,
    )
