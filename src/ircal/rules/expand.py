"""`expand(program, window)`: from what the programme says to what happens on which day.

    roster        block schedule, dated assignments, swaps, cycles   ->  who works where
    work          roster, leave, duties                              ->  each person's banners, duties, leave
    sessions      conferences, holidays, overrides, closures,
                  topics, presenters, audiences                      ->  sessions with everyone they concern
    milestones    class days                                         ->  deadlines of each class

Everything is worked out from the programme's first year to the end of the academic year in which the window ends, and
cut to the window last: topics and presenters take turns, and a turn must not depend on what is looked at. Each
conference, person and milestone is a part of its own, made of what `_tasks` names and of nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from ircal.errors import Problem
from ircal.model.schedule import Occurrence, Schedule, order_of
from ircal.model.when import Relative
from ircal.recall import Recall
from ircal.rules.days_off import days_off
from ircal.rules.horizon import Horizon
from ircal.rules.meetings import Ground, sessions
from ircal.rules.milestones import milestones
from ircal.rules.roster import Roster
from ircal.rules.timetable import Timetables
from ircal.rules.turns import sharing_topics
from ircal.rules.whereabouts import Duties, Whereabouts
from ircal.rules.work import work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from zoneinfo import ZoneInfo

    from ircal.model.conferences import Conference
    from ircal.model.overrides import Override
    from ircal.model.program import Program, Window

Made = tuple[list[Occurrence], list[Problem]]
"""What the rules give: occurrences in any order, and what is wrong with them."""


def expand(program: Program, window: Window, recall: Recall | None = None) -> Schedule:
    """Every occurrence that touches the window.

    Problems that only show when dates are worked out (a time that the clock skips, an override of a session that
    does not exist) come with the schedule; those of severity `error` make it unfit to publish. A `recall` that has
    seen the programme before its last edit saves working out again what that does not touch.
    """
    recall = recall or Recall()
    cut = (window.start, window.end)
    parts = {
        name: recall.made(name, (*of, *cut), partial(_part, make, program, window))
        for name, of, make in _tasks(program, window, recall)
    }
    occurrences = {name: part.occurrences for name, part in parts.items()}
    problems = chain.from_iterable(part.problems for part in parts.values())
    # A duty is told once, not for each who has it.
    return Schedule(program, window, occurrences, tuple(dict.fromkeys(problems)))


@dataclass(frozen=True, slots=True)
class _Part:
    occurrences: tuple[Occurrence, ...]
    problems: tuple[Problem, ...]


class _Task(NamedTuple):
    """One part of the schedule: its name, what it is made of, and how."""

    name: str
    of: tuple[object, ...]
    make: Callable[[Recall], Made]


def _tasks(program: Program, window: Window, recall: Recall) -> Iterator[_Task]:
    roster = Roster(program, recall)
    horizon = horizon_within(program, window, recall)
    of_all = (
        horizon,
        program.settings,
        program.texts,
        *program.grids.values(),
        *program.sites.values(),
        *program.rotations.values(),
        *_closures(program),
    )
    same_ground = recall.made("ground", (*of_all, *program.people.values()), lambda _: object())
    timetables = recall.made("timetables", (same_ground,), lambda _: Timetables(program, horizon))
    whereabouts = Whereabouts(roster, recall.made("duties", (timetables,), lambda _: Duties(timetables)))
    for conference in program.conferences.values():
        ground = Ground(same_ground, (conference, *_told_of(conference, program)))
        make = partial(sessions, conference, program, whereabouts, horizon, ground)
        yield _Task(f"conference:{conference.id}", (same_ground, roster.musters, *ground.told), make)
    for person in program.people:
        of = (same_ground, roster.stretches(person), *roster.leave(person))
        yield _Task(f"person:{person}", of, _without(partial(work, person, roster, timetables)))
    for milestone in program.milestones.values():
        others = (*program.milestones.values(), *program.grids.values()) if milestone.due else ()
        of = (same_ground, roster.musters, milestone, *others)
        yield _Task(f"milestone:{milestone.id}", of, _without(partial(milestones, milestone, program, roster, horizon)))


def _without(make: Callable[[], Made]) -> Callable[[Recall], Made]:
    """What is made without a recall."""
    return lambda _: make()


def _told_of(conference: Conference, program: Program) -> Iterator[object]:
    """What the programme says of it elsewhere: overrides, topics and who shares them, listed sessions, presenters.

    Of a conference whose sessions it follows, all of that too.
    """
    if isinstance(conference.when, Relative) and conference.when.conference:
        followed = program.conferences[conference.when.conference]
        yield from (followed, *_told_of(followed, program))
    yield from (item for item in program.overrides if item.conference == conference.id)
    yield from program.topics.get(conference.topics or "", ())
    yield from sharing_topics(conference, program)
    yield from program.sessions.get(conference.sessions or "", ())
    yield from program.presenters.get(conference.id, ())
    yield from (item for item in program.presenter_swaps if item.conference == conference.id)


def _closures(program: Program) -> Iterator[Override]:
    return (item for item in program.overrides if item.close)


def _part(make: Callable[[Recall], Made], program: Program, window: Window, recall: Recall) -> _Part:
    found, problems = make(recall)
    inside = touching(window, program.settings.zone)
    in_order = sorted((item for item in found if inside(item)), key=order_of)
    key = ("occurrences", program.settings.timezone)  # moments of two zones may be equal, and are not the same
    return _Part(recall.settled(key, in_order, by=_identity, same=_same), tuple(problems))


def _identity(occurrence: Occurrence) -> object:
    return occurrence.rule, occurrence.person, occurrence.nominal


def _same(one: Occurrence, other: Occurrence) -> bool:
    """Whether two say the same and came about in the same way."""
    return one == other and one.provenance == other.provenance


def horizon_within(program: Program, window: Window, recall: Recall) -> Horizon:
    """The horizon in which a window is worked out."""
    last = _last_year(program, window)
    of = (program.settings, last, *program.holidays.values())
    return recall.made("horizon", of, lambda _: horizon_of(program, last))


def horizon_of(program: Program, last_year: int) -> Horizon:
    """From the programme's first year to the end of the academic year that begins in `last_year`."""
    years = range(program.settings.first_year, last_year + 1)
    calendar_years = range(years.start, years.stop + 2)  # what comes next year may be preceded by something in this
    return Horizon(
        first=program.year_start(years.start),
        last=program.year_start(years.stop) - timedelta(days=1),
        years=years,
        off={name: days_off(each, program.holidays, calendar_years) for name, each in program.holidays.items()},
    )


def _last_year(program: Program, window: Window) -> int:
    """The last academic year that the window reaches."""
    return max(program.academic_year(window.end - timedelta(days=1)), program.settings.first_year)


def touching(window: Window, zone: ZoneInfo) -> Callable[[Occurrence], bool]:
    """Whether a moment of an occurrence lies in the window, whose days begin at midnight in the zone."""
    opens, closes = (datetime.combine(day, time.min, tzinfo=zone) for day in (window.start, window.end))

    def touches(occurrence: Occurrence) -> bool:
        if isinstance(occurrence.start, datetime) and isinstance(occurrence.end, datetime):
            return occurrence.start < closes and occurrence.end > opens
        return window.overlaps(occurrence.start, occurrence.end)

    return touches
