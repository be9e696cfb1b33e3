"""Edges of the calendar: nights in which the clock changes, midnight, leap day, 53 weeks, the turn of a year."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ircal.model.program import Window
from ircal.rules.expand import expand
from ircal.rules.grids import blocks

if TYPE_CHECKING:
    from collections.abc import Callable

    from ircal.model.program import Program
    from ircal.model.schedule import Occurrence

TWO_YEARS = Window(date(2026, 7, 1), date(2028, 7, 1))
SHIFT = {"name": "Shift", "when": "Mo-Su 20:00-07:00", "holiday": "keep"}
NIGHTS = {"nights": {"name": "Nights", "site": "west", "tags": "nights", "duties": {"shift": SHIFT}}}
ON_NIGHTS = [{"person": "ash", "rotation": "nights", "start": "2026-07-01", "end": "2027-07-01"}]


def of(program: Program, kind: str, window: Window = TWO_YEARS) -> list[Occurrence]:
    return [item for item in expand(program, window).occurrences if item.rule.kind == kind]


def hours(item: Occurrence) -> float:
    assert isinstance(item.start, datetime)
    assert isinstance(item.end, datetime)
    return (item.end.timestamp() - item.start.timestamp()) / 3600


@pytest.mark.parametrize(
    ("night", "length"), [(date(2026, 10, 31), 12), (date(2027, 3, 13), 10), (date(2027, 3, 14), 11)]
)
def test_a_night_shift_ends_by_the_clock_on_the_wall(program: Callable[..., Program], night: date, length: int) -> None:
    trial = program(rotations=NIGHTS, assignments=ON_NIGHTS)
    (shift,) = (item for item in of(trial, "duty") if item.first_day == night)
    assert (f"{shift.start:%H:%M}", f"{shift.end:%H:%M}", hours(shift)) == ("20:00", "07:00", length)


def test_the_night_to_the_first_of_july_is_in_both_years(program: Callable[..., Program]) -> None:
    trial = program(rotations=NIGHTS, assignments=ON_NIGHTS)
    last = date(2027, 6, 30)
    for window in (Window(date(2026, 7, 1), date(2027, 7, 1)), Window(date(2027, 7, 1), date(2028, 7, 1))):
        assert [item.first_day for item in of(trial, "duty", window)][-1] == last


def test_on_the_first_of_july_people_are_a_level_higher(program: Callable[..., Program]) -> None:
    new = {"fir": {"name": "Fir", "role": "resident", "entered": "2026-07-01"}}
    daily = {"name": "Daily", "when": "Mo-Fr 12:00-13:00", "audience": {"pgy": [2, 6]}, "site": "west"}
    trial = program(people=new, conferences={"daily": daily}, assignments=[])
    who = {item.first_day: {entry.person for entry in item.attendance} for item in of(trial, "conference")}
    assert who[date(2027, 6, 30)] == {"ash", "birch", "cedar", "elm", "fir"}
    assert who[date(2027, 7, 1)] == set()


def test_leap_day_is_a_day(program: Callable[..., Program]) -> None:
    daily = {"name": "Daily", "when": "Mo-Fr 12:00-13:00", "audience": "everyone"}
    closed = {"close": {"sites": "west", "from": "2028-02-29", "to": "2028-02-29"}}
    trial = program(
        people={"fir": {"name": "Fir", "role": "resident", "entered": "2026-07-01"}},
        conferences={"daily": {**daily, "site": "west"}},
        overrides={"leap": closed},
        milestones={
            "yearly": {"name": "Yearly", "when": {"pgy": 2, "on": "02-29"}},
            "next": {"name": "Next", "when": {"pgy": 3, "on": "02-29"}},
            "later": {"name": "Later", "when": "366 days after 2027-02-28"},
        },
    )
    cancelled = [item.first_day for item in of(trial, "conference") if item.cancelled]
    assert cancelled == [date(2028, 2, 29)]
    due = {item.details.summary: item.first_day for item in of(trial, "milestone")}
    assert due == {"Yearly": date(2027, 2, 28), "Next": date(2028, 2, 29), "Later": date(2028, 2, 29)}


@pytest.mark.parametrize(
    ("remainder", "number", "weeks"), [("extend_last", 13, 5), ("extend_first", 1, 5), ("separate", 14, 1)]
)
def test_what_is_due_at_the_end_of_blocks_reaches_the_53rd_week(
    program: Callable[..., Program], remainder: str, number: int, weeks: int
) -> None:
    body: dict[str, Any] = {"kind": "fixed_weeks", "remainder": remainder}
    trial = program(
        settings={"first_year": 2029},
        people={"fir": {"name": "Fir", "role": "resident", "entered": "2029-07-01"}},
        grids={"blocks": body},
        milestones={"end": {"name": "End", "when": f"on block[{number}] end"}},
        assignments=[],
    )
    block = blocks(trial.grids["blocks"], 2029, trial.settings)[number - 1]
    assert (block.end - block.start).days == weeks * 7
    window = Window(date(2029, 7, 1), date(2030, 7, 1))
    assert [item.first_day for item in of(trial, "milestone", window)] == [block.end - timedelta(days=1)]


def test_a_conference_over_midnight_is_closed_with_the_day_on_which_it_begins_or_ends(
    program: Callable[..., Program],
) -> None:
    late = {"name": "Late", "when": "We 23:00-01:00", "audience": "everyone", "site": "west", "until": "2026-07-31"}
    closed = {"close": {"sites": "west", "from": "2026-07-09", "to": "2026-07-09"}}
    trial = program(conferences={"late": late}, overrides={"thursday": closed})
    assert [item.first_day for item in of(trial, "conference") if item.cancelled] == [date(2026, 7, 8)]
