"""What only a database can get right or wrong: lasting, sharing, permissions, damage, and what it says then."""

import sqlite3
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ircal.errors import StoreError
from ircal.model.series import Revision, Said
from ircal.store import JournalEntry, KeyRing, Store, open_store
from tests.store.conftest import path_of, run_sql

BASELINE = datetime(2026, 7, 1, tzinfo=UTC)
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


def calendar_of(store: Store, secret: str) -> str | None:
    """What the secret opens, for one who asks the store afresh."""
    token = KeyRing(store).find(secret, NOW)
    return token.calendar if token else None


def told(error: StoreError) -> tuple[str, str]:
    return error.message, error.remedy


def test_everything_lasts(database_url: str) -> None:
    first = open_store(database_url)
    first.revise("ada", Said({"a": "1"}), NOW, BASELINE)
    first.revise("ada", Said({"a": "2"}), NOW, BASELINE)
    secret = first.issue_token("ada", NOW)
    entry = JournalEntry(NOW, "ada", "create a", "done", "run-1")
    first.record(entry)
    tokens = first.tokens()
    first.close()

    second = open_store(database_url)
    assert second.tokens() == tokens
    assert second.revise("ada", Said({"a": "2", "b": "1"}), NOW, BASELINE).current == {
        "a": Revision(1, NOW),
        "b": Revision(0, NOW),
    }
    assert calendar_of(second, secret) == "ada"
    assert second.journal(10) == [entry]
    second.close()


def test_two_stores_share_one_database(database_url: str) -> None:
    one, other = open_store(database_url), open_store(database_url)
    one.revise("ada", Said({"a": "1"}), NOW, BASELINE)
    assert other.revise("ada", Said({"a": "2"}), NOW, BASELINE).current == {"a": Revision(1, NOW)}
    assert calendar_of(other, one.issue_token("ada", NOW)) == "ada"
    one.close()
    other.close()


