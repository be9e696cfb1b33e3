"""One store of each kind: in memory, in a SQLite file, and in PostgreSQL where its optional packages are installed."""

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, NullPool, create_engine, make_url, text

from ircal.model.series import Outline, Said
from ircal.store import Channel, JournalEntry, MemoryStore, Reading, Refusal, Run, ScopedStore, Store, open_store
from tests.postgresql import POSTGRESQL

DATABASES = ["sqlite", "postgresql"] if POSTGRESQL else ["sqlite"]


def secrets_in_order(name: str = "secret") -> Callable[[], str]:
    numbers = itertools.count(1)
    return lambda: f"{name}-{next(numbers)}"


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'state' / 'ircal.db'}"


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=["memory", *DATABASES, "scoped"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """A new store, whose secrets are `secret-1`, `secret-2`, ..."""
    made = make_store(request)
    yield made
    made.close()


def make_store(request: pytest.FixtureRequest) -> Store:
    if request.param == "memory":
        return MemoryStore(secrets_in_order())
    if request.param == "scoped":
        whole = MemoryStore(secrets_in_order("another"))
        for neighbour in ("east", "we"):
            fill_neighbour(ScopedStore(whole, neighbour))
        fill_neighbour(whole)
        whole._mint = secrets_in_order()
        return ScopedStore(whole, "west")
    return open_store(request.getfixturevalue(f"{request.param}_url"), mint=secrets_in_order())


def fill_neighbour(store: Store) -> None:
    """Have another programme say something of calendars that are called as the tests' own."""
    now = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)
    for calendar in ("ada", "bea", "bo", "cy"):
        store.revise(calendar, Said({"a": "0", "b": "0"}, {"a": Outline("x", now + timedelta(days=99))}), now, now)
        store.issue_token(calendar, now)
        store.keep_reading(calendar, Reading("another", {"e": "x"}))
        store.refuse(calendar, "a", Refusal("0", "another", now))
        store.record(JournalEntry(now, calendar, "another", "done"))
        store.raise_due([calendar], "another", now)
        store.begin_due(calendar)
        store.hold(calendar, "another", timedelta(days=999), now)
        store.end_run(Run("another", calendar, "another", now, now, "done"))
        store.add_channel(Channel(f"another-{calendar}", calendar, "digest", now, now))
    store.keep_programme("im", "another", b"another", now)


def path_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def run_sql(url: str, *statements: str) -> None:
    with engine_of(url).begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def engine_of(url: str) -> Engine:
    """A plain engine that keeps no connection."""
    address = make_url(url)
    driver = "postgresql+psycopg" if address.drivername == "postgresql" else address.drivername
    return create_engine(address.set(drivername=driver), poolclass=NullPool)
