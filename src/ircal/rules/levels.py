"""What level a person is at on a day: PGY, class, phase of training, and whether they are in the programme at all.

Whoever enters with a class is promoted with it, on the first day of the academic year. Off-cycle is who enters at
another time of the year, or of whom `promotions` says so: after a level that began off-cycle the later ones follow a
year apart. A class is named by the year in which it graduates.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ircal.model.people import Person
    from ircal.model.program import Phase, Program

_WITH_THE_CLASS = timedelta(days=31)
"""Whoever enters so close to the first day of an academic year, before or after it, enters with the class."""


@dataclass(frozen=True, slots=True)
class Levels:
    """A person's way through the programme: first days of the PGY levels and phases, both in order of time.

    `class_of` is the year in which their class graduates; None for those who have none.
    `end` is the first day on which they are no longer in it; None for those who stay, such as faculty.
    """

    entered: date | None
    pgy: tuple[tuple[date, int], ...]
    phases: tuple[tuple[date, str], ...]
    end: date | None
    class_of: int | None = None

    def is_member(self, day: date) -> bool:
        """Whether the person is in the programme on that day."""
        return (self.entered is None or self.entered <= day) and (self.end is None or day < self.end)

    def pgy_on(self, day: date) -> int | None:
        """The PGY level on that day; None for those who have none (faculty, before entry, afterwards)."""
        if not self.is_member(day):
            return None
        return max([level for start, level in self.pgy if start <= day], default=None)

    def phase_on(self, day: date) -> str:
        """The id of the phase of training on that day, or nothing."""
        begun = [phase for start, phase in self.phases if start <= day]
        return begun[-1] if begun and self.is_member(day) else ""


def levels_of(person: Person, program: Program) -> Levels:
    """A person's levels and phases, worked out from the day they entered."""
    if person.entered is None or person.role != "resident":
        return Levels(person.entered, (), (), person.left)
    starts = _level_starts(person, person.entered, program)
    graduation = starts.pop(program.settings.last_pgy + 1)
    phases = [
        (_phase_start(phase, starts[phase.pgy], program), phase.id)
        for phase in program.settings.phases.values()
        if phase.pgy in starts
    ]
    pgy = tuple((start, level) for level, start in starts.items())
    return Levels(person.entered, pgy, tuple(sorted(phases)), person.left or graduation, class_of(person, program))


def _level_starts(person: Person, entered: date, program: Program) -> dict[int, date]:
    """The first day of each level, and of the one after the last, which is the day after graduation."""
    settings = program.settings
    year = _year_of_entry(entered, program)
    starts = {settings.first_pgy: entered}
    off_cycle = abs(entered - program.year_start(year)) > _WITH_THE_CLASS
    shifted = entered if off_cycle else None
    for level in range(settings.first_pgy + 1, settings.last_pgy + 2):
        shifted = person.promotions.get(level) or (_year_later(shifted) if shifted else None)
        starts[level] = shifted or program.year_start(year + level - settings.first_pgy)
    return starts


def _year_of_entry(entered: date, program: Program) -> int:
    """The academic year in which somebody's training begins; who comes in June begins with those who come in July."""
    return program.academic_year(entered + _WITH_THE_CLASS)


def _year_later(day: date) -> date:
    leap_day = (day.month, day.day) == (2, 29)
    return date(day.year + 1, 2, 28) if leap_day else day.replace(year=day.year + 1)


def _phase_start(phase: Phase, level_start: date, program: Program) -> date:
    if phase.on is None:
        return level_start
    return day_of_year(program, program.academic_year(level_start), phase.on.month, phase.on.day)


def class_of(person: Person, program: Program) -> int | None:
    """The year in which the person's class graduates (that of an off-cycle resident is the class they entered with)."""
    if person.entered is None or person.role != "resident":
        return None
    levels = program.settings.last_pgy - program.settings.first_pgy + 1
    return _year_of_entry(person.entered, program) + levels


def day_of_year(program: Program, year: int, month: int, day: int) -> date:
    """The date of a month and day within the academic year that begins in calendar year `year`."""
    month_day = program.settings.year_starts.model_copy(update={"month": month, "day": day})
    here = month_day.in_year(year)
    return here if here >= program.year_start(year) else month_day.in_year(year + 1)
