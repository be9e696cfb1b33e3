"""`diff`: what would change between two states of a programme, in folders and in git."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import edit

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Ircal

YEAR = ("--from", "2026-07-01", "--to", "2027-06-30")
WEEK = ("--from", "2026-11-02", "--to", "2026-11-06")


@pytest.fixture
def new(small: Path, tmp_path: Path) -> Path:
    """A copy of the programme, to be changed."""
    return shutil.copytree(small, tmp_path / "new")


def test_nothing_changes(ircal: Ircal, small: Path, new: Path) -> None:
    told = ircal("diff", str(small), str(new), *YEAR)
    assert (told.code, told.out, told.err) == (0, "", "2026-07-01 to 2027-06-30: nothing would change.\n")


def test_an_hour_a_name_and_a_cancelled_session(ircal: Ircal, small: Path, new: Path) -> None:
    edit(new, 'name: Rounds, when: "Mo-Fr 07:00-07:30"', 'name: Morning rounds, when: "Mo-Fr 07:15-07:45"')
    with (new / "programme.yaml").open("a") as file:
        file.write("overrides:\n  off: {conference: rounds, date: 2026-11-04, cancel: true}\n")
    told = ircal("diff", str(small), str(new), *WEEK)
    assert told.code == 2
    assert told.out == (
        "Robin Ash\n"
        "  Mon 2026-11-02 to Fri 2026-11-06  ~ Rounds, 07:00-07:30: when: 07:00-07:30 -> 07:15-07:45; "
        "title: Rounds -> Morning rounds (4 times)\n"
        "  Wed 2026-11-04  ~ Rounds, 07:00-07:30: is cancelled\n"
        "\n"
        "Calendars\n"
        "  ash (Robin Ash): 4 moved, 1 cancelled\n"
        "  rounds (Rounds): 4 moved, 1 cancelled\n"
    )
    assert told.err == "2026-11-02 to 2026-11-06: 1 person, 2 calendars.\n"


def test_what_comes_and_goes(ircal: Ircal, small: Path, new: Path) -> None:
    text = (new / "programme.yaml").read_text()
    added = text.replace("rotations:\n", "rotations:\n  icu: {name: ICU, site: west}\n").replace(
        "  rounds: {name: Rounds, kind",
        "  west: {name: At West, kind: site, of: west, contents: [rotations]}\n  rounds: {name: Rounds, kind",
    )
    (new / "programme.yaml").write_text(added)
    (new / "blocks" / "2026-27.csv").write_text("resident,1,2\nash,ir,icu\n")
    told = ircal("diff", str(small), str(new), *YEAR)
    assert told.out == (
        "Robin Ash\n"
        "  Wed 2026-07-01 to Sun 2026-08-23  ~ IR West: when: 2026-07-01 to 2026-08-23 -> 2026-07-01 to 2026-07-26\n"
        "  Mon 2026-07-27 to Sun 2026-08-23  + ICU\n"
        "\n"
        "Calendars\n"
        "  ash (Robin Ash): 1 moved, 1 added\n"
        "  west (At West, new): 2 added\n"
    )
    back = ircal("diff", str(new), str(small), *YEAR)
    assert "- ICU\n" in back.out
    assert "  west (At West, no longer there): 2 removed\n" in back.out


def test_people_with_the_same_changes_are_told_together(ircal: Ircal, small: Path, new: Path) -> None:
    for folder in (small, new):
        edit(
            folder,
            "  ash: {name: Robin Ash, role",
            "  bay: {name: Kim Bay, role: resident, entered: 2026-07-01}\n  ash: {name: Robin Ash, role",
        )
    for folder in (small, new):
        (folder / "blocks" / "2026-27.csv").write_text("resident,1,2\nash,ir,ir\nbay,ir,ir\n")
    edit(new, 'name: Rounds, when: "Mo-Fr', 'name: Rounds, room: Hall A, when: "Mo-Fr')
    told = ircal("diff", str(small), str(new), *WEEK)
    assert told.out.startswith(
        "Robin Ash, Kim Bay\n"
        "  Mon 2026-11-02 to Fri 2026-11-06  ~ Rounds, 07:00-07:30: place: "
        "West Campus, 1 Example Street -> Hall A, West Campus, 1 Example Street (5 times)\n"
    )


def test_json_has_an_object_for_each_event(ircal: Ircal, small: Path, new: Path) -> None:
    edit(new, "07:00-07:30", "07:15-07:45")
    told = ircal("diff", str(small), str(new), "--from", "2026-11-02", "--to", "2026-11-02", "--format", "json")
    values = [json.loads(line) for line in told.out.splitlines()]
    assert [(each["of"], each["id"], each["name"], each["change"], each["date"]) for each in values] == [
        ("person", "ash", "Robin Ash", "moved", "2026-11-02"),
        ("calendar", "ash", "Robin Ash", "moved", "2026-11-02"),
        ("calendar", "rounds", "Rounds", "moved", "2026-11-02"),
    ]
    assert values[0]["differences"] == ["when: 2026-11-02 07:00-07:30 -> 2026-11-02 07:15-07:45"]
    assert values[0]["before"]["start"] == "2026-11-02T07:00:00-05:00"
    assert values[0]["after"]["start"] == "2026-11-02T07:15:00-05:00"


def test_a_programme_that_is_wrong(ircal: Ircal, small: Path, new: Path) -> None:
    (new / "blocks" / "2026-27.csv").write_text("resident,1\nash,nothing\n")
    told = ircal("diff", str(small), str(new))
    assert (told.code, told.out) == (1, "")
    assert told.err.startswith(f"In {new}:\nblocks/2026-27.csv:2, column 1: ")
    assert ircal("diff", str(small / "nowhere"), str(new)).code == 1


# ---------------------------------------------------------------------------------------------------------------- git


@pytest.fixture
def repository(tmp_path: Path, small: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository in which the programme has a commit; the folder was changed since."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    top = tmp_path / "repository"
    shutil.copytree(small, top / "config")
    git(top, "init", "-q")
    git(top, "add", ".")
    git(top, "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-q", "-m", "First")
    edit(top / "config", "name: Rounds, when", "name: Morning rounds, when")
    return top


def git(top: Path, *arguments: str) -> str:
    return subprocess.run(
        [shutil.which("git") or "git", "-C", str(top), *arguments], check=True, capture_output=True, text=True
    ).stdout


@pytest.mark.parametrize("old", ["git:HEAD", "git:HEAD:config", "git:HEAD:config/", "HEAD", "HEAD:config"])
def test_the_folder_as_it_was_at_a_revision(ircal: Ircal, repository: Path, old: str) -> None:
    before = git(repository, "status", "--porcelain")
    told = ircal("diff", old, "--config", str(repository / "config"), *WEEK)
    assert told.code == 2
    assert "title: Rounds -> Morning rounds (5 times)" in told.out
    assert git(repository, "status", "--porcelain") == before
    same = ircal("diff", old, "git:HEAD", "--config", str(repository / "config"), *WEEK)
    assert same.code == 0


@pytest.mark.parametrize(
    ("old", "sentence"),
    [
        ("git:--output=stolen", "'--output=stolen' is not a revision."),
        ("git:", "'' is not a revision."),
        ("git:nowhere", "git knows no revision 'nowhere'."),
        ("git:HEAD:nowhere", "There is no folder nowhere in the revision 'HEAD'."),
        ("git:HEAD:config/programme.yaml", "There is no folder config/programme.yaml in the revision 'HEAD'."),
        ("git:HEAD:--output=stolen", "There is no folder --output=stolen in the revision 'HEAD'."),
        ("git:HEAD:../..", "There is no folder ../.. in the revision 'HEAD'."),
    ],
)
def test_what_is_no_revision(ircal: Ircal, repository: Path, old: str, sentence: str) -> None:
    told = ircal("diff", old, "--config", str(repository / "config"))
    assert (told.code, told.out) == (1, "")
    assert told.err.startswith(sentence)
    assert not list(repository.rglob("stolen"))


def test_a_folder_in_no_repository(ircal: Ircal, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(small.parent))
    told = ircal("diff", "git:HEAD", "--config", str(small))
    assert told.code == 1
    assert "is in no git repository.\nGive two folders instead." in told.err


def test_links_that_lead_out_are_refused(ircal: Ircal, repository: Path) -> None:
    (repository / "config" / "people.yaml").symlink_to("/etc/passwd")
    git(repository, "add", ".")
    git(repository, "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-q", "-m", "Second")
    told = ircal("diff", "git:HEAD", "--config", str(repository / "config"))
    assert told.code == 1
    assert "What git packs cannot be unpacked" in told.err


def test_without_git(ircal: Ircal, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    told = ircal("diff", "git:HEAD", "--config", str(repository / "config"))
    assert (told.code, told.err) == (1, "There is no git here.\nInstall it, or give two folders instead.\n")
