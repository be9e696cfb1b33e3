"""Milestones: on which days something is due, and for whom.

A day of a milestone is a date of its own, a day at a level in each academic year, or so long before or after something
else (an anchor): somebody's entry or graduation, a block, another milestone, a date. Who is meant by the level, or by
the milestone that is the anchor, is judged on the anchor's day, the milestone's own audience on its own: an application
for the examination of PGY-4 may be due at PGY-3.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from ircal.model.milestones import ClassDay
from ircal.model.schedule import Attendance, Details, Occurrence, Rule, Step
from ircal.rules.audience import Group, matches
from ircal.rules.dates import away
from ircal.rules.grids import blocks, numbered
from ircal.rules.levels import day_of_year, levels_of
from ircal.rules.rule_words import due_in_words
from ircal.rules.texts import bare, milestone_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ircal.errors import Problem
    from ircal.model.milestones import Due, Milestone
    from ircal.model.people import Audience, Person, Standing
    from ircal.model.program import Program
    from ircal.rules.days_off import DaysOff
    from ircal.rules.horizon import Horizon
    from ircal.rules.roster import Roster

_DAY = timedelta(days=1)
_YEARS = 3
"""By how many academic years an anchor may be outside the time that is looked at."""


class Day(NamedTuple):
    """One day on which a milestone is due, for those of whom something is true on the day of its anchor."""

    day: date
    anchor: date
    pgy: int | None = None
    people: frozenset[str] | None = None
    audiences: tuple[Audience, ...] = ()

    def is_for(self, standing: Standing | None) -> bool:
        """Whether it is for the person whose standing on the anchor's day is given."""
        return (
            standing is not None
            and (self.pgy is None or standing.pgy == self.pgy)
            and (self.people is None or standing.person in self.people)
            and all(matches(audience, standing) for audience in self.audiences)
        )


def milestones(
    milestone: Milestone, program: Program, roster: Roster, horizon: Horizon
) -> tuple[list[Occurrence], list[Problem]]:
    """The days of a milestone in the horizon that concern anybody; nothing can be wrong with them."""
    found: dict[date, list[Day]] = defaultdict(list)
    off = horizon.days_off(program, None)
    for each in _days(milestone, program, horizon.years, off):
        if horizon.first <= each.day <= horizon.last:
            found[each.day].append(each)
    meant = Group(milestone.audience)
    made = (_milestone(milestone, days, program, roster, meant) for _, days in sorted(found.items()))
    return [occurrence for occurrence in made if occurrence.attendance], []


def _days(milestone: Milestone, program: Program, years: range, off: DaysOff) -> Iterator[Day]:
    """The days of a milestone whose anchors are in some academic years, or near them."""
    if milestone.due:
        wider = range(years.start - _YEARS, years.stop + _YEARS)
        for each in _anchors(milestone.due, program, wider, off):
            yield each._replace(day=away(milestone.due, each.day, off))
    elif isinstance(milestone.when, ClassDay):
        for year in years:
            day = day_of_year(program, year, milestone.when.on.month, milestone.when.on.day)
            yield Day(day, day, milestone.when.pgy)
    elif isinstance(milestone.when, date):
        yield Day(milestone.when, milestone.when)


def _anchors(due: Due, program: Program, years: range, off: DaysOff) -> Iterator[Day]:
    if due.day:
        yield Day(due.day, due.day)
    elif due.edge in ("entry", "graduation"):
        yield from _of_people(due.edge, program)
    elif due.edge:
        yield from _of_blocks(due, program, years)
    elif due.milestone:
        other = program.milestones[due.milestone]
        for each in _days(other, program, years, off):
            yield each._replace(audiences=(*each.audiences, other.audience))


def _of_blocks(due: Due, program: Program, years: range) -> Iterator[Day]:
    """The first or last days of blocks."""
    grid, settings = program.grids[due.grid or program.settings.grid], program.settings
    for block in chain.from_iterable(numbered(blocks(grid, year, settings), due.blocks) for year in years):
        day = block.start if due.edge == "block start" else block.end - _DAY
        yield Day(day, day)


def _of_people(anchor: str, program: Program) -> Iterator[Day]:
    """The first days of the residents, or the last; those who leave early do not graduate."""
    found: dict[date, set[str]] = defaultdict(set)
    for person in program.residents:
        day = person.entered if anchor == "entry" else _graduation(person, program)
        if day:
            found[day].add(person.id)
    for day, people in found.items():
        yield Day(day, day, people=frozenset(people))


def _graduation(person: Person, program: Program) -> date | None:
    """The last day of a resident who stays to the end, or longer."""
    end = levels_of(person.model_copy(update={"left": None}), program).end
    if end is None or (person.left and person.left < end):
        return None
    return (person.left or end) - _DAY


def _milestone(milestone: Milestone, days: Sequence[Day], program: Program, roster: Roster, meant: Group) -> Occurrence:
    day = days[0].day
    concerned = tuple(
        Attendance(standing.person, "required")
        for standing in roster.musters.on(day).standings
        if standing in meant and any(each.is_for(roster.standing(standing.person, each.anchor)) for each in days)
    )
    title, description = milestone_texts(milestone, day, program)
    details = Details(
        summary=title,
        description=description,
        link=milestone.link,
        categories=(milestone.category,),
        transparent=True,
    )
    return Occurrence(
        rule=Rule("milestone", milestone.id),
        nominal=day,
        start=day,
        end=day + _DAY,
        details=details,
        attendance=concerned,
        provenance=(Step(f"{milestone.name}: {day}{_for_whom(milestone, program)}", milestone.place),),
        bare=bare(details, milestone.name, "", program),
    )


def _for_whom(milestone: Milestone, program: Program) -> str:
    if milestone.due:
        return f", {due_in_words(milestone.due, program)}"
    return f" for PGY-{milestone.when.pgy}" if isinstance(milestone.when, ClassDay) else ""
