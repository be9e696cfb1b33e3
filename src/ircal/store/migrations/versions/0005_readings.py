"""What was read last of calendars elsewhere, and what they would not take."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "readings",
        sa.Column("calendar", sa.Text(), primary_key=True),
        sa.Column("token", sa.Text(), nullable=False),
    )
    op.create_table(
        "read_events",
        sa.Column("calendar", sa.Text(), primary_key=True),
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("body", sa.Text(), nullable=False),
    )
    op.create_table(
        "quarantine",
        sa.Column("calendar", sa.Text(), primary_key=True),
        sa.Column("uid", sa.Text(), primary_key=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
    )
