"""Days of milestones that must fit together: what opens before it closes, and what is due before something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ircal.config.sections import subject
from ircal.errors import Problem
from ircal.model.milestones import ClassDay, Due
from ircal.rules.grids import blocks
from ircal.rules.levels import day_of_year

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from ircal.config.draft import Draft
    from ircal.model.milestones import Milestone
    from ircal.model.program import Program


def check(draft: Draft) -> Iterator[Problem]:
    """Milestones that open after they are due, that wait for one another, or that are due in no block."""
    milestones = draft.program.milestones
    for milestone in milestones.values():
        told = subject("milestones", milestone.id)
        if (day := _opens_late(milestone, draft.program)) and milestone.opens:
            message = f"{told} opens on {milestone.opens}, after {day:%m-%d}, in the same academic year"
            hint = "both are in one academic year; leave `opens` out where it is in the year before"
            yield Problem("opens-late", message, draft.written.place("milestones", milestone.id, "opens"), hint)
        circle = _circle(milestone, milestones)
        if circle and milestone.id == min(circle):
            message = f"milestones are due before or after one another in a circle: {' > '.join([*circle, circle[0]])}"
            yield Problem("milestones-circle", message, draft.written.place("milestones", milestone.id, "when"))
        elif milestone.due and (unknown := _no_blocks(milestone, draft.program)):
            message = f"{told} is due at block {unknown[0]}, which no year has"
            place = draft.written.place("milestones", milestone.id, "when")
            yield Problem("never-happens", message, place, "look at the usual `grid` of the programme")


def _opens_late(milestone: Milestone, program: Program) -> date | None:
    """The day on which it is due, if it opens only afterwards."""
    if milestone.opens is None or isinstance(milestone.when, Due):
        return None
    if isinstance(milestone.when, ClassDay):
        year = program.settings.first_year
        day = day_of_year(program, year, milestone.when.on.month, milestone.when.on.day)
    else:
        day, year = milestone.when, program.academic_year(milestone.when)
    return day if day_of_year(program, year, milestone.opens.month, milestone.opens.day) > day else None


def _circle(milestone: Milestone, milestones: Mapping[str, Milestone]) -> list[str]:
    """The ids from the milestone back to itself; none when it is not part of a circle."""
    path = [milestone.id]
    following = _before(milestone)
    while following in milestones and following not in path:
        path.append(following)
        following = _before(milestones[following])
    return path if following == milestone.id else []


def _before(milestone: Milestone) -> str:
    return (milestone.due.milestone or "") if milestone.due else ""


def _no_blocks(milestone: Milestone, program: Program) -> list[int]:
    """The blocks that it is due at and that none of the next years has."""
    due = milestone.due
    grid = program.grids.get(due.grid or program.settings.grid) if due else None
    if due is None or grid is None:
        return []
    first = program.settings.first_year
    most = max(len(blocks(grid, year, program.settings)) for year in range(first, first + 30))
    return [number for number in due.blocks if abs(number) > most]
