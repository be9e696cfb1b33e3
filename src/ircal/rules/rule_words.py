"""Rules in words, as the readers of a calendar are told them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, assert_never

from ircal.model.recurrence import DAYS, Recurrence, rrule_parts
from ircal.model.when import WORKDAY, Alternating, Nth, Relative

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ircal.model.program import Program
    from ircal.model.when import When

_REMEMBERED = 1024
_UNITS = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
_ORDER = ("first", "second", "third", "fourth", "fifth")
_PERIODS = {"month": "month", "block": "block", "rotation": "stretch on the rotation"}
WEEKDAYS = dict(zip(DAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True))


def rule_in_words(when: When, program: Program) -> str:
    """`each week on Mo, Tu`, `each block on the first Monday`, `1 week before M&M`; of an odd RRULE only how often."""
    match when:
        case Recurrence():
            return _rrule(when.rrule)
        case Alternating():
            return f"each week in turn on {' / '.join(_listed(map(WEEKDAYS.__getitem__, week)) for week in when.weeks)}"
        case Nth():
            return _nth(when, program)
        case Relative():
            return _relative(when, program)
        case _:
            assert_never(when)


@lru_cache(maxsize=_REMEMBERED)
def _rrule(rrule: str) -> str:
    parts = rrule_parts(rrule)
    unit, every = _UNITS[parts["FREQ"]], parts.get("INTERVAL", "1")
    period = f"each {unit}" if every == "1" else f"every {every} {unit}s"
    if parts.keys() - {"FREQ", "INTERVAL", "BYDAY", "WKST"}:
        return f"{period}, by its rule"
    days = ", ".join(_day_in_words(day) for day in parts.get("BYDAY", "").split(",") if day)
    return f"{period} on {days}" if days else period


def _day_in_words(day: str) -> str:
    """`We`, or for `3WE` `the third We`."""
    number, name = day[:-2], day[-2:].title()
    return f"the {ordinal(int(number))} {name}" if number else name


def ordinal(number: int) -> str:
    """`first`, `6th`, and from the end `last`, `second-last`."""
    if number < 0:
        return "last" if number == -1 else f"{ordinal(-number)}-last"
    return _ORDER[number - 1] if number <= len(_ORDER) else f"{number}th"


def _nth(when: Nth, program: Program) -> str:
    days = _listed(WEEKDAYS.get(day, WORKDAY) for day in when.days)
    period = f"{_PERIODS[when.of]}{_of_grid(when.grid, program)}"
    return f"each {period} on the {_listed(map(ordinal, when.numbers))} {days}"


def _of_grid(grid: str | None, program: Program) -> str:
    return f" of the grid {grid}" if grid and grid != program.settings.grid else ""


def _relative(when: Relative, program: Program) -> str:
    many = "" if abs(when.amount) == 1 else "s"
    away = f"{abs(when.amount)} {when.unit}{many} {'before' if when.amount < 0 else 'after'}"
    if when.conference:
        name = program.conferences[when.conference].name
        return f"{away} {name}" if when.amount else f"on the day of {name}"
    if when.edge == "entry":
        return f"{away} entry" if when.amount else "on the day of entry"
    of, _, end = (when.edge or "").partition(" ")
    period = f"{_PERIODS[of]}{_of_grid(when.grid, program)}"
    return f"{away if when.amount else 'on'} the {'first' if end == 'start' else 'last'} day of each {period}"


def _listed(names: Iterable[str]) -> str:
    """`Monday, Tuesday and Thursday`."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
