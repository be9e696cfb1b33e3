"""What a database says when it fails, in words for people. Never the statement, its parameters or a password."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from ircal.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL

_START_AGAIN = "Move the file away and start again; feed tokens have to be restored from a backup or issued anew."
_RIGHTS = "Give ircal the right to read and write the file and its folder."
_ADDRESS = "See that the database is running and that IRCAL_DATABASE_URL is right."
_OWN = "Give ircal a database of its own, with IRCAL_DATABASE_URL or IRCAL_STATE_DIR."

_FAULTS = (
    # what sqlite3 and PostgreSQL say, what it means, what to do
    ("locked", "is locked by another process", "Stop the other process, or wait until it is done, and try again."),
    ("not a database", "is not a database, or is damaged", _START_AGAIN),
    ("malformed", "is damaged", _START_AGAIN),
    ("readonly", "cannot be written", _RIGHTS),
    ("unable to open", "cannot be opened", _RIGHTS),
    ("disk is full", "cannot grow: the disk is full", "Make room, and try again."),
    ("disk I/O error", "cannot be read or written: its disk fails", "See to the disk, and try again."),
    ("no such column", "has tables of another shape than ircal's", _OWN),
    ("UndefinedColumn", "has tables of another shape than ircal's", _OWN),
    ("password authentication failed", "refuses the user or the password", _ADDRESS),
    ("InsufficientPrivilege", "does not allow it", "Give the user the right to make and to change tables."),
)


_PAGES = 1 << 16
"""With less room than this a database cannot even be opened."""


def place_of(url: URL) -> str:
    """How to speak of a database: a file's path, or an address without its password and options."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.set(drivername="postgresql", query={}).render_as_string(hide_password=True)


@contextlib.contextmanager
def told_as_store_error(url: URL) -> Iterator[None]:
    """Turn whatever SQLAlchemy or the driver raises inside into a StoreError."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise _fault(url, error.orig if isinstance(error, DBAPIError) and error.orig else error) from None


def _fault(url: URL, error: BaseException) -> StoreError:
    said = " ".join(f"{error} {type(error).__name__}".split())
    if "disk I/O error" in said and _is_full(url):  # SQLite says so where its index of the log finds no room
        said = "disk is full"
    for mark, meaning, remedy in _FAULTS:
        if mark in said:
            return StoreError(f"The store {place_of(url)} {meaning}.", remedy)
    return StoreError(f"The store {place_of(url)} failed: {_without_secrets(url, error)}.", _ADDRESS)


def _is_full(url: URL) -> bool:
    with contextlib.suppress(OSError):
        return shutil.disk_usage(Path(str(url.database)).parent).free < _PAGES
    return False


def _without_secrets(url: URL, error: BaseException) -> str:
    """What the driver says, in one line; the password may also stand among the options of the address."""
    said = " ".join(str(error).split()).rstrip(".?")
    for secret in filter(None, (url.password, *url.normalized_query.get("password", ()))):
        said = said.replace(secret, "***")
    return said
