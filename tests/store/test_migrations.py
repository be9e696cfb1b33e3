"""Every older store comes up with all that is in it, to exactly the tables of this ircal, on both databases."""

import subprocess
import sys
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, select

from ircal.errors import StoreError, TokenInUse
from ircal.model.series import Outline, Removed, Revision, Said
from ircal.store import KeyRing, Token, migrations, open_store, schema
from ircal.store.secret import public_id
from tests.store.conftest import engine_of, path_of, run_sql
from tests.store.old_versions import OLD, statements_of

BASELINE = datetime(2026, 7, 1, tzinfo=UTC)
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
TOKEN = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"  # the digest of `secret`

Rows = Mapping[str, list[dict[str, Any]]]


def lay(url: str, old: str) -> None:
    if url.startswith("sqlite"):
        path_of(url).parent.mkdir()
        run_sql(url, *statements_of(old, "sqlite"))
        return
    run_sql(url, *statements_of(old, "postgresql"))


def rows_of(url: str) -> Rows:
    """Everything in the database, by table."""
    there = MetaData()
    with engine_of(url).connect() as connection:
        there.reflect(connection)
        return {
            name: [dict(row) for row in connection.execute(select(table).order_by(*table.c)).mappings()]
            for name, table in there.tables.items()
        }


def differences(connection: Connection) -> list[Any]:
    """What Alembic would still have to do to come to the tables of this ircal."""
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    found: list[Any] = compare_metadata(context, schema.metadata)
    return found


def columns_of(rows: Rows, like: Rows) -> Rows:
    """The rows without the columns and tables that the others do not have."""
    return {
        name: [{key: value for key, value in row.items() if key in like[name][0]} for row in rows[name]]
        for name in like
    }


@pytest.mark.parametrize("old", OLD)
def test_a_store_of_every_old_version_comes_up_with_all_that_is_in_it(database_url: str, old: str) -> None:
    lay(database_url, old)
    before = {name: rows for name, rows in rows_of(database_url).items() if name != "schema_version"}
    assert all(before.values())

    for _ in range(2):  # brought up, and opened again
        open_store(database_url).close()
        after = rows_of(database_url)
        assert columns_of(after, before) == before
        assert after["alembic_version"] == [{"version_num": migrations.HEAD}]
        assert "schema_version" not in after
    with engine_of(database_url).connect() as connection:
        assert differences(connection) == []


def test_a_new_store_has_the_tables_of_this_ircal(database_url: str) -> None:
    open_store(database_url).close()
    with engine_of(database_url).connect() as connection:
        assert differences(connection) == []


def test_all_scripts_from_the_first_come_to_the_tables_of_this_ircal(database_url: str) -> None:
    if database_url.startswith("sqlite"):
        path_of(database_url).parent.mkdir()
    with engine_of(database_url).begin() as connection:
        migrations.bring_up(connection, "")
        assert differences(connection) == []


def test_a_difference_would_be_seen(database_url: str) -> None:
    open_store(database_url).close()
    run_sql(database_url, "ALTER TABLE due ADD COLUMN extra BIGINT")
    with engine_of(database_url).connect() as connection:
        assert len(differences(connection)) == 1


def test_the_scripts_are_one_row_up_to_the_version_of_this_ircal() -> None:
    scripts = ScriptDirectory.from_config(migrations.scripts())
    assert scripts.get_heads() == [migrations.HEAD]
    assert migrations.known() == sorted(script.revision for script in scripts.walk_revisions())


def test_a_step_that_fails_leaves_the_store_as_it_was(database_url: str) -> None:
    lay(database_url, "1-by-steps")
    run_sql(database_url, "CREATE TABLE programmes (other TEXT)")  # in the way of the last script
    before = rows_of(database_url)
    for _ in range(2):
        with pytest.raises(StoreError):
            open_store(database_url)
        assert rows_of(database_url) == before
    run_sql(database_url, "DROP TABLE programmes")
    open_store(database_url).close()


@pytest.mark.parametrize("old", ["1-by-steps", "5-by-steps"])
def test_processes_may_bring_a_store_up_to_date_at_the_same_time(database_url: str, old: str) -> None:
    lay(database_url, old)
    code = "import sys; from ircal.store import open_store; open_store(sys.argv[1]).close()"
    started = [subprocess.Popen([sys.executable, "-c", code, database_url]) for _ in range(3)]
    assert [process.wait(timeout=60) for process in started] == [0, 0, 0]
    assert rows_of(database_url)["alembic_version"] == [{"version_num": migrations.HEAD}]


def test_threads_may_bring_up_stores_at_the_same_time(tmp_path: Path) -> None:
    urls = [f"sqlite:///{tmp_path / str(number) / 'ircal.db'}" for number in range(4)]
    for url in urls:
        lay(url, "2-by-steps")
    threads = [threading.Thread(target=lambda url=url: open_store(url).close()) for url in urls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [rows_of(url)["alembic_version"] for url in urls] == [[{"version_num": migrations.HEAD}]] * 4


@pytest.mark.parametrize(
    ("old", "statement", "found"),
    [
        ("1-by-steps", "UPDATE schema_version SET version = 99", "0099"),
        ("", "UPDATE alembic_version SET version_num = '0099'", "0099"),
        ("", "UPDATE alembic_version SET version_num = 'a1b2c3'", "a1b2c3"),
        ("", "DELETE FROM alembic_version", "None"),
    ],
)
def test_a_store_of_another_version(database_url: str, old: str, statement: str, found: str) -> None:
    if old:
        lay(database_url, old)
    else:
        open_store(database_url).close()
    run_sql(database_url, statement)
    before = rows_of(database_url)
    with pytest.raises(StoreError) as raised:
        open_store(database_url)
    assert raised.value.message.endswith(f"has tables of version {found}; this ircal knows version {migrations.HEAD}.")
    assert rows_of(database_url) == before


def test_tables_without_a_version_are_not_ircals(database_url: str) -> None:
    open_store(database_url).close()
    run_sql(database_url, "DROP TABLE alembic_version")
    with pytest.raises(StoreError) as raised:
        open_store(database_url)
    assert raised.value.message.endswith("and not alembic_version.")


def test_a_store_of_version_1_goes_on_counting(database_url: str) -> None:
    lay(database_url, "1-by-steps")
    outline = Outline("a", NOW + timedelta(days=9))
    store = open_store(database_url)
    kept = store.revise("ada", Said({"a": "1"}, {"a": outline}), NOW, BASELINE)
    assert kept.current == {"a": Revision(4, NOW)}
    later = NOW + timedelta(days=1)
    assert store.revise("ada", Said({}), later, BASELINE).removed == {"a": Removed(outline, Revision(5, later))}
    store.close()


def test_a_store_of_version_1_keeps_its_tokens(database_url: str) -> None:
    lay(database_url, "1-by-steps")
    store = open_store(database_url)
    assert set(store.tokens()) == {Token("two", "ada", NOW, NOW, NOW), Token(public_id(TOKEN), "ada", NOW)}
    found = KeyRing(store).find("secret", NOW)
    assert found is not None
    assert found.calendar == "ada"
    assert store.issue_token("ada", NOW, "ada")
    with pytest.raises(TokenInUse):
        store.issue_token("ada", NOW, "ada")
    store.close()
