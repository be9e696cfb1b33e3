"""The queue's tables are made once, and follow Procrastinate's package."""

from __future__ import annotations

import threading
from pathlib import Path
from shutil import copytree

import pytest

pytest.importorskip("procrastinate", reason="needs the optional packages of PostgreSQL")

from procrastinate.schema import SchemaManager
from psycopg import connect
from psycopg.errors import SyntaxError as WrongScript

from ircal.service.queue.jobs import JobQueue
from ircal.service.queue.tables import lay_jobs
from tests.service.queue.test_contract import Visitor, working


def said(url: str) -> str:
    with connect(url) as connection:
        found = connection.execute("SELECT obj_description('procrastinate_jobs'::regclass, 'pg_class')").fetchone()
    assert found
    return str(found[0])


def functions(url: str) -> set[str]:
    with connect(url) as connection:
        found = connection.execute("SELECT proname FROM pg_proc WHERE proname LIKE 'procrastinate_%'").fetchall()
    return {name for (name,) in found}


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """The package's own, in a folder where there may be more, or fewer."""
    return Path(copytree(SchemaManager.get_migrations_path(), tmp_path / "scripts"))


def newest(scripts: Path) -> str:
    return max(scripts.glob("*.sql")).stem


def test_two_that_begin_at_once_make_them_once(postgresql_url: str, scripts: Path) -> None:
    threads = [threading.Thread(target=lay_jobs, args=(postgresql_url,)) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert said(postgresql_url) == f"laid by ircal up to {newest(scripts)}"


def test_an_older_database_is_brought_up_to_date_and_works(postgresql_url: str, scripts: Path) -> None:
    old = "02.14.01_01_add_indexes_for_fetch_job"
    with connect(postgresql_url) as connection:
        for script in sorted(scripts.glob("*.sql")):
            if script.stem <= old:
                connection.execute(script.read_bytes())
        connection.execute(f"COMMENT ON TABLE procrastinate_jobs IS 'laid by ircal up to {old}'".encode())
    visitor, queue = Visitor(), JobQueue(postgresql_url, 1, sweep_seconds=60)
    visitor.go.set()
    with working(queue, visitor):
        queue.nudge(["ash"])
        visitor.wait_for(lambda: visitor.begun == {"ash": 1} and not visitor.at)
    queue.close()
    assert said(postgresql_url) == f"laid by ircal up to {newest(scripts)}"


def test_a_script_of_a_newer_package_is_run_once(postgresql_url: str, scripts: Path) -> None:
    lay_jobs(postgresql_url)
    (scripts / "03.99.00_01_pre_more.sql").write_text("CREATE TABLE procrastinate_more (id int);")
    for _ in range(2):
        lay_jobs(postgresql_url, scripts)
    assert said(postgresql_url) == "laid by ircal up to 03.99.00_01_pre_more"
    lay_jobs(postgresql_url)  # by an older package
    assert said(postgresql_url) == "laid by ircal up to 03.99.00_01_pre_more"


def test_a_database_from_before_it_was_written_down_is_taken_for_what_it_was(
    postgresql_url: str, scripts: Path
) -> None:
    with connect(postgresql_url) as connection:
        connection.execute(SchemaManager.get_schema())
    before = functions(postgresql_url)
    (scripts / "03.99.00_01_pre_more.sql").write_text("CREATE TABLE procrastinate_more (id int);")
    lay_jobs(postgresql_url, scripts)
    assert said(postgresql_url) == "laid by ircal up to 03.99.00_01_pre_more"
    assert functions(postgresql_url) == before


def test_what_breaks_off_goes_on_from_there(postgresql_url: str, scripts: Path) -> None:
    lay_jobs(postgresql_url)
    (scripts / "03.99.00_01_pre_more.sql").write_text("CREATE TABLE procrastinate_more (id int);")
    broken = scripts / "03.99.00_50_post_more.sql"
    broken.write_text("DROP TABLE procrastinate_more; NONSENSE;")
    with pytest.raises(WrongScript):
        lay_jobs(postgresql_url, scripts)
    assert said(postgresql_url) == "laid by ircal up to 03.99.00_01_pre_more"
    broken.write_text("DROP TABLE procrastinate_more;")
    lay_jobs(postgresql_url, scripts)
    assert said(postgresql_url) == "laid by ircal up to 03.99.00_50_post_more"
