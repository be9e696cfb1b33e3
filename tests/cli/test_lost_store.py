"""Losing the store costs calls, not truth: wherever it is lost, everything says again what the programme says."""

from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from ircal.google.sandbox import SandboxServer
from ircal.google.sandbox.query import Query
from tests.cli.conftest import CALENDAR

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Ircal

EDITS = [
    ("name: Rounds,", "name: Grand rounds,"),
    ("07:00-07:30", "16:00-16:30"),
    ('"Mo-Fr', '"Mo,We,Fr'),
    ("name: IR West,", "name: Angiography,"),
]
"""Each can be made, and taken back."""


def events(sandbox: SandboxServer) -> list[dict[str, Any]]:
    """Every event that a reader sees, without what Google makes up itself."""
    with sandbox.world.lock:
        found = sandbox.world.list_events(CALENDAR, Query())["items"]
    made_up = {"etag", "updated", "created", "sequence"}
    return sorted(
        ({key: value for key, value in event.items() if key not in made_up} for event in found),
        key=lambda event: str(event["id"]),
    )


def feeds(ircal: Ircal, out: Path) -> dict[str, bytes]:
    assert ircal("build", "--out", str(out)).code == 0
    return {path.name: path.read_bytes() for path in out.glob("*.ics")}


def sync(ircal: Ircal) -> None:
    told = ircal("sync", "--allow-soon", "--allow-large-changes")
    assert told.code == 0, told.err


@pytest.mark.parametrize("seed", [1, 2])
def test_a_store_that_is_lost_anywhere_in_a_life_leaves_every_calendar_right(
    ircal: Ircal, sandbox: SandboxServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    file, lost = tmp_path / "small" / "programme.yaml", 0
    for step in range(6):
        if step % 2 == 0:
            old, new = chance.choice(EDITS)
            text = file.read_text()
            file.write_text(text.replace(old, new) if old in text else text.replace(new, old))
        sync(ircal)
        if chance.random() < 0.5:
            shutil.rmtree(tmp_path / "state")
            lost += 1
    assert 0 < lost < 6
    shutil.rmtree(tmp_path / "state", ignore_errors=True)
    sync(ircal)

    assert ircal("verify", "google").code == 0
    left, after = events(sandbox), feeds(ircal, tmp_path / "after")
    sync(ircal)
    assert events(sandbox) == left
    with SandboxServer() as other:  # a life in which nothing ever happened
        other.world.add_calendar(CALENDAR, "Robin Ash", "America/New_York")
        monkeypatch.setenv("IRCAL_GOOGLE__API_ROOT", other.url.rstrip("/"))
        monkeypatch.delenv("IRCAL_GOOGLE__CREDENTIALS_FILE")
        monkeypatch.setenv("IRCAL_STATE_DIR", str(tmp_path / "never-seen"))
        sync(ircal)
        assert events(other) == left
    assert feeds(ircal, tmp_path / "fresh") == after


def test_feeds_say_the_same_bytes_when_nothing_has_changed(
    ircal: Ircal, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IRCAL_CONFIG", str(small))
    before = feeds(ircal, tmp_path / "before")
    shutil.rmtree(tmp_path / "state")
    assert feeds(ircal, tmp_path / "after") == before


def test_the_next_run_costs_calls_and_writes_nothing(ircal: Ircal, sandbox: SandboxServer, tmp_path: Path) -> None:
    sync(ircal)
    shutil.rmtree(tmp_path / "state")
    before = events(sandbox)
    told = ircal("sync")
    assert told.code == 0
    assert "nothing to do" in told.out + told.err
    assert events(sandbox) == before
