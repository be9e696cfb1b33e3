"""Feed tokens that belong to a person, of which there is one for each calendar, and that may end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_THE_ONLY_ONE = sa.text("person != '' AND revoked IS NULL AND expires IS NULL")


def upgrade() -> None:
    op.add_column("tokens", sa.Column("person", sa.Text(), nullable=False, server_default=""))
    op.add_column("tokens", sa.Column("expires", sa.BigInteger()))
    op.create_index(
        "one_token_each",
        "tokens",
        ["person", "calendar"],
        unique=True,
        sqlite_where=_THE_ONLY_ONE,
        postgresql_where=_THE_ONLY_ONE,
    )
