"""Pulling the configuration, with real repositories."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from typing import TYPE_CHECKING

import pytest

from ircal.errors import RevisionUnreadable
from ircal.service.pulling import Pulling, pull

if TYPE_CHECKING:
    from pathlib import Path

GIT = shutil.which("git") or "git"


@pytest.fixture(autouse=True)
def own_git(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No git configuration but this."""
    (tmp_path / "gitconfig").write_text("[user]\nname = Ada\nemail = ada@example.edu\n[init]\ndefaultBranch = main\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


def git(folder: Path, *arguments: str) -> None:
    subprocess.run([GIT, "-C", str(folder), *arguments], check=True, capture_output=True)


class Repositories:
    """A git host, a desk where somebody edits, and the folder that ircal reads."""

    def __init__(self, root: Path) -> None:
        self.host, self.desk, self.here = (root / name for name in ("host.git", "desk", "here"))
        git(root, "init", "--bare", str(self.host))
        git(root, "clone", str(self.host), str(self.desk))
        (self.desk / "config").mkdir()
        self.edit("one")
        git(root, "clone", str(self.host), str(self.here))
        self.folder = self.here / "config"

    def edit(self, text: str) -> None:
        (self.desk / "config" / "program.yaml").write_text(text)
        git(self.desk, "add", ".")
        git(self.desk, "commit", "-m", text)
        git(self.desk, "push", "origin", "HEAD")

    @property
    def text(self) -> str:
        return (self.folder / "program.yaml").read_text()


@pytest.fixture
def there(tmp_path: Path) -> Repositories:
    return Repositories(tmp_path)


def test_what_was_pushed_is_here_when_it_is_looked_at(there: Repositories) -> None:
    seen: list[str] = []
    pulling = Pulling(there.folder, lambda: seen.append(there.text))
    there.edit("two")
    pulling.changed()
    pulling.settle(30)
    assert seen == ["two"]
    there.edit("three")
    pulling.changed()
    pulling.settle(30)
    assert seen == ["two", "three"]


def test_what_is_told_during_a_pull_leads_to_one_more(there: Repositories) -> None:
    looking, go = threading.Event(), threading.Event()
    seen: list[str] = []

    def look() -> None:
        seen.append(there.text)
        looking.set()
        assert go.wait(30)

    pulling = Pulling(there.folder, look)
    pulling.changed()
    assert looking.wait(30)
    there.edit("two")
    for _ in range(100):
        pulling.changed()
    go.set()
    pulling.settle(30)
    assert seen == ["one", "two"]


def test_a_folder_with_a_history_of_its_own_is_left_as_it_is(
    there: Repositories, caplog: pytest.LogCaptureFixture
) -> None:
    (there.folder / "program.yaml").write_text("mine")
    git(there.here, "commit", "-am", "mine")
    there.edit("two")
    looked: list[bool] = []
    pulling = Pulling(there.folder, lambda: looked.append(True))
    pulling.changed()
    pulling.settle(30)
    assert (there.text, looked) == ("mine", [True])
    assert "`git pull` in " in caplog.text
    assert "by hand" in caplog.text


def test_a_folder_that_is_in_no_repository(tmp_path: Path) -> None:
    with pytest.raises(RevisionUnreadable, match="not a git repository"):
        pull(tmp_path)


def test_a_password_in_an_address_is_not_told(there: Repositories) -> None:
    git(there.here, "remote", "set-url", "origin", "https://ada:hunter2@127.0.0.1:9/ircal.git")
    with pytest.raises(RevisionUnreadable) as caught:
        pull(there.folder)
    assert "hunter2" not in str(caught.value)
    assert "127.0.0.1" in str(caught.value)


def test_a_pull_that_does_not_end_is_ended(there: Repositories, tmp_path: Path) -> None:
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nsleep 60\n")
    slow.chmod(0o755)
    git(there.here, "config", "remote.origin.uploadpack", str(slow))
    with pytest.raises(RevisionUnreadable, match=r"takes longer than 0\.2 s"):
        pull(there.folder, 0.2)


def test_where_there_is_no_git(there: Repositories, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "PATH", "")
    with pytest.raises(RevisionUnreadable, match="no git here"):
        pull(there.folder)
