"""What the year before has, and a new academic year has not: nobody can draft these but who knows the dates."""

from __future__ import annotations

from collections import Counter
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
            yield f"{cycle.place}: the {noun} {listed(free)} in the cycle {cycle.id} can be given to those who follow."


def _sessions(program: Program, before: Window, now: Window) -> Iterator[str]:
    for name, rows in program.sessions.items():
        days = [row.date for row in rows]
        if _has(before, days) and not _has(now, days):
            yield f"sessions/{name}.csv: no date yet."


def _milestones(program: Program, before: Window, now: Window) -> Iterator[str]:
    dated = [(item.name, item.when) for item in program.milestones.values() if isinstance(item.when, date)]
    then, coming = ({name for name, day in dated if _has(window, [day])} for window in (before, now))
    for name in sorted(then - coming):
        yield f"Milestone '{name}': no date yet."


def _assignments(program: Program, before: Window, year: int) -> Iterator[str]:
    """Those by dates: which files have some of the year before, as a reminder."""
    lines = Counter(
        item.place.file for item in program.assignments if item.origin == "dated" and _has(before, [item.start])
    )
    for file, number in sorted(lines.items()):
        noun = "line" if number == 1 else "lines"
        yield f"{file}: {number} {noun} of {year_name(year - 1)}; those of the new year go into assignments/{year_name(year)}.csv."


def _has(window: Window, days: Iterable[date]) -> bool:
    return any(window.start <= day < window.end for day in days)
