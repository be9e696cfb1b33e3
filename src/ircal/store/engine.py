"""How a database is opened: which driver, which pragmas, and what a transaction begins with.

SQLite runs in WAL mode, so that readers and the one writer do not wait for each other. A transaction that will write
says so at its beginning (BEGIN IMMEDIATE): one that begins as a reader and then wants to write may be refused at once,
without the patience that `busy_timeout` gives.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from ircal.errors import StoreError

if TYPE_CHECKING:
    from sqlalchemy import URL
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

WRITES = "ircal_writes"
"""The execution option of a connection whose transactions write."""


def read_url(text: str) -> URL:
    """The database's address, with the driver that we use; StoreError for any other kind of database."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise StoreError("The store's address cannot be read.", "Write it as sqlite:///path/to/ircal.db") from None
    if url.drivername == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}:
        raise StoreError("The store's address names no file.", "Write it as sqlite:///path/to/ircal.db")
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        raise StoreError(f"ircal has no use for a database of the kind {url.drivername}.", "Use SQLite or PostgreSQL.")
    return url


def make_engine(url: URL, patience: float) -> Engine:
    """The engine for an address from `read_url`; `patience` is how many seconds to wait for another writer."""
    if url.get_backend_name() == "sqlite":
        _lay_file(Path(str(url.database)))
        return _sqlite_engine(url, patience)
    try:
        return create_engine(url, pool_pre_ping=True)
    except ModuleNotFoundError:
        raise StoreError("PostgreSQL needs the package psycopg.", "Install it: pip install 'psycopg[binary]'") from None


def _lay_file(path: Path) -> None:
    """Make the folder (0700) and the empty file (0600) where they are missing: both are for their owner alone."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    except OSError as error:
        remedy = "Give ircal the right to write there, or name another place with IRCAL_STATE_DIR."
        raise StoreError(f"The store {path} cannot be opened: {error.strerror}.", remedy) from None


def _sqlite_engine(url: URL, patience: float) -> Engine:
    engine = create_engine(url)

    @event.listens_for(engine, "connect")
    def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver leaves BEGIN to us
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {round(patience * 1000)}")
        with contextlib.suppress(sqlite3.OperationalError):  # another process is at it; the mode stays with the file
            cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
