"""Checks: what is wrong with a programme although every line of it can be read.

Each check is a pure function over a Schedule that gives Problems with a stable code. The first is here: a calendar
that would be published and say nothing. What the rules themselves notice (a time that the clock skips, an override
of a session that does not exist) comes with the schedule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ircal.errors import Problem
from ircal.feeds.select import select

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.model.schedule import Schedule


def check(schedule: Schedule) -> tuple[Problem, ...]:
    """Everything that is wrong with the schedule, in the order of the places where it can be mended."""
    found = [*schedule.problems, *empty_calendars(schedule)]
    return tuple(sorted(found, key=lambda problem: (problem.place, problem.code, problem.message)))


def empty_calendars(schedule: Schedule) -> Iterator[Problem]:
    """Calendars that hold nothing in the schedule's window: somebody would subscribe to them and miss everything."""
    for calendar in schedule.program.calendars.values():
        if not select(schedule, calendar):
            yield Problem(
                "calendar-empty",
                f"the calendar {calendar.id} ({calendar.name}) has no entry from {schedule.window.start} on",
                calendar.place,
                f"nothing in the programme belongs to {calendar.kind} {calendar.of}; correct it or take it out",
            )
