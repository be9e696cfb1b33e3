"""The tables.

Instants are whole microseconds since 1970 in UTC, so that SQLite and PostgreSQL keep exactly the same. Whoever changes
a table here adds a script to `ircal.store.migrations`, which takes every older database there when it is opened.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    and_,
    text,
)

if TYPE_CHECKING:
    from sqlalchemy import Dialect

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


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
    Column("person", Text, nullable=False, server_default=text("''")),
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

ended_sessions = Table(
    "ended_sessions",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("until", Instant, nullable=False),
)
"""Sessions that were ended before their time, by the digests of their ids, until they would be over by themselves."""

due = Table(
    "due",
    metadata,
    Column("calendar", Text, primary_key=True),
    Column("raised", BigInteger, nullable=False),
    Column("begun", BigInteger, nullable=False),
    Column("done", BigInteger, nullable=False),
    Column("since", Instant),
    Column("causes", Text, nullable=False),
    Column("later_since", Instant),
    Column("later_causes", Text, nullable=False),
)
"""Which calendars are to be looked at, as `ircal.store.dueness` says; causes are one a line."""

holds = Table(
    "holds",
    metadata,
    Column("calendar", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", Instant, nullable=False),
)
"""Who is at a calendar, so that nobody else is, and for how long unless they say so again."""

runs = Table(
    "runs",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False),
    Column("calendar", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("began", Instant, nullable=False),
    Column("ended", Instant),
    Column("state", Text, nullable=False),
    Column("created", Integer, nullable=False),
    Column("updated", Integer, nullable=False),
    Column("deleted", Integer, nullable=False),
    Column("calls", Integer, nullable=False),
    Column("error", Text, nullable=False),
    Column("fault", Text, nullable=False, server_default=text("''")),
    Column("due", Instant),
    UniqueConstraint("calendar", "id", name="one_run_each"),
    Index("runs_of_a_calendar", "calendar", "number"),
)
"""What runs did to each calendar, in the order in which they began."""

totals = Table(
    "totals",
    metadata,
    Column("calendar", Text, primary_key=True),
    Column("figure", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)
"""What they come to, also those that are forgotten."""

channels = Table(
    "channels",
    metadata,
    Column("id", Text, primary_key=True),
    Column("calendar", Text, nullable=False),
    Column("resource", Text, nullable=False),
    Column("token_digest", Text, nullable=False),
    Column("opened", Instant, nullable=False),
    Column("expires", Instant, nullable=False),
    Column("stopped", Instant),
    Column("last_message", BigInteger, nullable=False),
)
"""The channels on which Google tells that a calendar has changed."""

programmes = Table(
    "programmes",
    metadata,
    Column("name", Text, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("kept", Instant, nullable=False),
)
"""The last good configuration of each programme."""
