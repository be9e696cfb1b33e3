"""One store of each kind: in memory, in a SQLite file, and in PostgreSQL where its optional packages are installed."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, NullPool, create_engine, make_url, text

from ircal.store import MemoryStore, Store, open_store
from tests.postgresql import POSTGRESQL

DATABASES = ["sqlite", "postgresql"] if POSTGRESQL else ["sqlite"]


def secrets_in_order() -> Callable[[], str]:
    numbers = itertools.count(1)
    return lambda: f"secret-{next(numbers)}"


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'state' / 'ircal.db'}"


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(params=["memory", *DATABASES])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """A new store, whose secrets are `secret-1`, `secret-2`, ..."""
    made = make_store(request)
    yield made
    made.close()


def make_store(request: pytest.FixtureRequest) -> Store:
    if request.param == "memory":
        return MemoryStore(secrets_in_order())
    return open_store(request.getfixturevalue(f"{request.param}_url"), mint=secrets_in_order())


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
