"""A folder of programme folders: one is named, or all are done, and a broken one harms no other."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from ircal.cli.several import code_of
from ircal.google.sandbox import SandboxServer
from ircal.google.sandbox.query import Query
from tests.cli.conftest import CALENDAR, edit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.cli.conftest import Ircal


@pytest.fixture
def several(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small programme three times, under other names, ids and Google calendars; the one in the middle is broken."""
    folder = tmp_path / "programmes"
    for name in ("east", "north", "west"):
        shutil.copytree(small, folder / name)
        edit(folder / name, "id: small", f"id: {name}")
        edit(folder / name, CALENDAR, f"{name}@example.org")
    edit(folder / "north", "timezone: America/New_York", "timezone: Mars/Olympus")
    monkeypatch.setenv("IRCAL_CONFIG", str(folder))
    return folder


def test_check_tells_of_each(ircal: Ircal, several: Path) -> None:
    told = ircal("check")
    assert told.code == 1
    parts = told.out.split("== ")
    assert [part.splitlines()[0] for part in parts[1:]] == ["east", "north", "west"]
    assert ["Mars/Olympus" in part for part in parts[1:]] == [False, True, False]
    body = json.loads(ircal("check", "--format", "json").out)
    assert (body["ok"], {name: each["ok"] for name, each in body["programmes"].items()}) == (
        False,
        {"east": True, "north": False, "west": True},
    )
    assert json.loads(ircal("check", "--format", "json", "--programme", "east").out)["ok"]
    edit(several / "north", "timezone: Mars/Olympus", "timezone: America/New_York")
    assert ircal("check").code == 0


def test_two_programmes_cannot_have_one_id(ircal: Ircal, several: Path) -> None:
    edit(several / "west", "id: west", "id: east")
    told = ircal("check")
    assert told.out.count("the programme 'east' has the id 'east' too [same-programme]") == 1
    assert "[same-programme]" in told.out.split("== west")[1]


def test_build_makes_a_folder_of_each(ircal: Ircal, several: Path, tmp_path: Path) -> None:
    told = ircal("build", "--out", "out")
    assert (told.code, told.out) == (1, "")
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.glob("out/*/*.ics")) == [
        f"out/{name}/{calendar}.ics" for name in ("east", "west") for calendar in ("ash", "rounds")
    ]
    alone = ircal("build", "--out", "alone", "--config", str(several / "east"))
    assert alone.code == 0
    for name in ("ash.ics", "rounds.ics"):
        assert (tmp_path / "out" / "east" / name).read_bytes() == (tmp_path / "alone" / name).read_bytes()


def test_a_command_about_one_asks_which(ircal: Ircal, several: Path) -> None:
    told = ircal("show", "calendars")
    assert told.code == 64
    assert f"There are 3 programmes in {several}: east, north, west. Name one with --programme." in told.err
    assert ircal("show", "calendars", "--programme", "east").code == 0
    told = ircal("show", "calendars", "--programme", "est")
    assert (told.code, told.err.splitlines()[-1]) == (1, "Did you mean west or east?")
    told = ircal("show", "calendars", "--programme", "east", "--config", str(several / "east"))
    assert (told.code, "is one programme, and not a folder of several" in told.err) == (1, True)


def test_a_setting_names_it_too_and_one_alone_needs_no_name(
    ircal: Ircal, several: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IRCAL_PROGRAMME", "west")
    assert ircal("show", "calendars").code == 0
    assert ircal("check").out == "The programme is right.\n"
    monkeypatch.delenv("IRCAL_PROGRAMME")
    for name in ("north", "west"):
        shutil.rmtree(several / name)
    assert ircal("show", "calendars").code == 0


def test_links_of_one_are_unknown_to_another(ircal: Ircal, several: Path) -> None:
    for name in ("east", "west"):
        assert ircal("token", "issue", "--programme", name, "--calendar", "ash").code == 0
    [mine] = [
        json.loads(line) for line in ircal("token", "list", "--programme", "east", "--format", "json").out.splitlines()
    ]
    assert mine["calendar"] == "ash"
    assert ircal("token", "revoke", "--programme", "west", mine["id"]).code == 1
    assert ircal("token", "revoke", "--programme", "east", mine["id"]).code == 0


def test_sync_does_all_that_are_right(ircal: Ircal, several: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with SandboxServer() as server:
        for name in ("east", "north", "west"):
            server.world.add_calendar(f"{name}@example.org", name, "America/New_York")
        monkeypatch.setenv("IRCAL_GOOGLE__API_ROOT", server.url.rstrip("/"))
        told = ircal("sync")
        assert (told.code, "Mars/Olympus" in told.err) == (1, True)
        with server.world.lock:
            found = {
                name: len(server.world.list_events(f"{name}@example.org", Query())["items"])
                for name in ("east", "north", "west")
            }
        assert found == {"east": 3, "north": 0, "west": 3}
        edit(several / "north", "timezone: Mars/Olympus", "timezone: America/New_York")
        assert ircal("sync").code == 0
        told = ircal("sync", "--programme", "east")
        assert "nothing to do" in told.out


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        ([0, 0], 0),
        ([4, 4], 4),
        ([0, 4], 5),
        ([5, 0, 4], 5),
        ([0, 3, 4], 3),
        ([3, 1], 1),
        ([143, 0], 143),
    ],
)
def test_the_exit_code_of_several(codes: Sequence[int], code: int) -> None:
    assert code_of(codes) == code
