"""How a database gets its tables: made at once in an empty one, brought up to date in an older one.

A database that has tables of another program is left as it is, and so is one of a later ircal.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from sqlalchemy import Column, Integer, MetaData, String, Table, insert, inspect, select, text

from ircal.errors import StoreError
from ircal.store import schema
from ircal.store.migrations import HEAD, bring_up, known

if TYPE_CHECKING:
    from sqlalchemy import Connection

log = logging.getLogger(__name__)

_SCHEMA_LOCK = 0x69726361  # "irca": an advisory lock is known by a number

_ALWAYS = {"calendars", "revisions", "tokens", "journal"}
"""The tables of version 1, by which a database of ircal's is known; later versions have more."""
_NAMED = 4
"""How many tables of another program an error names."""

_OWN = "Give ircal a database of its own, with IRCAL_DATABASE_URL or IRCAL_STATE_DIR."

_apart = MetaData()
_version = Table("alembic_version", _apart, Column("version_num", String(32), primary_key=True))
_former = Table("schema_version", _apart, Column("version", Integer, primary_key=True))
"""Where the version stood until 0005, as a number."""


def lay_tables(connection: Connection, place: str) -> str:
    """Make the tables in an empty database, and bring older ones up to date. Runs in one transaction that writes.

    Returns the version that was found, empty for no tables at all. StoreError if they are another program's, or of a
    version that this ircal does not know.
    """
    if connection.dialect.name == "postgresql":  # two that start at once must not both make them
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _SCHEMA_LOCK})
    found = version_of(connection, place)
    if not found:
        schema.metadata.create_all(connection)
        _version.create(connection)
        connection.execute(insert(_version), {"version_num": HEAD})
    elif found != HEAD:
        log.info("The store %s is brought from version %s to %s.", place, found, HEAD)
        bring_up(connection, found)
    return found


def version_of(connection: Connection, place: str) -> str:
    """The version of the tables that are there; empty where there are none. Raises what `lay_tables` does."""
    there = set(inspect(connection).get_table_names())
    if not there:
        return ""
    _refuse_foreign(place, there)
    found = _read_version(connection, there)
    if found not in known():
        raise StoreError(
            f"The store {place} has tables of version {found}; this ircal knows version {HEAD}.",
            "Use the version of ircal that wrote it, or name another store with IRCAL_DATABASE_URL.",
        )
    return found


def clear_tables(connection: Connection) -> None:
    """Take all of ircal's tables away, of whatever version they are, with all that is in them."""
    schema.metadata.drop_all(connection)
    _apart.drop_all(connection)


def _refuse_foreign(place: str, there: set[str]) -> None:
    missing = sorted(_ALWAYS - there)
    if not missing and not there & {_version.name, _former.name}:
        missing = [_version.name]
    if missing:
        others = f"{', '.join(sorted(there)[:_NAMED])}{', ...' if len(there) > _NAMED else ''}"
        raise StoreError(
            f"The database {place} is not ircal's: it has tables ({others}), and not {', '.join(missing)}.",
            f"Nothing was changed in it. {_OWN}",
        )


def _read_version(connection: Connection, there: set[str]) -> str | None:
    if _version.name in there:
        return connection.execute(select(_version.c.version_num)).scalar()
    found = connection.execute(select(_former.c.version)).scalar()
    return None if found is None else f"{found:04}"
