"""`store`: migrate, backup, restore."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from ircal.store.migrations import HEAD
from tests.store.test_migrations import lay

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Ircal


@pytest.fixture(autouse=True)
def programme(small: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("IRCAL_CONFIG", str(small))
    return small


def test_a_lost_store_comes_back_with_its_links(ircal: Ircal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ircal("token", "issue", "--calendar", "ash").code == 0
    links = ircal("token", "list", "--format", "json").out
    file = tmp_path / "ircal.gz"
    told = ircal("store", "backup", "--out", str(file))
    assert (told.code, told.out) == (0, "")
    assert told.err == f"{file}: 1 row of the store {tmp_path}/state/ircal.db, version {HEAD}.\n"

    monkeypatch.setenv("IRCAL_DATABASE_URL", f"sqlite:///{tmp_path}/other.db")
    told = ircal("store", "restore", str(file))
    assert told.code == 0
    assert re.fullmatch(
        rf"The store {tmp_path}/other\.db has 1 row again, as of \d{{4}}-\d\d-\d\d \d\d:\d\dZ\.\n", told.err
    )
    assert ircal("token", "list", "--format", "json").out == links

    told = ircal("store", "restore", str(file))
    assert told.code == 1
    assert "is not empty: it holds 1 row." in told.err
    assert ircal("store", "restore", str(file), "--replace").code == 0


def test_migrate_tells_what_it_does_and_what_it_would(ircal: Ircal, tmp_path: Path) -> None:
    place = tmp_path / "state" / "ircal.db"
    told = ircal("store", "migrate", "--check")
    assert (told.code, told.out) == (2, f"The store {place} would be made with version {HEAD}.\n")
    assert not place.exists()
    assert ircal("store", "migrate").out == f"The store {place} was made with version {HEAD}.\n"
    told = ircal("store", "migrate", "--check")
    assert (told.code, told.out) == (0, f"The store {place} has version {HEAD}: nothing to do.\n")

    shutil.rmtree(place.parent)
    lay(f"sqlite:///{place}", "5-by-steps")
    told = ircal("store", "migrate", "--check")
    assert (told.code, told.out) == (2, f"The store {place} would be brought from version 0005 to {HEAD}.\n")
    told = ircal("store", "migrate")
    assert (told.code, told.out) == (0, f"The store {place} was brought from version 0005 to {HEAD}.\n")
    assert ircal("store", "migrate", "--check").code == 0


def test_a_backup_of_nothing_and_a_file_that_is_none(ircal: Ircal, tmp_path: Path) -> None:
    told = ircal("store", "backup", "--out", "x.gz")
    assert (told.code, told.err.splitlines()[0]) == (1, f"There is no store at {tmp_path}/state/ircal.db.")
    (tmp_path / "x.gz").write_text("no", encoding="utf-8")
    told = ircal("store", "restore", "x.gz")
    assert (told.code, told.err.splitlines()[0]) == (1, "x.gz is not a backup of ircal's.")
    assert ircal("store", "restore").code == 64
