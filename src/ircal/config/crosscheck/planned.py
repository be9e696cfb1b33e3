"""Academic years that are planned, but not for everybody: a block schedule that was deleted, a row that was forgotten.

Planned are the years from the programme's first one to the last that has a block schedule, or in which most residents
are assigned by dates. A later year is simply not planned yet, even if the first who arrive know where they will be. Nor
is a draft, which is filled bit by bit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Self

from ircal.config.blocks import year_of_file
from ircal.errors import Problem
from ircal.model.place import Place
from ircal.model.program import BUSY, HERE, year_name
from ircal.rules.levels import levels_of
from ircal.wording import listed, quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from ircal.config.draft import Draft
    from ircal.model.program import Program
    from ircal.model.rotations import Assignment, Leave
    from ircal.recall import Recall

_Days = dict[str, set[date]]
"""The days of each person."""


def check(draft: Draft, recall: Recall) -> list[Problem]:
    """A problem for each planned year in which residents have as good as no assignment, naming them all."""
    if not _readable(draft):
        return []
    program = draft.program
    ground = (program.settings, *program.people.values(), "assigned", *program.assignments, "away", *program.leave)
    return recall.made("planned", ground, lambda _: list(_not_planned(program)))


def _not_planned(program: Program) -> Iterator[Problem]:
    busy = _days_of(program.assignments)
    dated = _days_of(item for item in program.assignments if item.origin == "dated")
    years = list(_years(program))
    while years and not years[-1].is_planned(dated):
        years.pop()
    for year in years:
        idle = [name for name in year.members if len(busy.get(name, set()) & year.days) < BUSY]
        if idle:
            yield year.problem(idle)


def _readable(draft: Draft) -> bool:
    """Whether all that says who works when could be read; otherwise people would seem idle who are not."""
    folders = ("assignments/", "blocks/", "leave/")
    return (
        draft.complete("people")
        and bool(draft.program.rotations)
        and draft.complete("grids")
        and draft.program.settings.grid in draft.program.grids
        and not any(file.startswith(folders) for file in draft.faulty)
    )


def _days_of(items: Iterable[Assignment | Leave]) -> _Days:
    found: _Days = {}
    for item in items:
        found.setdefault(item.person, set()).update(_stretch(item.start, item.end))
    return found


def _stretch(start: date, end: date) -> Iterator[date]:
    """The days `[start, end)`."""
    return (start + timedelta(days=number) for number in range((end - start).days))


@dataclass(frozen=True, slots=True)
class _Year:
    """An academic year: its days, the residents who are here for some time of it, and its block schedule's file."""

    name: str
    days: AbstractSet[date]
    members: tuple[str, ...]
    file: str

    @classmethod
    def of(cls, year: int, program: Program, away: Mapping[str, set[date]], files: Mapping[int, str]) -> Self:
        days = set(_stretch(program.year_start(year), program.year_start(year + 1)))
        levels = {person.id: levels_of(person, program) for person in program.residents}
        members = [
            name
            for name, known in sorted(levels.items())
            if sum(map(known.is_member, days - away.get(name, set()))) >= HERE
        ]
        return cls(year_name(year), days, tuple(members), files.get(year, ""))

    def is_planned(self, dated: Mapping[str, set[date]]) -> bool:
        """Whether there is a block schedule, or most residents have days of it that were given by dates."""
        assigned = [name for name in self.members if not self.days.isdisjoint(dated.get(name, ()))]
        return bool(self.file) or len(assigned) * 2 > len(self.members)

    def problem(self, idle: list[str]) -> Problem:
        """Tell who has as good as no assignment."""
        who = "all residents" if len(idle) == len(self.members) > 1 else listed(map(quote, idle))
        verb = "is" if len(idle) == 1 else "are"
        message = f"{who} {verb} assigned for less than two weeks of the academic year {self.name}"
        place = Place(self.file or f"blocks/{self.name}.csv")
        hint = "fill their rows in, write their leave, or the day on which they `left`"
        missing = f"there is no block schedule for {self.name}: write this file, or put it back if it was deleted"
        return Problem("nothing-assigned", message, place, hint if self.file else missing)


def _years(program: Program) -> Iterator[_Year]:
    """From the programme's first academic year to the last that anybody is assigned in."""
    away = _days_of(program.leave)
    blocks = sorted({item.place.file for item in program.assignments if item.origin == "block"}, reverse=True)
    files = {year_of_file(file): file for file in blocks}
    last = max((program.academic_year(item.end - timedelta(days=1)) for item in program.assignments), default=0)
    for year in range(program.settings.first_year, last + 1):
        if year_name(year) not in program.drafts:
            yield _Year.of(year, program, away, files)
