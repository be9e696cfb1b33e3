"""Whom a duty takes elsewhere at the time of a session, also when it is counted in their own stretch on a rotation."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ircal.model.program import Window
from ircal.rules.expand import expand

if TYPE_CHECKING:
    from collections.abc import Callable

    from ircal.model.program import Program

JULY = Window(date(2026, 7, 1), date(2026, 8, 1))
OFF_SITE = "off-site (vein)"


def excused(program: Program) -> dict[str, dict[int, str]]:
    """By person, the days of July on which they are excused from rounds, with the reason."""
    found: dict[str, dict[int, str]] = {}
    for item in expand(program, JULY).occurrences:
        for entry in item.attendance:
            if entry.level == "excused":
                found.setdefault(entry.person, {})[item.first_day.day] = entry.reason
    return found


@pytest.mark.parametrize(
    ("when", "days"),
    [
        ("We[2] of rotation 08:00-12:00", {"ash": {8: OFF_SITE}, "birch": {22: OFF_SITE}}),
        ("on rotation start 08:00-12:00", {"birch": {13: OFF_SITE}}),
        ("We[2] of rotation 15:00-16:00", {}),
        ("We[2] of rotation 09:59-12:00", {"ash": {8: OFF_SITE}, "birch": {22: OFF_SITE}}),
    ],
)
def test_a_duty_of_ones_own_stretch_takes_elsewhere(
    program: Callable[..., Program], when: str, days: dict[str, dict[int, str]]
) -> None:
    clinic = {"name": "Clinic", "when": when, "site": "vein"}
    there = {"rotation": "clinics", "end": "2026-08-03"}
    trial = program(
        rotations={"clinics": {"name": "Clinics", "site": "west", "duties": {"clinic": clinic}}},
        conferences={
            "rounds": {
                "name": "Rounds",
                "when": "Mo-Fr 09:00-10:00",
                "site": "west",
                "audience": {"rotation": "clinics"},
            }
        },
        assignments=[
            {**there, "person": "ash", "start": "2026-06-29"},
            {**there, "person": "birch", "start": "2026-07-13"},
        ],
        leave=[{"person": "birch", "kind": "sick", "start": "2026-07-29", "end": "2026-07-30"}],
    )
    birch = {29: "on leave (sick)"}
    expected: dict[str, Any] = {**days, "birch": {**days.get("birch", {}), **birch}}
    assert excused(trial) == expected


def test_two_duties_elsewhere_on_the_same_day_each_count_at_their_time(program: Callable[..., Program]) -> None:
    duties = {
        "clinic": {"name": "Clinic", "when": "Mo-Fr 08:00-12:00", "site": "vein"},
        "visit": {"name": "Visit", "when": "We[1] of rotation 08:00-12:00", "site": "east"},
    }
    trial = program(
        rotations={"clinics": {"name": "Clinics", "site": "west", "duties": duties}},
        conferences={"rounds": {"name": "Rounds", "when": "We 09:00-10:00", "site": "west", "audience": "everyone"}},
        assignments=[{"person": "ash", "rotation": "clinics", "start": "2026-07-06", "end": "2026-07-20"}],
    )
    assert excused(trial) == {"ash": {15: OFF_SITE}}  # on the 8th at East, which is no way
