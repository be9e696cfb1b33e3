"""A database as the statements see it: transactions that read, those that write, and what both databases know."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from sqlalchemy import func, true
from sqlalchemy.dialects import postgresql, sqlite

from ircal.store.engine import WRITES
from ircal.store.faults import told_as_store_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import ColumnElement, Connection, Engine, Table


class Connections:
    """What opens transactions. Whatever fails inside is a StoreError, and nothing of it was done."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextlib.contextmanager
    def _reading(self) -> Iterator[Connection]:
        with told_as_store_error(self._engine.url), self._engine.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def _writing(self) -> Iterator[Connection]:
        with (
            told_as_store_error(self._engine.url),
            self._engine.execution_options(**{WRITES: True}).begin() as connection,
        ):
            yield connection


def insert_or(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that can say ON CONFLICT, which both databases understand and SQLAlchemy has in two dialects."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def begins_with(key: ColumnElement[str], within: str) -> ColumnElement[bool]:
    """That a key begins with a text, letter by letter (LIKE would take `A` for `a` in SQLite); any with none."""
    return func.substr(key, 1, len(within)) == within if within else true()
