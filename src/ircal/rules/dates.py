"""The days that a rule names: those of an RRULE, and those counted in blocks, stretches or workdays, or from a day.

Everything here is a pure function of the rule and of a Frame, what is counted in besides the calendar. The wall-clock
time is put on afterwards. What follows another conference is worked out by `ircal.rules.nominal`, session by session.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, assert_never

from dateutil.relativedelta import relativedelta

from ircal.model.recurrence import DAYS, Recurrence
from ircal.model.when import WORKDAY, Alternating, Nth, Relative
from ircal.rules.days_off import is_workday
from ircal.rules.grids import blocks, numbered
from ircal.rules.recurrence import days_of, strands_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ircal.model.milestones import Due
    from ircal.model.program import Program
    from ircal.model.when import When
    from ircal.rules.days_off import DaysOff

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_FARTHEST = timedelta(days=190)
"""From a block to a day that is counted from it, at most."""

Days = tuple[date, date]
"""A stretch `[start, end)`."""

_Which = tuple["str | None", Sequence[int]]
"""The grid of blocks, where it is not the usual one, and the numbers of some of them."""


class Frame(NamedTuple):
    """What days are counted in: grids and classes of the programme, days off of the place, a stretch on a rotation."""

    program: Program
    off: DaysOff
    stretch: Days | None = None


def days_named(when: When, first: date, last: date, frame: Frame) -> Iterator[date]:
    """The days from `first` to `last` (both included) that the rule names; none if it follows a conference."""
    match when:
        case Recurrence():
            return days_of(when, first, last)
        case Alternating():
            return iter(sorted(chain.from_iterable(days_of(strand, first, last) for strand in strands_of(when))))
        case Nth():
            periods = _periods(when.of, (when.grid, ()), first, last, frame)
            found = (day for period in periods for day in _nth(when, period, frame.off))
        case Relative():
            found = (away(when, base, frame.off) for base in _edges(when, first - _FARTHEST, last + _FARTHEST, frame))
        case _:
            assert_never(when)
    return iter(sorted({day for day in found if first <= day <= last}))


def _periods(of: str, which: _Which, first: date, last: date, frame: Frame) -> Iterable[Days]:
    """The months, blocks or the one stretch that the days from `first` to `last` are in."""
    if of == "month":
        return _months(first, last)
    if of == "block":
        return _blocks(which, first, last, frame.program)
    return [frame.stretch] if frame.stretch else []


def _months(first: date, last: date) -> Iterator[Days]:
    start = first.replace(day=1)
    while start <= last:
        beyond = (start + 31 * _DAY).replace(day=1)
        yield start, beyond
        start = beyond


def _blocks(which: _Which, first: date, last: date, program: Program) -> Iterator[Days]:
    """Those of the academic years of the two days, and of their neighbours: a block may begin before its year."""
    grid, numbers = which
    cut = program.grids[grid or program.settings.grid]
    for year in range(program.academic_year(first) - 1, program.academic_year(last) + 2):
        found = numbered(blocks(cut, year, program.settings), numbers)
        yield from ((block.start, block.end) for block in found)


def _nth(when: Nth, period: Days, off: DaysOff) -> Iterator[date]:
    start, end = period
    if when.days == (WORKDAY,):
        every = (start + number * _DAY for number in range((end - start).days))
        yield from _numbered([day for day in every if is_workday(day, off)], when.numbers)
        return
    for name in when.days:
        day = start + (DAYS.index(name) - start.weekday()) % 7 * _DAY
        count = max(0, -((day - end) // _WEEK))
        yield from _numbered([day + number * _WEEK for number in range(count)], when.numbers)


def _numbered(days: Sequence[date], numbers: Iterable[int]) -> Iterator[date]:
    """Those that the numbers mean, as far as there are so many."""
    for number in numbers:
        if abs(number) <= len(days):
            yield days[number - 1 if number > 0 else number]


def _edges(when: Relative, first: date, last: date, frame: Frame) -> Iterator[date]:
    """The days that are counted from."""
    if when.edge == "entry":
        yield from (person.entered for person in frame.program.residents if person.entered)
    elif when.edge:
        of, _, end = when.edge.partition(" ")
        for start, beyond in _periods(of, (when.grid, when.blocks), first, last, frame):
            yield start if end == "start" else beyond - _DAY


def entrants(when: Relative, day: date, frame: Frame) -> frozenset[str]:
    """Those who entered on the day from which this one is counted."""
    return frozenset(
        person.id
        for person in frame.program.residents
        if person.entered and away(when, person.entered, frame.off) == day
    )


def away(when: Relative | Due, day: date, off: DaysOff) -> date:
    """The day that is as far from this one as the rule says. A month from 31 January is the last day of February."""
    match when.unit:
        case "day" | "week":
            return day + when.amount * (_WEEK if when.unit == "week" else _DAY)
        case "month":
            return day + relativedelta(months=when.amount)
        case "workday":
            return _workdays_away(day, when.amount, off)
        case _:
            assert_never(when.unit)


def _workdays_away(day: date, amount: int, off: DaysOff) -> date:
    step = _DAY if amount > 0 else -_DAY
    left = abs(amount)
    while left:
        day += step
        left -= is_workday(day, off)
    return day
