"""Golden cases: the whole .ics of a small programme, to be read by whoever knows the format.

Each folder of tests/golden/feeds holds the `feed.ics` of the case of that name below. To see the new bytes after a
change that is meant, run with IRCAL_UPDATE_GOLDEN=1 and read the difference in git.
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ircal.feeds import make_feed, render
from ircal.model.program import Calendar
from ircal.model.series import Revision
from tests.feeds.making import (
    added,
    cancelled,
    conference,
    excusing,
    moved,
    personal,
    program,
    schedule,
    sessions,
)
from tests.feeds.reading import entries, read_back

if TYPE_CHECKING:
    from ircal.feeds import Feed
    from ircal.model.program import Program
    from ircal.model.schedule import Occurrence

GOLDEN = Path(__file__).parents[1] / "golden" / "feeds"
ASH = Calendar(id="ash", name="Robin Ash", kind="resident", of="ash", description="Rotations and conferences")


def weekly_over_the_clock_change() -> tuple[Program, list[Occurrence]]:
    """Wednesdays from 7 October to 9 December 2026: one moved to a Thursday afternoon, one cancelled, one excused."""
    made = program(conference("We 12:00-13:00", name="case", category="Conference"))
    found = sessions(made, "case", date(2026, 10, 7), date(2026, 12, 9))
    link = "https://meet.example.org/case"
    found = [item._replace(details=replace(item.details, link=link, description=f"Join: {link}")) for item in found]
    found[2] = moved(found[2], days=1, hours=4)
    found[5] = cancelled(found[5])
    found[7] = excusing(found[7], "ash")
    return made, found


def whole_days() -> tuple[Program, list[Occurrence]]:
    """Two blocks, the leave between them, and a society's meeting of three days."""
    made = program(conference(None, name="sir", sessions="sir"))
    days = [date(2026, 9, 28), date(2026, 10, 12), date(2026, 10, 19), date(2026, 11, 9)]
    blocks = [
        personal(("rotation", "west"), "ash", days[0], days[1], "IR West"),
        personal(("leave", "vacation"), "ash", days[1], days[2], "Leave: vacation"),
        personal(("rotation", "icu"), "ash", days[2], days[3], "ICU"),
    ]
    meeting = added(made, "sir", "2026-11-05 00:00", "2026-11-08 00:00")
    first, past = date(2026, 11, 5), date(2026, 11, 8)
    return made, [*blocks, meeting._replace(nominal=first, start=first, end=past)]


def nights() -> tuple[Program, list[Occurrence]]:
    """Saturday nights, that of 31 October 2026 an hour longer than the others: single events."""
    made = program(conference("Sa 19:00-07:00", name="nights"))
    return made, sessions(made, "nights", date(2026, 10, 24), date(2026, 11, 7))


def nothing_yet() -> tuple[Program, list[Occurrence]]:
    """A calendar without an event is a calendar still."""
    return program(), []


CASES = {
    "weekly-over-the-clock-change": weekly_over_the_clock_change,
    "whole-days": whole_days,
    "nights": nights,
    "nothing-yet": nothing_yet,
}


@pytest.mark.parametrize("case", CASES)
def test_golden_case_is_rendered_to_what_is_written(case: str) -> None:
    made, found = CASES[case]()
    feed = make_feed(schedule(made, found), ASH)
    data = render(feed, made.settings, _revisions(feed))
    path = GOLDEN / case / "feed.ics"
    if os.environ.get("IRCAL_UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    assert data == path.read_bytes()
    assert read_back(data) == entries(feed)


def _revisions(feed: Feed) -> dict[str, Revision]:
    """The first UID has been changed twice."""
    return {series.uid: Revision(2, datetime(2026, 9, 15, 8, 30, tzinfo=UTC)) for series in feed.series[:1]}


def test_each_golden_file_has_its_case() -> None:
    assert sorted(path.parent.name for path in GOLDEN.glob("*/feed.ics")) == sorted(CASES)
