"""Single calendars: one that would be published and say nothing, and what keeps a feed from being made.

The latter is asked of the function that decides when a feed is made.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from ircal.errors import Problem, ProgramError
from ircal.feeds.groups import groups_of
from ircal.feeds.select import selection
from ircal.recall import Recall
from ircal.rules.levels import class_of, levels_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.model.people import Person
    from ircal.model.program import Calendar, Program
    from ircal.model.schedule import Schedule


def empty_calendars(schedule: Schedule) -> Iterator[Problem]:
    """Calendars that hold nothing in the schedule's window: somebody would subscribe to them and miss everything."""
    occurrences = schedule.occurrences
    for calendar in schedule.program.calendars.values():
        if not any(map(selection(calendar, schedule.program), occurrences)):
            yield _empty(calendar, schedule)


def twins(schedule: Schedule) -> tuple[Problem, ...]:
    """Entries that no calendar can tell apart: the only thing that keeps a feed from being made."""
    try:
        groups_of(schedule, Recall())
    except ProgramError as error:
        return error.problems
    return ()


def _empty(calendar: Calendar, schedule: Schedule) -> Problem:
    """Somebody would subscribe to it and miss everything.

    That of a resident or class that is not here in the schedule's window is rightly empty: a warning only.
    """
    told = f"the calendar {calendar.id} ({calendar.name}) has no entry from {schedule.window.start} on"
    if reason := _not_here(calendar, schedule):
        hint = "it is published all the same, and empty"
        return Problem("calendar-empty", f"{told}: {reason}", calendar.place, hint, "warning")
    hint = f"nothing in the programme belongs to {calendar.kind} {calendar.of}; correct it or take it out"
    return Problem("calendar-empty", told, calendar.place, hint)


def _not_here(calendar: Calendar, schedule: Schedule) -> str:
    """Why nobody whom the calendar is for is here in the window; nothing where that is not so."""
    program, window = schedule.program, schedule.window
    levels = [levels_of(person, program) for person in program.residents if _is_for(calendar, person, program)]
    if not levels:
        return ""
    enters = min(each.entered or date.min for each in levels)
    leaves = max(each.end or date.max for each in levels)
    who = f"{calendar.kind} {calendar.of}"
    if enters >= window.end:
        return f"{who} enters on {enters}"
    return f"{who} left on {leaves - timedelta(days=1)}" if leaves <= window.start else ""


def _is_for(calendar: Calendar, person: Person, program: Program) -> bool:
    if calendar.kind == "class":
        return str(class_of(person, program)) == calendar.of
    return calendar.kind == "resident" and person.id == calendar.of
