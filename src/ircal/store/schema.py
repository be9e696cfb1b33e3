"""The tables, and the version of their shape.

Instants are whole microseconds since 1970 in UTC, so that SQLite and PostgreSQL keep exactly the same. The table
`schema_version` has one row; whoever changes a table adds a step to STEPS, which every older database is taken through
when it is opened.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    and_,
    insert,
    inspect,
    select,
    text,
    update,
)

from ircal.errors import StoreError

if TYPE_CHECKING:
    from sqlalchemy import Dialect

STEPS: tuple[tuple[str, ...], ...] = (
    # what brings tables of version 1 to version 2, and so on; both databases must understand it
    ("ALTER TABLE revisions ADD COLUMN outline TEXT", "ALTER TABLE revisions ADD COLUMN ends BIGINT"),
    (
        "ALTER TABLE tokens ADD COLUMN person TEXT NOT NULL DEFAULT ''",
        "ALTER TABLE tokens ADD COLUMN expires BIGINT",
        """CREATE UNIQUE INDEX one_token_each ON tokens (person, calendar)
           WHERE person <> '' AND revoked IS NULL AND expires IS NULL""",
    ),
    ("CREATE TABLE circuits (name TEXT PRIMARY KEY, until BIGINT NOT NULL, reason TEXT NOT NULL)",),
    (
        "CREATE TABLE readings (calendar TEXT NOT NULL PRIMARY KEY, token TEXT NOT NULL)",
        """CREATE TABLE read_events (calendar TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
           PRIMARY KEY (calendar, id))""",
        """CREATE TABLE quarantine (calendar TEXT NOT NULL, uid TEXT NOT NULL, content TEXT NOT NULL,
           reason TEXT NOT NULL, since BIGINT NOT NULL, PRIMARY KEY (calendar, uid))""",
    ),
)
VERSION = 1 + len(STEPS)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SCHEMA_LOCK = 0x69726361  # "irca": an advisory lock is known by a number

_ALWAYS = {"schema_version", "calendars", "revisions", "tokens", "journal"}
"""The tables of version 1, by which a database of ircal's is known; later versions may have more."""
_NAMED = 4
"""How many tables of another program an error names."""


class Instant(TypeDecorator[datetime]):
    """An instant, kept as whole microseconds since 1970 in UTC."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        del dialect
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        del dialect
        return None if value is None else _EPOCH + value * _MICROSECOND


metadata = MetaData()

schema_version = Table("schema_version", metadata, Column("version", Integer, primary_key=True))

calendars = Table("calendars", metadata, Column("id", Text, primary_key=True))
"""Every calendar that was ever seen, be it without a single event."""

revisions = Table(
    "revisions",
    metadata,
    Column("calendar", ForeignKey(calendars.c.id), primary_key=True),
    Column("uid", Text, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("changed", Instant, nullable=False),
    Column("outline", Text),
    Column("ends", Instant),
)

tokens = Table(
    "tokens",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("id", Text, unique=True, nullable=False),
    Column("calendar", Text, nullable=False),
    Column("issued", Instant, nullable=False),
    Column("last_used", Instant),
    Column("revoked", Instant),
    Column("person", Text, nullable=False, server_default=""),
    Column("expires", Instant),
)
"""The secret addresses, by digest; `person` is empty for those that belong to nobody in particular."""

THE_ONLY_ONE = and_(tokens.c.person != "", tokens.c.revoked.is_(None), tokens.c.expires.is_(None))
"""Of these there is one for each person and calendar."""

Index(
    "one_token_each",
    tokens.c.person,
    tokens.c.calendar,
    unique=True,
    sqlite_where=THE_ONLY_ONE,
    postgresql_where=THE_ONLY_ONE,
)

readings = Table(
    "readings",
    metadata,
    Column("calendar", Text, primary_key=True),
    Column("token", Text, nullable=False),
)
"""What was read last of a calendar elsewhere: the token that asks for what has changed since."""

read_events = Table(
    "read_events",
    metadata,
    Column("calendar", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("body", Text, nullable=False),
)
"""And our events on it."""

quarantine = Table(
    "quarantine",
    metadata,
    Column("calendar", Text, primary_key=True),
    Column("uid", Text, primary_key=True),
    Column("content", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("since", Instant, nullable=False),
)
"""What a calendar would not take."""

journal = Table(
    "journal",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("at", Instant, nullable=False),
    Column("calendar", Text, nullable=False),
    Column("change", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("run", Text, nullable=False),
)

circuits = Table(
    "circuits",
    metadata,
    Column("name", Text, primary_key=True),
    Column("until", Instant, nullable=False),
    Column("reason", Text, nullable=False),
)
"""Who is not to be asked again before some time, and why."""


def lay_tables(connection: Connection, place: str) -> None:
    """Make the tables in an empty database, and bring older ones up to date. Runs in one transaction that writes.

    StoreError if they are another program's, or of a version that this ircal does not know.
    """
    if connection.dialect.name == "postgresql":  # two that start at once must not both make them
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _SCHEMA_LOCK})
    there = set(inspect(connection).get_table_names())
    if not there:
        metadata.create_all(connection)
        connection.execute(insert(schema_version), {"version": VERSION})
        return
    _refuse_foreign(place, there)
    found = connection.execute(select(schema_version.c.version)).scalar()
    if found is None or not 1 <= found <= VERSION:
        raise StoreError(
            f"The store {place} has tables of version {found}; this ircal knows version {VERSION}.",
            "Use the version of ircal that wrote it, or name another store with IRCAL_DATABASE_URL.",
        )
    _bring_up_to_date(connection, found)


def _refuse_foreign(place: str, there: set[str]) -> None:
    if missing := sorted(_ALWAYS - there):
        others = f"{', '.join(sorted(there)[:_NAMED])}{', ...' if len(there) > _NAMED else ''}"
        raise StoreError(
            f"The database {place} is not ircal's: it has tables ({others}), and not {', '.join(missing)}.",
            "Nothing was changed in it. Give ircal a database of its own, with IRCAL_DATABASE_URL or IRCAL_STATE_DIR.",
        )


def _bring_up_to_date(connection: Connection, found: int) -> None:
    for statement in (statement for step in STEPS[found - 1 :] for statement in step):
        connection.execute(text(statement))
    if found != VERSION:
        connection.execute(update(schema_version).values(version=VERSION))
