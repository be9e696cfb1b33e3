"""What residents must have done by graduation, and how far the plan takes them.

Counted are the days of their assignments, with the leave that falls into them, from the first year that is kept; what
they did before is in `done`. Days that have no assignment yet may still be given to anything. So a resident falls short
only when even all of those would not do; whose later years are not planned yet is on course.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from ircal.checks.finding import Finding
from ircal.model.program import Window
from ircal.rules.audience import matches

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ircal.checks.ground import Ground, Spell
    from ircal.model.checks import Requirement
    from ircal.model.people import Person

_DAY = timedelta(days=1)
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the plan takes one resident towards one requirement: days done and planned, and days still open.

    `known` is whether all their earlier years are: kept here, or in `done`.
    """

    person: Person
    requirement: Requirement
    days: float
    open_days: int
    graduation: date
    known: bool

    @property
    def weeks(self) -> float:
        """Done and planned."""
        return self.days / _WEEK

    @property
    def missing(self) -> float:
        """How many weeks will be missing, whatever is still planned; none of those whose past is not known."""
        short = self.requirement.weeks * _WEEK - self.days - self.open_days
        return max(short, 0) / _WEEK if self.known else 0

    @property
    def is_met(self) -> bool:
        """Whether the plan holds enough already."""
        return self.days >= self.requirement.weeks * _WEEK


def short(ground: Ground) -> Iterator[Finding]:
    """Residents who cannot meet a requirement any more."""
    for each in progress(ground):
        if each.missing:
            entry = each.requirement
            what = f"{entry.label}: {weeks(each.weeks)} of {weeks(entry.weeks)} weeks by {each.graduation - _DAY}"
            what += f", and only {weeks(each.open_days / _WEEK)} weeks left to plan" if each.open_days else ""
            hint = "plan more of it, or write earlier weeks into `done`"
            yield Finding("requirement-short", what, entry.place, hint, each.person.id, of=(entry.id,))


def in_pieces(ground: Ground) -> Iterator[Finding]:
    """Residents who do in several pieces what should be in one."""
    for entry in ground.program.checks.requirements.values():
        if not entry.contiguous:
            continue
        for person in ground.program.residents:
            pieces = list(_pieces(entry, ground, person.id))
            if len(pieces) > 1:
                what = f"{entry.label} is in {len(pieces)} pieces, and should be in one"
                hint = "put the weeks together, or suppress this with the reason"
                place = ground.place_of(person.id, pieces[1][0])
                days = (pieces[0][0], pieces[-1][1] - _DAY)
                yield Finding("not-contiguous", what, place, hint, person.id, days, (entry.id,))


def progress(ground: Ground) -> Iterator[Progress]:
    """That of every resident who will graduate, towards every requirement that their graduation depends on."""
    for entry in ground.program.checks.requirements.values():
        for person in ground.program.residents:
            if (found := _progress(entry, ground, person)) is not None:
                yield found


def _progress(entry: Requirement, ground: Ground, person: Person) -> Progress | None:
    entered, graduation = person.entered, ground.levels[person.id].end
    row = ground.roster.stretches(person.id)
    first = min(ground.horizon.first, row[0].start) if row else ground.horizon.first
    if entered is None or graduation is None or graduation <= first:
        return None
    standing = ground.roster.standing(person.id, graduation - _DAY)
    if standing is None or standing.pgy != ground.program.settings.last_pgy or not matches(entry.audience, standing):
        return None
    days, open_days = entry.done.get(person.id, 0) * _WEEK, 0
    for spell in ground.spells(person.id, Window(first, graduation)):
        if matches(entry.count, spell.standing):
            days += (spell.end - spell.start).days
        elif not spell.standing.rotation:
            open_days += (spell.end - spell.start).days
    known = entered >= first or person.id in entry.done
    return Progress(person, entry, days, open_days, graduation, known)


def _pieces(entry: Requirement, ground: Ground, person: str) -> Iterator[tuple[date, date]]:
    """The stretches `[start, end)` of what the requirement counts; a weekend in between does not part them."""
    start: date | None = None
    end: date | None = None
    spells: Iterator[Spell] = ground.spells(person)
    for spell in spells:
        if not matches(entry.count, spell.standing):
            continue
        if start is None or end is None:
            start = spell.start
        elif any(end + _DAY * number in ground.workdays for number in range((spell.start - end).days)):
            yield start, end
            start = spell.start
        end = spell.end
    if start is not None and end is not None:
        yield start, end


def weeks(number: float) -> str:
    """Weeks with one decimal, if there is one."""
    return f"{number:.1f}".removesuffix(".0")
