"""The plan at a glance: holes, how evenly work is spread, how far everybody is. `ircal check --report` prints it.

It says how things are, and leaves it to the constraints to say what is wrong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ircal.checks import coverage
from ircal.checks.ground import Ground
from ircal.checks.leave import days_of
from ircal.checks.requirements import Progress, progress
from ircal.rules.levels import class_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from ircal.errors import Problem
    from ircal.model.checks import Coverage
    from ircal.model.people import Person
    from ircal.model.schedule import Schedule
    from ircal.recall import Recall


@dataclass(frozen=True, slots=True)
class Covered:
    """How an entry of `checks.coverage` is kept: weeks that are judged, those with too few or many, fewest and most."""

    entry: Coverage
    weeks: int
    low: int
    high: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Line:
    """One resident: working days without assignment and on leave, sessions presented, progress by requirement."""

    person: Person
    class_of: int
    unassigned: int
    leave: int
    presented: int
    progress: tuple[Progress, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """The class in which something is spread least evenly: what, the class, and its least and most."""

    what: str
    class_of: int
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Report:
    """What there is to see in a schedule, from the first to the last day that is planned."""

    first: date | None
    last: date | None
    covered: tuple[Covered, ...]
    lines: tuple[Line, ...]
    spreads: tuple[Spread, ...]
    found: dict[str, int]


def report_of(schedule: Schedule, problems: Iterable[Problem], recall: Recall | None = None) -> Report:
    """The report of a schedule; `problems` are counted by code."""
    ground = Ground.of(schedule, recall)
    planned = sorted(ground.planned)
    lines = tuple(_lines(ground))
    counted: dict[str, int] = {}
    for problem in problems:
        counted[problem.code] = counted.get(problem.code, 0) + 1
    return Report(
        first=planned[0] if planned else None,
        last=planned[-1] if planned else None,
        covered=tuple(_covered(entry, ground) for entry in schedule.program.checks.coverage.values()),
        lines=lines,
        spreads=tuple(_spreads(lines)),
        found=dict(sorted(counted.items())),
    )


def _covered(entry: Coverage, ground: Ground) -> Covered:
    weeks: set[tuple[int, int]] = set()
    low: set[tuple[int, int]] = set()
    high: set[tuple[int, int]] = set()
    there = []
    for day, number in coverage.counts(entry, ground):
        week = day.isocalendar()[:2]
        weeks.add(week)
        low |= {week} if number < entry.min else set()
        high |= {week} if entry.max is not None and number > entry.max else set()
        there.append(number)
    return Covered(entry, len(weeks), len(low), len(high), min(there, default=0), max(there, default=0))


def _lines(ground: Ground) -> Iterator[Line]:
    """Everybody who is here in a time that is planned, by class."""
    towards = list(progress(ground))
    presented = _presented(ground)
    for person in ground.program.residents:
        idle = here = 0
        for spell in ground.spells(person.id):
            days = [day for day in spell.each_day() if day in ground.planned and day in ground.workdays]
            here += len(days)
            idle += 0 if spell.standing.rotation or spell.standing.away else len(days)
        if here:
            away = {day for leave in ground.roster.leave(person.id) for day in days_of(leave)}
            own = tuple(each for each in towards if each.person is person)
            leave = len(away & ground.workdays)
            year = class_of(person, ground.program) or 0
            yield Line(person, year, idle, leave, presented.get(person.id, 0), own)


def _presented(ground: Ground) -> dict[str, int]:
    """How many sessions each presents in the time that is planned."""
    found: dict[str, int] = {}
    for name, part in ground.schedule.parts.items():
        if name.startswith("conference:"):
            for occurrence in part:
                held = not occurrence.cancelled and occurrence.first_day in ground.planned
                for entry in occurrence.attendance if held else ():
                    if entry.reason == "presenting":
                        found[entry.person] = found.get(entry.person, 0) + 1
    return found


def _spreads(lines: tuple[Line, ...]) -> Iterator[Spread]:
    """For each thing that is counted, the class whose members differ most; none where nobody differs."""
    measures: dict[str, list[tuple[int, float]]] = {}
    for one in lines:
        for each in one.progress:
            measures.setdefault(f"weeks of {each.requirement.label}", []).append((one.class_of, each.weeks))
    measures["sessions presented"] = [(one.class_of, one.presented) for one in lines]
    measures["working days of leave"] = [(one.class_of, one.leave) for one in lines]
    for what, measured in measures.items():
        classes: dict[int, list[float]] = {}
        for year, number in measured:
            classes.setdefault(year, []).append(number)
        worst = max(classes.items(), key=lambda each: max(each[1]) - min(each[1]), default=None)
        if worst and max(worst[1]) > min(worst[1]):
            yield Spread(what, worst[0], min(worst[1]), max(worst[1]))
