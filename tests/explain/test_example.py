"""The example programme explains itself, as its own page and the how-to promise."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ircal.config import load
from ircal.explain import explain
from ircal.model.program import Window
from ircal.rules.expand import expand

if TYPE_CHECKING:
    from ircal.model.schedule import Schedule

EXAMPLE = Path(__file__).parents[2] / "config"


@pytest.fixture(scope="module")
def schedule() -> Schedule:
    return expand(load(EXAMPLE), Window(date(2026, 7, 1), date(2028, 7, 1)))


@pytest.mark.parametrize(
    ("asked", "summary", "present", "reason"),
    [
        ("resident-hazel on 2026-07-13", "Nuclear Medicine", False, "On leave (vacation)."),
        (
            "resident-cedar on 2027-01-26",
            "Cancelled: IR clinic, morning",
            True,
            "IR Clinic is closed by Chief resident",
        ),
        ("resident-ash on 2026-11-09", "IR External", False, "Swap between Amara Ash and Tomasz Birch by Chief"),
        ("conference-mm on 2027-04-21", "Quality Improvement (M&M)", False, "Moved from 2027-04-21 to 2027-04-28 by"),
        ("resident-ash on 2026-11-26", "IR case conference", False, "Left out: 2026-11-26 is Thanksgiving Day."),
        ("resident-ash on 2026-10-07", "Visiting professor lecture", True, "Replaced by Program director on 2026-06"),
        ("resident-cedar on 2026-12-08", "Intensive Care Unit", True, "It overrides this line: block schedule: core."),
        ("resident-cedar on 2026-12-08", "IR journal club", False, "It is not for those on Evening Float or Intensive"),
        ("resident-cedar on 2027-07-01", "IR case conference", False, "Linh Cedar is excused: off-site"),
        ("resident-elm on 2026-10-13", "IR journal club", False, "Rafael Elm is excused by name."),
        ("resident-hazel on 2026-07-13", "Core exam preparation", False, "Left out: out of season"),
    ],
)
def test_the_example_tells_why(schedule: Schedule, asked: str, summary: str, present: bool, reason: str) -> None:
    calendar, _, day = asked.partition(" on ")
    told = explain(schedule, schedule.program.calendars[calendar], date.fromisoformat(day))
    (entry,) = (each for each in told.entries if each.summary.startswith(summary))
    assert entry.present == present
    assert any(each.text.startswith(reason) and each.place.file for each in entry.sentences)


def test_the_first_of_july_tells_since_when_a_level_is_held(schedule: Schedule) -> None:
    told = explain(schedule, schedule.program.calendars["resident-cedar"], date(2027, 7, 1))
    assert "PGY-6 (since Thu 1 Jul 2027)" in told.about[0].text
