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

_WRITE_IT = "Write it as sqlite:///path/to/ircal.db, or postgresql://user:password@host/name."


def read_url(text: str) -> URL:
    """The database's address, with the driver that we use; StoreError for any other kind of database."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise StoreError("The store's address cannot be read.", _WRITE_IT) from None
    if url.get_backend_name() == "sqlite":
        return _sqlite_url(url)
    if url.drivername not in {"postgresql", "postgresql+psycopg"}:
        raise StoreError(f"ircal has no use for a database of the kind {url.drivername}.", "Use SQLite or PostgreSQL.")
    if "@" in (url.host or ""):  # what follows it is not shown: it may be the end of the password
        raise StoreError("The store's address has more than one `@`.", "In a password, write %40 for `@`.")
    return url.set(drivername="postgresql+psycopg")


def _sqlite_url(url: URL) -> URL:
    if url.drivername != "sqlite":
        raise StoreError(f"ircal has no use for the driver of {url.drivername}.", _WRITE_IT)
    if url.host or url.username or url.password:
        raise StoreError("The store's address names a host, and SQLite keeps files.", _WRITE_IT)
    if url.query:
        raise StoreError("The store's address has options after a `?`, and there are none for SQLite.", _WRITE_IT)
    if url.database in {None, "", ":memory:"}:
        raise StoreError("The store's address names no file.", _WRITE_IT)
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
    except (FileExistsError, NotADirectoryError):
        message = f"The store {path} cannot be opened: {_no_folder(path.parent)} is a file, not a folder."
        raise StoreError(message, "Name a folder with IRCAL_STATE_DIR, or move the file away.") from None
    except OSError as error:
        remedy = "Give ircal the right to write there, or name another place with IRCAL_STATE_DIR."
        raise StoreError(f"The store {path} cannot be opened: {error.strerror}.", remedy) from None


def _no_folder(path: Path) -> Path:
    """The part of the path that is there and is no folder."""
    return next((each for each in (path, *path.parents) if each.exists() and not each.is_dir()), path)


def _sqlite_engine(url: URL, patience: float) -> Engine:
    engine = create_engine(url)

    @event.listens_for(engine, "connect")
    def _prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # the driver leaves BEGIN to us
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {round(patience * 1000)}")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def log_ahead(engine: Engine) -> None:
    """Have SQLite keep a write-ahead log. The mode stays with the file, so it is only set where the file is ours."""
    if engine.dialect.name != "sqlite":
        return
    with (
        contextlib.closing(engine.raw_connection()) as connection,
        contextlib.closing(connection.cursor()) as cursor,
        contextlib.suppress(sqlite3.OperationalError),  # another process is at it, and will set it too
    ):
        cursor.execute("PRAGMA journal_mode = WAL")
