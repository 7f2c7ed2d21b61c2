"""The schema of the first stores (before 24 November 2026), made by `create_all`; they bear no mark."""

from typing import Final

revision: Final = "0001"
down_revision: Final = None


def upgrade() -> None:
    """Nothing: a store without a mark is of this version."""
