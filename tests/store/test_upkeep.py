"""A whole store, brought up to date, backed up and put back: on either database, and from one to the other."""

import gzip
import itertools
import json
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ircal.errors import StoreError
from ircal.model.series import Outline, Revision, Said
from ircal.store import (
    Channel,
    JournalEntry,
    KeyRing,
    Reading,
    Refusal,
    Run,
    Store,
    back_up,
    migrate,
    migrations,
    open_store,
    restore,
)
from tests.store.conftest import DATABASES, path_of, run_sql
from tests.store.old_versions import OLD
from tests.store.test_migrations import columns_of, lay, rows_of

BASELINE = datetime(2026, 7, 1, tzinfo=UTC)
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)


def fill(store: Store) -> str:
    """Something of everything; returns a secret."""
    store.revise("ada", Said({"a": "1"}, {"a": Outline('{"é": 1}', NOW)}), NOW, BASELINE)
    secret = store.issue_token("ada", NOW, "ada")
    store.keep_reading("there", Reading("sync-token", {"e1": "{}"}))
    store.refuse("there", "a", Refusal("1", "no", NOW))
    store.record(JournalEntry(NOW, "ada", "create a", "done", "run-1"))
    store.open_circuit("me", NOW, "the quota")
    store.end_session("digest", NOW + timedelta(hours=12), NOW)
    store.raise_due(["ada", "bea"], "file", NOW)
    for number in range(3):
        store.end_run(Run(f"run-{number}", "ada", "file", NOW, NOW, "done", 1, 2, 3, 4, ""))
    store.add_channel(Channel("c1", "ada", "digest", NOW, NOW + timedelta(days=7)))
    store.keep_programme("im", "d1", b"\x00\xff body", NOW)
    store.hold("ada", "worker-1", timedelta(minutes=1), NOW)
    return secret


def filled(url: str) -> str:
    store = open_store(url)
    secret = fill(store)
    store.close()
    return secret


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ircal.backup"


@pytest.fixture
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], str]:
    """What makes the address of an empty database of a kind."""
    numbers = itertools.count()

    def make(kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / f'other-{next(numbers)}' / 'ircal.db'}"
        return str(request.getfixturevalue("postgresql_url"))

    return make


@pytest.mark.parametrize("to", DATABASES)
def test_a_backup_put_back_is_the_same_store(
    database_url: str, to: str, fresh: Callable[[str], str], file: Path
) -> None:
    secret = filled(database_url)
    before = rows_of(database_url)
    assert all(before.values())
    other = fresh(to)  # the same database again, if that is how its kind is made
    if other == database_url:
        back_up(database_url, file, NOW)
        copied = restore(other, file, replace=True)
    else:
        back_up(database_url, file, NOW)
        copied = restore(other, file)
    assert rows_of(other) == before
    assert copied.rows == sum(len(rows) for rows in before.values()) - 1  # the version is no row
    assert copied.backup.taken == NOW

    store = open_store(other)
    token = KeyRing(store).find(secret, NOW)
    assert token is not None
    assert token.calendar == "ada"
    assert store.revise("ada", Said({"a": "1"}), NOW, BASELINE).current == {"a": Revision(0, BASELINE)}
    store.record(JournalEntry(NOW, "ada", "update a", "done"))  # numbered after those that were put back
    store.begin_run(Run("run-9", "ada", "file", NOW))
    assert [entry.change for entry in store.journal(9)] == ["update a", "create a"]
    assert [run.id for run in store.runs(9)] == ["run-9", "run-2", "run-1", "run-0"]
    store.close()


def test_a_backup_of_an_empty_store_can_be_put_back(database_url: str, file: Path, tmp_path: Path) -> None:
    open_store(database_url).close()
    assert back_up(database_url, file, NOW).rows == 0
    restored = restore(f"sqlite:///{tmp_path / 'other.db'}", file)
    assert restored.rows == 0
    open_store(f"sqlite:///{tmp_path / 'other.db'}").close()


@pytest.mark.parametrize("old", OLD)
def test_a_store_of_an_old_version_is_backed_up_as_it_is_and_put_back_up_to_date(
    database_url: str, old: str, file: Path, tmp_path: Path
) -> None:
    lay(database_url, old)
    before = rows_of(database_url)
    assert back_up(database_url, file, NOW).backup.version == f"{OLD[old][0]:04}"
    assert rows_of(database_url) == before
    other = f"sqlite:///{tmp_path / 'other.db'}"
    restore(other, file)
    kept = {name: rows for name, rows in before.items() if name != "schema_version"}
    assert columns_of(rows_of(other), kept) == kept
    assert migrate(other, look=True).found == migrations.HEAD


def test_a_backup_is_for_its_owner_alone_and_holds_no_secret(sqlite_url: str, file: Path) -> None:
    secret = filled(sqlite_url)
    back_up(sqlite_url, file, NOW)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert secret.encode() not in gzip.decompress(file.read_bytes())
    assert list(file.parent.glob(".*.part")) == []


def test_a_store_that_holds_something_is_not_replaced_unless_told(database_url: str, file: Path) -> None:
    filled(database_url)
    back_up(database_url, file, NOW)
    store = open_store(database_url)
    store.issue_token("bea", NOW)
    store.close()
    before = rows_of(database_url)
    with pytest.raises(StoreError, match=f"is not empty: it holds {sum(map(len, before.values())) - 1} rows") as raised:
        restore(database_url, file)
    assert "--replace" in raised.value.remedy
    assert rows_of(database_url) == before
    restore(database_url, file, replace=True)
    assert len(rows_of(database_url)["tokens"]) == 1


def lines_of(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.decompress(file.read_bytes()).splitlines()]


