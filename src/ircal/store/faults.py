"""What a database says when it fails, in words for people. Never the statement, its parameters or a password."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from ircal.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL

_FAULTS = (
    # what sqlite3 says, what it means, what to do
    ("locked", "is locked by another process", "Stop the other process, or wait until it is done, and try again."),
    (
        "not a database",
        "is not a database, or is damaged",
        "Move the file away and start again; feed tokens have to be restored from a backup or issued anew.",
    ),
    (
        "malformed",
        "is damaged",
        "Move the file away and start again; feed tokens have to be restored from a backup or issued anew.",
    ),
    ("readonly", "cannot be written", "Give ircal the right to write the file and its folder."),
    ("unable to open", "cannot be opened", "Give ircal the right to read and write the file and its folder."),
    ("disk is full", "cannot grow: the disk is full", "Make room, and try again."),
)


def place_of(url: URL) -> str:
    """How to speak of a database: a file's path, or an address without its password."""
    return str(url.database) if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)


@contextlib.contextmanager
def told_as_store_error(url: URL) -> Iterator[None]:
    """Turn whatever SQLAlchemy or the driver raises inside into a StoreError."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise _fault(url, error.orig if isinstance(error, DBAPIError) and error.orig else error) from None


def _fault(url: URL, error: BaseException) -> StoreError:
    said = " ".join(str(error).split())
    for mark, meaning, remedy in _FAULTS:
        if mark in said:
            return StoreError(f"The store {place_of(url)} {meaning}.", remedy)
    if url.password:
        said = said.replace(str(url.password), "***")
    remedy = "See that the database is running and that IRCAL_DATABASE_URL is right."
    return StoreError(f"The store {place_of(url)} failed: {said}.", remedy)
