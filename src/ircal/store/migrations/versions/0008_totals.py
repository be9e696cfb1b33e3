"""What runs come to, and what kind of error one ended with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("runs", sa.Column("fault", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "totals",
        sa.Column("calendar", sa.Text(), primary_key=True),
        sa.Column("figure", sa.Text(), primary_key=True),
        sa.Column("value", sa.BigInteger(), nullable=False),
    )