def rewrite(file: Path, lines: list[dict[str, Any]]) -> None:
    file.write_bytes(gzip.compress(b"".join(json.dumps(line).encode() + b"\n" for line in lines)))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda lines: lines[:-1], "is cut off or damaged"),
        (lambda lines: [*lines[:3], *lines[4:]], "is cut off or damaged"),
        (lambda lines: [*lines, lines[1]], "is cut off or damaged"),
        (lambda lines: [lines[0], {"table": "nothing", "row": {}}, {"rows": 1}], "has a row that no store"),
        (lambda lines: [lines[0], {"table": "calendars", "row": {"x": 1}}, {"rows": 1}], "has a row that no store"),
        (lambda lines: [lines[0], {"table": "calendars", "row": 1}, {"rows": 1}], "is cut off or damaged"),
        (lambda lines: [lines[0], {"table": "c", "row": {"id": {"base64": "?"}}}, {"rows": 1}], "cut off or damaged"),
        (lambda lines: [{**lines[0], "version": "0999"}, *lines[1:]], "is of a store of version 0999; this ircal"),
        (lambda lines: [{**lines[0], "form": 2}, *lines[1:]], "has form 2; this ircal knows form 1"),
        (lambda lines: lines[1:], "is not a backup of ircal's"),
        (lambda _: [], "is cut off or damaged"),
    ],
    ids=[
        "no-end",
        "a-row-less",
        "a-row-more",
        "table",
        "column",
        "row",
        "bytes",
        "version",
        "form",
        "no-head",
        "empty",
    ],
)
def test_a_file_that_is_no_whole_backup_changes_nothing(
    sqlite_url: str, file: Path, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]], message: str
) -> None:
    filled(sqlite_url)
    back_up(sqlite_url, file, NOW)
    rewrite(file, change(lines_of(file)))
    before = rows_of(sqlite_url)
    with pytest.raises(StoreError, match=message):
        restore(sqlite_url, file, replace=True)
    assert rows_of(sqlite_url) == before


def test_a_file_that_is_cut_off_anywhere_changes_nothing(sqlite_url: str, file: Path, tmp_path: Path) -> None:
    filled(sqlite_url)
    back_up(sqlite_url, file, NOW)
    whole = file.read_bytes()
    for length in range(0, len(whole), 97):
        file.write_bytes(whole[:length])
        with pytest.raises(StoreError):
            restore(f"sqlite:///{tmp_path / 'other.db'}", file)
    file.write_bytes(whole)
    restore(f"sqlite:///{tmp_path / 'other.db'}", file)


def test_no_other_file_is_overwritten_by_a_backup(sqlite_url: str, file: Path) -> None:
    filled(sqlite_url)
    for other in (path_of(sqlite_url), file):
        if other is file:
            file.write_text("precious", encoding="utf-8")
        before = other.read_bytes()
        with pytest.raises(StoreError, match="is not a backup"):
            back_up(sqlite_url, other, NOW)
        assert other.read_bytes() == before
    file.unlink()
    back_up(sqlite_url, file, NOW)
    assert back_up(sqlite_url, file, NOW + timedelta(days=1)).backup.taken == NOW + timedelta(days=1)


def test_a_backup_that_cannot_be_written_leaves_nothing(sqlite_url: str, tmp_path: Path) -> None:
    filled(sqlite_url)
    with pytest.raises(StoreError, match=r"backup .*/nowhere/x cannot be written: No such file or directory"):
        back_up(sqlite_url, tmp_path / "nowhere" / "x", NOW)
    with pytest.raises(StoreError, match="cannot be read: Is a directory"):
        back_up(sqlite_url, tmp_path, NOW)
    with pytest.raises(StoreError, match="cannot be read: No such file or directory"):
        restore(sqlite_url, tmp_path / "nowhere", replace=True)


def test_where_there_is_no_store_there_is_nothing_to_back_up(sqlite_url: str, file: Path) -> None:
    with pytest.raises(StoreError, match="There is no store at"):
        back_up(sqlite_url, file, NOW)
    assert not path_of(sqlite_url).exists()
    path_of(sqlite_url).parent.mkdir()
    path_of(sqlite_url).touch()
    with pytest.raises(StoreError, match="There is no store at"):
        back_up(sqlite_url, file, NOW)
    assert not file.exists()


def test_a_database_of_another_program_is_neither_backed_up_nor_replaced(database_url: str, file: Path) -> None:
    if database_url.startswith("sqlite"):
        path_of(database_url).parent.mkdir()
    run_sql(database_url, "CREATE TABLE patrons (id TEXT)", "INSERT INTO patrons VALUES ('x')")
    before = rows_of(database_url)
    with pytest.raises(StoreError, match="is not ircal's"):
        back_up(database_url, file, NOW)
    filled(f"sqlite:///{file.parent / 'mine.db'}")
    back_up(f"sqlite:///{file.parent / 'mine.db'}", file, NOW)
    with pytest.raises(StoreError, match="is not ircal's"):
        restore(database_url, file, replace=True)
    assert rows_of(database_url) == before


def test_migrate_tells_from_where_to_where(database_url: str) -> None:
    looked = migrate(database_url, look=True)
    assert (looked.found, looked.newest) == ("", migrations.HEAD)
    if database_url.startswith("sqlite"):
        assert not path_of(database_url).exists()
    assert migrate(database_url).found == ""
    assert migrate(database_url).found == migrations.HEAD


def test_looking_changes_nothing(database_url: str) -> None:
    lay(database_url, "2-by-steps")
    before = rows_of(database_url)
    assert migrate(database_url, look=True).found == "0002"
    assert rows_of(database_url) == before
    assert migrate(database_url).found == "0002"
    assert migrate(database_url, look=True).found == migrations.HEAD
