"""What a cancelled event is told with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("revisions", sa.Column("outline", sa.Text()))
    op.add_column("revisions", sa.Column("ends", sa.BigInteger()))
