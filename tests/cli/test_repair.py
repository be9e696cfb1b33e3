"""`resync` and `purge`, against the sandbox over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import CALENDAR, edit
from tests.cli.test_verify_google import DAY, at, occurrence, patch

if TYPE_CHECKING:
    from pathlib import Path

    from ircal.google.sandbox import SandboxServer
    from tests.cli.conftest import Ircal


@pytest.fixture
def synced(ircal: Ircal, sandbox: SandboxServer) -> SandboxServer:
    """The sandbox after a sync, with one event of somebody else."""
    assert ircal("sync").code == 0
    with sandbox.world.lock:
        sandbox.world.insert(CALENDAR, {"summary": "Dentist", "start": at("10:00"), "end": at("11:00")})
    return sandbox


def test_resync_has_nothing_to_do_where_google_shows_the_programme(ircal: Ircal, synced: SandboxServer) -> None:
    told = ircal("resync")
    assert told == type(told)(0, "Robin Ash: nothing to do, 3 events are as they should be\n", "")


def test_resync_repairs_what_people_did_whatever_the_digests_say(ircal: Ircal, synced: SandboxServer) -> None:
    master = occurrence(synced)["recurringEventId"]
    patch(synced, {"id": master}, summary="Lounge")
    patch(synced, occurrence(synced, "Lounge"), start=at("08:00"), end=at("08:30"))
    with synced.world.lock:
        synced.world.delete(CALENDAR, occurrence(synced, "Lounge", "2026-11-04")["id"])
    assert ircal("verify", "google").code == 2
    told = ircal("resync")
    assert (told.code, told.err) == (0, "")
    assert told.out.splitlines()[0] == "Robin Ash: 0 created, 1 updated, 0 deleted"
    assert ircal("verify", "google").code == 0
    assert occurrence(synced, "Dentist")


def test_an_exception_of_ours_that_somebody_moved_is_repaired_too(
    ircal: Ircal, synced: SandboxServer, small: Path
) -> None:
    said = "by: Chief resident, asked: 2026-10-01, reason: Fire drill"
    override = (
        f'overrides:\n  late: {{conference: rounds, date: {DAY}, move: {{to: {DAY}, at: "09:00-09:30"}}, {said}}}\n'
    )
    (small / "programme.yaml").write_text((small / "programme.yaml").read_text() + override)
    assert ircal("sync").code == 0
    moved = occurrence(synced)
    assert moved["start"]["dateTime"].startswith(f"{DAY}T09:00")
    patch(synced, moved, start=at("15:00"), end=at("15:30"))
    assert ircal("resync").code == 0
    assert occurrence(synced)["start"]["dateTime"].startswith(f"{DAY}T09:00")


def test_resync_of_a_calendar_that_is_gone(ircal: Ircal, synced: SandboxServer, small: Path) -> None:
    edit(small, CALENDAR, "nobody@example.org")
    told = ircal("resync")
    assert told.code == 4
    assert told.err.count("There is no such calendar") == 1


def summaries(server: SandboxServer) -> set[str]:
    with server.world.lock:
        events = server.world.calendar(CALENDAR).events.values()
        return {str(event.fields["summary"]) for event in events if not event.cancelled}


def test_purge_only_tells_until_it_is_confirmed(ircal: Ircal, synced: SandboxServer) -> None:
    told = ircal("purge", "--calendar", "ash")
    assert told.code == 2
    assert "3 to remove" in told.out
    assert "Nothing was removed" in told.err
    assert summaries(synced) == {"Dentist", "IR West", "Rounds"}
    wrong = ircal("purge", "--calendar", "ash", "--checksum", "0" * 16)
    assert (wrong.code, summaries(synced)) == (3, {"Dentist", "IR West", "Rounds"})
    done = ircal("purge", "--calendar", "ash", "--checksum", told.out.split()[-1])
    assert done == type(done)(0, "Robin Ash: 0 created, 0 updated, 3 deleted\n", "")
    assert summaries(synced) == {"Dentist"}
    assert ircal("purge", "--calendar", "ash").code == 0


def test_purge_takes_history_too(ircal: Ircal, synced: SandboxServer) -> None:
    times = {"start": {"date": "2019-07-01"}, "end": {"date": "2019-07-02"}}
    ours = {"private": {"ircal": "small/ash/v1", "ircaluid": "old"}}
    with synced.world.lock:
        synced.world.insert(CALENDAR, {"summary": "Long ago", **times, "extendedProperties": ours})
    assert ircal("sync").out == "Robin Ash: nothing to do, 3 events are as they should be\n"
    assert ircal("purge", "--calendar", "ash", "--yes").code == 0
    assert summaries(synced) == {"Dentist"}


def test_what_a_calendar_left_behind_that_the_programme_has_no_more(
    ircal: Ircal, synced: SandboxServer, small: Path
) -> None:
    edit(small, f", google: {CALENDAR}", "")
    assert ircal("purge", "--calendar", "ash").code == 1
    assert ircal("purge", "--calendar", "ash", "--google", CALENDAR, "--yes").code == 0
    assert summaries(synced) == {"Dentist"}


def test_purge_wants_a_calendar(ircal: Ircal, synced: SandboxServer) -> None:
    assert ircal("purge").code == 64
    assert ircal("purge", "--calendar", "").code == 64
