"""What an operator does with a whole store: bring it up to date, take a backup, put one back.

A backup may be taken of a store of any version that this ircal knows, as it is, and from either database. It is put
back into an empty one, in tables as it was taken from, which are then brought up to date: all of that, or nothing.
"""

from __future__ import annotations

import contextlib
import itertools
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import MetaData, Table, func, insert, select, text

from ircal.errors import StoreError
from ircal.store import backup_file, schema
from ircal.store.connections import Connections
from ircal.store.engine import log_ahead, make_engine, read_url
from ircal.store.faults import place_of
from ircal.store.laying import clear_tables, lay_tables, version_of
from ircal.store.migrations import HEAD, bring_up, known
from ircal.wording import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from sqlalchemy import Connection, Engine

    from ircal.store.backup_file import Backup, Row

_AT_ONCE = 500
"""Rows that are inserted together."""


@dataclass(frozen=True, slots=True)
class Upgrade:
    """A store and the version of its tables before (empty: it has none) and after."""

    place: str
    found: str
    newest: str = HEAD


@dataclass(frozen=True, slots=True)
class Copied:
    """A store, a backup of it, and how many rows went from one to the other."""

    place: str
    backup: Backup
    rows: int


def migrate(url: str, *, look: bool = False, patience: float = 5.0) -> Upgrade:
    """Bring a store's tables up to date, or only look. Raises StoreError as `open_store` does."""
    with _database(url, patience, make=not look) as database:
        if database is None:
            return Upgrade(place_of(read_url(url)), "")
        if look:
            with database.reading() as connection:
                return Upgrade(database.place, version_of(connection, database.place))
        with database.writing() as connection:
            return Upgrade(database.place, lay_tables(connection, database.place))


def back_up(url: str, file: Path, now: datetime, patience: float = 5.0) -> Copied:
    """Write everything that a store holds into a file, as it stands at one instant.

    Raises StoreError, also for a store that is not there, and for a file that is there and is no backup.
    """
    with _database(url, patience, make=False) as database:
        if database is None:
            raise _nothing_there(place_of(read_url(url)))
        with database.at_one_instant() as connection:
            version = version_of(connection, database.place)
            if not version:
                raise _nothing_there(database.place)
            rows = backup_file.write(file, version, now, _rows(connection))
        return Copied(database.place, backup_file.read_head(file), rows)


def restore(url: str, file: Path, *, replace: bool = False, patience: float = 5.0) -> Copied:
    """Put a backup into an empty store, or in place of all that a store holds.

    Raises StoreError for a file that is no whole backup, or of a version that this ircal does not know, and for a store
    that holds anything, unless it is to be replaced. Nothing was changed then.
    """
    backup = backup_file.read_head(file)
    if backup.version not in known():
        raise StoreError(
            f"The backup {file} is of a store of version {backup.version}; this ircal knows version {HEAD}.",
            "Use the version of ircal that wrote it, or a later one.",
        )
    with _database(url, patience, make=True) as database:
        if database is None:  # pragma: no cover - it was made
            raise _nothing_there(url)
        with database.writing() as connection:
            _refuse_filled(connection, database.place, replace=replace)
            clear_tables(connection)
            bring_up(connection, "", backup.version)
            rows = _insert(connection, backup_file.read_rows(file), backup)
            bring_up(connection, backup.version)
        return Copied(database.place, backup, rows)


class _Database(Connections):
    """A database whose tables may be of any version, or none."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.place = place_of(engine.url)
        self.reading, self.writing = self._reading, self._writing

    @contextlib.contextmanager
    def at_one_instant(self) -> Iterator[Connection]:
        """A transaction that sees nothing of what others write while it lasts, as any of SQLite's."""
        with self._reading() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
            yield connection


@contextlib.contextmanager
def _database(url: str, patience: float, *, make: bool) -> Iterator[_Database | None]:
    """The database at an address; None for a file that is not there, unless it is to be made."""
    address = read_url(url)
    if not make and address.get_backend_name() == "sqlite" and not Path(str(address.database)).exists():
        yield None
        return
    engine = make_engine(address, patience)
    try:
        yield _Database(engine)
        if make:
            log_ahead(engine)
    finally:
        engine.dispose()


def _nothing_there(place: str) -> StoreError:
    return StoreError(f"There is no store at {place}.", "IRCAL_STATE_DIR or IRCAL_DATABASE_URL says where it is.")


def _tables(connection: Connection) -> list[Table]:
    """Those of ircal's tables that are there, as they are there; those first that others refer to."""
    there = MetaData()
    there.reflect(connection, only=lambda name, _: name in schema.metadata.tables)
    return there.sorted_tables


def _rows(connection: Connection) -> Iterator[Row]:
    for table in _tables(connection):
        wanted = select(table).order_by(*table.primary_key)
        for row in connection.execution_options(yield_per=_AT_ONCE).execute(wanted).mappings():
            yield table.name, dict(row)


def _refuse_filled(connection: Connection, place: str, *, replace: bool) -> None:
    if not version_of(connection, place) or replace:
        return
    held = sum(
        connection.execute(select(func.count()).select_from(table)).scalar_one() for table in _tables(connection)
    )
    if held:
        raise StoreError(
            f"The store {place} is not empty: it holds {count(held, 'row')}.",
            "Nothing was changed. Restore into an empty one, or with --replace in place of all that this one holds.",
        )


def _insert(connection: Connection, rows: Iterable[Row], backup: Backup) -> int:
    """Insert every row; StoreError for one of a table or a column that is not there."""
    tables = {table.name: table for table in _tables(connection)}
    inserted = 0
    for name, of_table in itertools.groupby(rows, key=itemgetter(0)):
        table = tables.get(name)
        while some := [row for _, row in itertools.islice(of_table, _AT_ONCE)]:
            if table is None or any(row.keys() != set(table.columns.keys()) for row in some):
                message = f"The backup {backup.file} has a row that no store of version {backup.version} has."
                raise StoreError(message, "Nothing was restored. Take another.")
            connection.execute(insert(table), some)
            inserted += len(some)
    _go_on_counting(connection, tables.values())
    return inserted


def _go_on_counting(connection: Connection, tables: Iterable[Table]) -> None:
    """Have PostgreSQL number what comes next after what brought its numbers with it, as SQLite does by itself."""
    for table in tables if connection.dialect.name == "postgresql" else ():
        if "number" in table.columns:
            following = func.coalesce(func.max(table.columns.number), 0) + 1
            sequence = func.pg_get_serial_sequence(table.name, "number")
            connection.execute(select(func.setval(sequence, following, False)))  # noqa: FBT003 SQL's own