def test_no_secret_is_kept(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    secret = store.issue_token("ada", NOW)
    store.note_uses({store.tokens()[0].id: NOW})
    store.close()
    kept = b"".join(path.read_bytes() for path in path_of(sqlite_url).parent.iterdir())
    assert secret.encode() not in kept


def test_the_folder_and_the_file_are_for_their_owner_alone(sqlite_url: str) -> None:
    open_store(sqlite_url).close()
    path = path_of(sqlite_url)
    assert [stat.S_IMODE(place.stat().st_mode) for place in (path.parent, path)] == [0o700, 0o600]


def test_sqlite_keeps_a_write_ahead_log(sqlite_url: str) -> None:
    open_store(sqlite_url).close()
    connection = sqlite3.connect(path_of(sqlite_url))
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_processes_may_open_a_new_store_at_the_same_time(database_url: str) -> None:
    code = "import sys; from ircal.store import open_store; open_store(sys.argv[1]).close()"
    started = [subprocess.Popen([sys.executable, "-c", code, database_url]) for _ in range(4)]
    assert [process.wait(timeout=60) for process in started] == [0, 0, 0, 0]


def test_a_file_that_is_no_database(sqlite_url: str) -> None:
    path_of(sqlite_url).parent.mkdir()
    path_of(sqlite_url).write_bytes(b"this is not a database\n" * 100)
    with pytest.raises(StoreError) as raised:
        open_store(sqlite_url)
    assert told(raised.value) == (
        f"The store {path_of(sqlite_url)} is not a database, or is damaged.",
        "Move the file away and start again; feed tokens have to be restored from a backup or issued anew.",
    )


def test_a_damaged_database(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    store.revise("ada", Said({str(number): "1" for number in range(2000)}), NOW, BASELINE)
    store.close()
    data = path_of(sqlite_url).read_bytes()
    path_of(sqlite_url).write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
    with pytest.raises(StoreError) as raised:
        open_store(sqlite_url).tokens()
    assert raised.value.message == f"The store {path_of(sqlite_url)} is damaged."


def test_a_locked_database(sqlite_url: str) -> None:
    store = open_store(sqlite_url, patience=0.05)
    secret = store.issue_token("ada", NOW)
    other = sqlite3.connect(path_of(sqlite_url), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StoreError) as raised:
        store.revise("ada", Said({"a": "1"}), NOW, BASELINE)
    assert told(raised.value) == (
        f"The store {path_of(sqlite_url)} is locked by another process.",
        "Stop the other process, or wait until it is done, and try again.",
    )
    keys = KeyRing(store)
    token = keys.find(secret, NOW)
    assert token is not None  # who reads does not wait for who writes
    keys.note_use(token, NOW)
    keys.write_uses()  # its use cannot be noted, and that is no reason to fail

    other.execute("ROLLBACK")
    other.close()
    assert store.revise("ada", Said({"a": "1"}), NOW, BASELINE).current == {"a": Revision(0, BASELINE)}
    store.close()


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as raised:
        open_store(f"sqlite:///{tmp_path}")
    assert told(raised.value) == (
        f"The store {tmp_path} cannot be opened: Is a directory.",
        "Give ircal the right to write there, or name another place with IRCAL_STATE_DIR.",
    )


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    Path(tmp_path, "state").write_text("", encoding="utf-8")
    with pytest.raises(StoreError) as raised:
        open_store(f"sqlite:///{tmp_path}/state/ircal.db")
    assert told(raised.value) == (
        f"The store {tmp_path}/state/ircal.db cannot be opened: {tmp_path}/state is a file, not a folder.",
        "Name a folder with IRCAL_STATE_DIR, or move the file away.",
    )


def test_a_file_above_the_folder(tmp_path: Path) -> None:
    Path(tmp_path, "state").write_text("", encoding="utf-8")
    with pytest.raises(StoreError) as raised:
        open_store(f"sqlite:///{tmp_path}/state/deeper/ircal.db")
    assert f"{tmp_path}/state is a file, not a folder" in raised.value.message


@pytest.mark.parametrize(
    "tables",
    [
        ["CREATE TABLE patrons (id TEXT)"],
        ["CREATE TABLE tokens (id TEXT)", "CREATE TABLE journal (id TEXT)"],
        ["CREATE TABLE schema_version (installed_rank INTEGER)"],
    ],
    ids=["other-names", "same-names", "its-own-version"],
)
def test_a_database_of_another_program_is_left_as_it_is(database_url: str, tables: list[str]) -> None:
    if database_url.startswith("sqlite"):
        path_of(database_url).parent.mkdir()
    run_sql(database_url, *tables)
    before = path_of(database_url).read_bytes() if database_url.startswith("sqlite") else b""
    with pytest.raises(StoreError) as raised:
        open_store(database_url)
    assert "is not ircal's: it has tables (" in raised.value.message
    assert "a database of its own" in raised.value.remedy
    if before:
        assert path_of(database_url).read_bytes() == before


def test_tables_of_another_shape_are_told(database_url: str) -> None:
    open_store(database_url).close()
    run_sql(database_url, "DROP TABLE alembic_version", "CREATE TABLE schema_version (installed_rank INTEGER)")
    with pytest.raises(StoreError) as raised:
        open_store(database_url)
    assert raised.value.message.endswith("has tables of another shape than ircal's.")


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("hunter2", "The store's address cannot be read."),
        ("sqlite://", "The store's address names no file."),
        ("sqlite:///:memory:", "The store's address names no file."),
        ("sqlite:///x.db?mode=ro", "The store's address has options after a `?`, and there are none for SQLite."),
        ("sqlite://me:hunter2@db/x", "The store's address names a host, and SQLite keeps files."),
        ("sqlite+aiosqlite:///x.db", "ircal has no use for the driver of sqlite+aiosqlite."),
        ("mysql://ircal:hunter2@db/x", "ircal has no use for a database of the kind mysql."),
        ("postgresql+asyncpg://ircal:hunter2@db/x", "ircal has no use for a database of the kind postgresql+asyncpg."),
        ("postgresql://ircal:hunter2@db:port/x", "The store's address cannot be read."),
        ("postgresql://ircal:p@hunter2@db/x", "The store's address has more than one `@`."),
    ],
)
def test_an_address_that_is_of_no_use(url: str, message: str) -> None:
    with pytest.raises(StoreError) as raised:
        open_store(url)
    assert raised.value.message == message
    assert "hunter2" not in raised.value.remedy


def test_postgresql_is_tried_too(postgresql_url: str) -> None:
    """Skipped where its packages are missing, and then nothing in this folder has run on PostgreSQL."""
    open_store(postgresql_url).close()


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("ircal:hunter2@127.0.0.1:1/ircal", "ircal:***@127.0.0.1:1/ircal"),
        ("127.0.0.1:1/ircal?password=hunter2&user=me", "127.0.0.1:1/ircal"),
    ],
)
def test_a_postgresql_that_is_not_there_is_named_without_its_password(address: str, shown: str) -> None:
    pytest.importorskip("psycopg", reason="needs the package psycopg")
    with pytest.raises(StoreError) as raised:
        open_store(f"postgresql://{address}")
    assert raised.value.message.startswith(f"The store postgresql://{shown} failed: connection failed")
    assert "hunter2" not in raised.value.message
    assert raised.value.remedy == "See that the database is running and that IRCAL_DATABASE_URL is right."


def test_a_write_that_fails_leaves_nothing_half_done(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    store.revise("ada", Said({"a": "1"}), NOW, BASELINE)
    with sqlite3.connect(path_of(sqlite_url)) as connection:
        connection.execute(
            "CREATE TRIGGER full BEFORE INSERT ON revisions WHEN NEW.uid = 'z' "
            "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
    connection.close()

    with pytest.raises(StoreError) as raised:
        store.revise("ada", Said({"a": "2", "z": "1"}), NOW, BASELINE)
    assert raised.value.message == f"The store {path_of(sqlite_url)} cannot grow: the disk is full."
    assert store.revise("ada", Said({"a": "1"}), NOW + timedelta(days=1), BASELINE).current == {
        "a": Revision(0, BASELINE)
    }
    store.close()
