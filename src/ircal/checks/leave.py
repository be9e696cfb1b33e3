"""Whether leave keeps to what was agreed: so many working days a year, and none at certain times."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ircal.checks.finding import Finding
from ircal.checks.ground import runs
from ircal.rules.audience import matches
from ircal.rules.nominal import within_season

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ircal.checks.ground import Ground
    from ircal.model.checks import Blackout, LeaveBudget
    from ircal.model.rotations import Leave

_DAY = timedelta(days=1)


def over_budget(ground: Ground) -> Iterator[Finding]:
    """Academic years in which a resident takes more working days of leave than they have."""
    for budget in ground.program.checks.leave.values():
        for person in ground.program.residents:
            for year, taken in _by_year(budget, ground, person.id).items():
                if len(taken) > budget.days:
                    told = f"{year}-{(year + 1) % 100:02}"
                    what = f"{budget.label}: {len(taken)} working days in {told}, and {budget.days} are allowed"
                    day, leave = taken[budget.days]
                    hint = "the first day that is too many is in this line"
                    days = (day, taken[-1][0])
                    yield Finding("leave-over-budget", what, leave.place, hint, person.id, days, (budget.id,))


def _by_year(budget: LeaveBudget, ground: Ground, person: str) -> dict[int, list[tuple[date, Leave]]]:
    """The working days that the budget is for, each with its leave, by academic year."""
    found: dict[int, list[tuple[date, Leave]]] = {}
    for leave in ground.roster.leave(person):
        if leave.kind in budget.kind:
            for day in days_of(leave):
                standing = ground.roster.standing(person, day)
                if day in ground.workdays and standing and matches(budget.audience, standing):
                    found.setdefault(ground.program.academic_year(day), []).append((day, leave))
    return found


def in_blackout(ground: Ground) -> Iterator[Finding]:
    """Leave at a time in which there should be none."""
    for entry in ground.program.checks.blackouts.values():
        for person in ground.program.residents:
            for leave in ground.roster.leave(person.id):
                if entry.kind and leave.kind not in entry.kind:
                    continue
                for days in runs(_refused(entry, leave, ground)):
                    what = f"{leave.kind} in a time without leave: {entry.label}"
                    hint = "agree on other days, or suppress this with the reason"
                    yield Finding("leave-blackout", what, leave.place, hint, person.id, days, (entry.id,))


def _refused(entry: Blackout, leave: Leave, ground: Ground) -> Iterator[date]:
    for day in days_of(leave):
        inside = entry.holds_on(day) and (entry.season is None or within_season(entry.season, day))
        standing = ground.roster.standing(leave.person, day) if inside else None
        if standing and matches(entry.audience, standing):
            yield day


def days_of(leave: Leave) -> Iterator[date]:
    """Every day of an absence."""
    return (leave.start + _DAY * number for number in range((leave.end - leave.start).days))
