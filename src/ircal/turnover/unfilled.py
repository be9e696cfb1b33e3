"""What the year before has, and a new academic year has not: nobody can draft these but who knows the dates."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ircal.model.program import Window, year_name
from ircal.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ircal.model.people import Person
    from ircal.model.program import Program


def unfilled(program: Program, year: int, graduates: Iterable[Person]) -> Iterator[str]:
    """A sentence for each thing to fill in."""
    before, now = (Window(program.year_start(each), program.year_start(each + 1)) for each in (year - 1, year))
    yield from _offsets(program, [person.id for person in graduates])
    yield from _sessions(program, before, now)
    yield from _milestones(program, before, now)
    yield from _assignments(program, before, year)


def _offsets(program: Program, graduates: list[str]) -> Iterator[str]:
    for cycle in program.cycles.values():
        free = [f"{cycle.offsets[name]} of {name}" for name in graduates if name in cycle.offsets]
        if free:
            noun = "offsets" if len(free) > 1 else "offset"
            yield f"{cycle.place}: who follows in the cycle {cycle.id}? Free: the {noun} {listed(free)}."


def _sessions(program: Program, before: Window, now: Window) -> Iterator[str]:
    days = {name: [row.date for row in rows] for name, rows in program.sessions.items()}
    if ended := [name for name in days if _has(before, days[name]) and not _has(now, days[name])]:
        yield f"sessions/: no date yet of {', '.join(ended)}."


def _milestones(program: Program, before: Window, now: Window) -> Iterator[str]:
    dated = [(item.name, item.when) for item in program.milestones.values() if isinstance(item.when, date)]
    then, coming = ({name for name, day in dated if _has(window, [day])} for window in (before, now))
    yield from (f"milestones: no date yet of '{name}'." for name in sorted(then - coming))


def _assignments(program: Program, before: Window, year: int) -> Iterator[str]:
    """Those by dates of the year before, as a reminder."""
    dated = [item for item in program.assignments if item.origin == "dated" and _has(before, [item.start])]
    if dated:
        files = ", ".join(sorted({item.place.file for item in dated}))
        yield f"assignments/{year_name(year)}.csv: {year_name(year - 1)} has {len(dated)} by dates ({files})."


def _has(window: Window, days: Iterable[date]) -> bool:
    return any(window.start <= day < window.end for day in days)
