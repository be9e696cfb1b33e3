"""What the service remembers: due calendars, its runs, Google's channels, and the last good programmes.

The version of the tables is Alembic's to keep from now on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    _make_due()
    _make_runs()
    _make_channels()
    op.create_table(
        "programmes",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("kept", sa.BigInteger(), nullable=False),
    )
    op.execute("DROP TABLE IF EXISTS schema_version")
    with op.batch_alter_table("circuits") as circuits:  # SQLite lets a key be nothing where it is not told otherwise
        circuits.alter_column("name", existing_type=sa.Text(), nullable=False)


def _make_due() -> None:
    op.create_table(
        "due",
        sa.Column("calendar", sa.Text(), primary_key=True),
        sa.Column("raised", sa.BigInteger(), nullable=False),
        sa.Column("begun", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.BigInteger()),
        sa.Column("causes", sa.Text(), nullable=False),
        sa.Column("later_since", sa.BigInteger()),
        sa.Column("later_causes", sa.Text(), nullable=False),
    )


def _make_runs() -> None:
    op.create_table(
        "runs",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("calendar", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("began", sa.BigInteger(), nullable=False),
        sa.Column("ended", sa.BigInteger()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("deleted", sa.Integer(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.UniqueConstraint("calendar", "id", name="one_run_each"),
    )
    op.create_index("runs_of_a_calendar", "runs", ["calendar", "number"])


def _make_channels() -> None:
    op.create_table(
        "channels",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("calendar", sa.Text(), nullable=False),
        sa.Column("resource", sa.Text(), nullable=False),
        sa.Column("token_digest", sa.Text(), nullable=False),
        sa.Column("opened", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.Column("stopped", sa.BigInteger()),
        sa.Column("last_message", sa.BigInteger(), nullable=False),
    )
