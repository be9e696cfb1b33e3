"""`verify google`: what Google shows, expanded by Google, against the programme; and `resync`, which mends it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ircal.google.sandbox.query import read_query
from tests.cli.conftest import CALENDAR, edit

if TYPE_CHECKING:
    from pathlib import Path

    from ircal.google.sandbox import SandboxServer
    from tests.cli.conftest import Ircal

WEEK = ("--from", "2026-11-02", "--to", "2026-11-06")
DAY = "2026-11-03"


@pytest.fixture
def synced(ircal: Ircal, sandbox: SandboxServer) -> SandboxServer:
    """The sandbox after a sync."""
    assert ircal("sync").code == 0
    return sandbox


def occurrence(server: SandboxServer, summary: str = "Rounds", day: str = DAY) -> dict[str, Any]:
    """What Google shows on a day."""
    query = read_query([("singleEvents", "true"), ("maxResults", "2500")])
    with server.world.lock:
        items = server.world.list_events(CALENDAR, query)["items"]
    return next(
        each for each in items if each["summary"] == summary and each["start"].get("dateTime", "").startswith(day)
    )


def patch(server: SandboxServer, event: dict[str, Any], **fields: Any) -> None:
    with server.world.lock:
        server.world.patch(CALENDAR, event["id"], fields)


def at(hour: str) -> dict[str, str]:
    return {"dateTime": f"{DAY}T{hour}:00", "timeZone": "America/New_York"}


def test_what_was_synced_is_what_the_programme_says(ircal: Ircal, synced: SandboxServer) -> None:
    told = ircal("verify", "google", *WEEK)
    assert told == type(told)(0, "ash, 2026-11-02 to 2026-11-06: 5 occurrences, all as the programme says.\n", "")
    assert ircal("verify", "google").code == 0


def test_before_the_first_sync_everything_is_missing(ircal: Ircal, sandbox: SandboxServer) -> None:
    told = ircal("verify", "google", *WEEK)
    assert told.code == 2
    assert told.out.splitlines()[-1] == (
        "ash, 2026-11-02 to 2026-11-06: 0 occurrences as the programme says; 5 missing."
    )


def test_what_people_did_in_google_is_told_by_its_date(ircal: Ircal, synced: SandboxServer) -> None:
    patch(synced, occurrence(synced), start=at("08:00"), end=at("08:30"), description="Bring cake")
    with synced.world.lock:
        synced.world.delete(CALENDAR, occurrence(synced, day="2026-11-04")["id"])
        copied = ("summary", "start", "end", "extendedProperties")
        found = occurrence(synced, day="2026-11-05")
        synced.world.insert(CALENDAR, {name: found[name] for name in copied})
        synced.world.insert(CALENDAR, {"summary": "Dentist", "start": at("10:00"), "end": at("11:00")})
    told = ircal("verify", "google", *WEEK)
    assert told.code == 2
    lines = told.out.splitlines()
    assert lines.pop(2).startswith(
        "different: Tue 3 Nov 2026 07:00-07:30 Rounds: start is Tue 3 Nov 2026 08:00, not Tue 3 Nov 2026 07:00, "
        "end is Tue 3 Nov 2026 08:30, not Tue 3 Nov 2026 07:30, description is 'Bring cake', not 'You: required"
    )
    assert lines == [
        "missing: Wed 4 Nov 2026 07:00-07:30 Rounds",
        "too many: Thu 5 Nov 2026 07:00-07:30 Rounds",
        "ash, 2026-11-02 to 2026-11-06: 3 occurrences as the programme says; 1 missing, 1 too many, 1 different.",
    ]


def test_in_json(ircal: Ircal, synced: SandboxServer) -> None:
    patch(synced, occurrence(synced), summary="Lounge")
    told = ircal("verify", "google", *WEEK, "--format", "json")
    answer = json.loads(told.out)
    assert (told.code, answer["equal"], answer["errors"]) == (2, False, [])
    (calendar,) = answer["calendars"]
    assert (calendar["calendar"], calendar["equal"], calendar["alike"]) == ("ash", False, 4)
    (difference,) = calendar["different"]
    assert (difference["google"]["summary"], difference["programme"]["summary"]) == ("Lounge", "Rounds")
    assert difference["fields"] == ["summary"]


def test_a_calendar_that_cannot_be_read(ircal: Ircal, synced: SandboxServer, small: Path) -> None:
    edit(small, "of: rounds, public", "of: rounds, google: nobody@example.org, public")
    told = ircal("verify", "google", *WEEK)
    assert told.code == 5
    assert "Rounds (rounds): There is no such calendar" in told.err
    assert "all as the programme says" in told.out
    edit(small, CALENDAR, "somebody@example.org")
    assert ircal("verify", "google", *WEEK, "--format", "json").code == 4


def test_verifying_writes_nothing(ircal: Ircal, synced: SandboxServer) -> None:
    synced.ledger.clear()
    ircal("verify", "google")
    assert {entry.method for entry in synced.ledger.entries() if "/calendars/" in entry.path} == {"GET"}
