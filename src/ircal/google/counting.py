"""Where it is remembered how many calls were made lately, so that whoever else asks in our name counts them too.

    InFile        for the processes of one machine: a scheduled job beside `ircal serve`
    InDatabase    for machines that share a PostgreSQL, by its clock, for theirs may differ

For each account and each calendar there is one bucket of pyrate-limiter's, in a table that is named by a hash, since a
name may hold anything.
"""

from __future__ import annotations

import hashlib
import sqlite3
import time
from typing import TYPE_CHECKING, Any, Protocol

from pyrate_limiter import Duration, PostgresBucket, Rate, SQLiteBucket

from ircal.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

    from psycopg import Connection
    from pyrate_limiter import AbstractBucket

_PATIENCE = 30.0
"""Seconds to wait for another process that writes."""


class Counts(Protocol):
    """A place where calls are counted."""

    faults: tuple[type[Exception], ...]
    """What is raised when it cannot be reached."""

    def clock(self) -> float:
        """The time in seconds since 1970, the same for all who count here."""
        ...

    def bucket(self, name: str, per_minute: int) -> AbstractBucket:
        """The calls of that name, of which there may be so many a minute."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class InFile:
    """A SQLite file; made when it is not there. Raises StoreError where it cannot be."""

    faults: tuple[type[Exception], ...] = (sqlite3.Error,)

    def __init__(self, file: Path) -> None:
        try:
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._connection = sqlite3.connect(file, timeout=_PATIENCE, check_same_thread=False)
        except (OSError, sqlite3.Error) as error:
            raise uncountable(error) from None

    def clock(self) -> float:
        """The time of this machine."""
        return time.time()

    def bucket(self, name: str, per_minute: int) -> SQLiteBucket:
        """The calls of that name."""
        table = _table(name)
        self._connection.execute(f"CREATE TABLE IF NOT EXISTS '{table}' (name VARCHAR, item_timestamp INTEGER)")
        self._connection.commit()
        return SQLiteBucket(_rates(per_minute), self._connection, table)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


class InDatabase:
    """A PostgreSQL, by the address of the store, which is opened before."""

    def __init__(self, url: str) -> None:
        import psycopg  # noqa: PLC0415  # optional, and here only where the store has it too
        from psycopg_pool import ConnectionPool  # noqa: PLC0415  # the same

        self.faults: tuple[type[Exception], ...] = (psycopg.Error,)
        address = url.replace("postgresql+psycopg://", "postgresql://", 1)
        self._pool = ConnectionPool(address, min_size=0, max_size=2, timeout=_PATIENCE, configure=_in_utc, open=True)

    def clock(self) -> float:
        """The time of the database. Raises psycopg.Error."""
        with self._pool.connection() as connection:
            row = connection.execute("SELECT extract(epoch FROM clock_timestamp())::float8").fetchone()
            return float(row[0]) if row else 0.0

    def bucket(self, name: str, per_minute: int) -> PostgresBucket:
        """The calls of that name. Raises psycopg.Error."""
        return PostgresBucket(self._pool, _table(name), _rates(per_minute))

    def close(self) -> None:
        """Close the connections."""
        self._pool.close()


def uncountable(error: Exception) -> StoreError:
    """What to say when nothing can be counted; the words of a driver may hold an address with its password."""
    return StoreError(
        f"It cannot be remembered how many calls Google was sent ({type(error).__name__}).",
        "See that the state folder can be written to, or that the database answers.",
    )


def _in_utc(connection: Connection[tuple[Any, ...]]) -> None:
    """Times without a zone are kept in that of the connection."""
    connection.execute("SET TIME ZONE 'UTC'")
    connection.commit()


def _rates(per_minute: int) -> list[Rate]:
    return [Rate(per_minute, Duration.MINUTE)]


def _table(name: str) -> str:
    return f"calls_{hashlib.sha256(name.encode()).hexdigest()[:16]}"
