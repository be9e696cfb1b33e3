"""`expand(program, window)`: from what the programme says to what happens on which day.

    roster        block schedule, dated assignments, swaps, cycles   ->  who works where
    work          roster, leave, duties                              ->  each person's banners, duties, leave
    sessions      conferences, holidays, overrides, closures,
                  topics, presenters, audiences                      ->  sessions with everyone they concern
    milestones    class days                                         ->  deadlines of each class

Everything is worked out from the programme's first year to the end of the academic year in which the window ends, and
cut to the window last: topics and presenters take turns, and a turn must not depend on what is looked at.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from ircal.model.schedule import Occurrence, Schedule
from ircal.rules.days_off import days_off
from ircal.rules.meetings import Horizon, milestones, sessions
from ircal.rules.roster import Roster
from ircal.rules.work import work

if TYPE_CHECKING:
    from ircal.errors import Problem
    from ircal.model.program import Program, Window


def expand(program: Program, window: Window) -> Schedule:
    """Every occurrence that touches the window, in order of time.

    Problems that only show when dates are worked out (a time that the clock skips, an override of a session that
    does not exist) come with the schedule; those of severity `error` make it unfit to publish.
    """
    roster = Roster(program)
    horizon = horizon_of(program, window)
    occurrences: list[Occurrence] = []
    problems: list[Problem] = []
    for conference in program.conferences.values():
        found, wrong = sessions(conference, program, roster, horizon)
        occurrences += found
        problems += wrong
    for person in program.people:
        found, wrong = work(person, program, roster, horizon)
        occurrences += found
        problems += wrong
    for milestone in program.milestones.values():
        occurrences += milestones(milestone, program, roster, horizon)
    inside = [item for item in occurrences if touches(item, window, program)]
    return Schedule(program, window, tuple(sorted(inside, key=order_of)), tuple(problems))


def horizon_of(program: Program, window: Window) -> Horizon:
    """From the programme's first year to the end of the last academic year that the window reaches."""
    last_year = max(program.academic_year(window.end - timedelta(days=1)), program.settings.first_year)
    years = range(program.settings.first_year, last_year + 1)
    calendar_years = range(years.start, years.stop + 1)
    return Horizon(
        first=program.year_start(years.start),
        last=program.year_start(years.stop) - timedelta(days=1),
        years=years,
        off={name: days_off(each, program.holidays, calendar_years) for name, each in program.holidays.items()},
    )


def touches(occurrence: Occurrence, window: Window, program: Program) -> bool:
    """Whether a moment of the occurrence lies in the window, whose days begin at midnight in the programme's zone."""
    zone = program.settings.zone
    opens, closes = (datetime.combine(day, time.min, tzinfo=zone) for day in (window.start, window.end))
    if isinstance(occurrence.start, datetime) and isinstance(occurrence.end, datetime):
        return occurrence.start < closes and occurrence.end > opens
    return window.overlaps(occurrence.start, occurrence.end)


def order_of(occurrence: Occurrence) -> tuple[date, str, str, str, str]:
    """Sorting by day, whole days first, then by time, rule and person: the same for the same programme."""
    clock = f"{occurrence.start:%H:%M}" if isinstance(occurrence.start, datetime) else ""
    return occurrence.first_day, clock, str(occurrence.rule), occurrence.person, str(occurrence.nominal)
