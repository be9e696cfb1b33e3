"""Rules in words, as the readers of a calendar are told them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, assert_never

from ircal.model.recurrence import DAYS, Recurrence, rrule_parts
from ircal.model.when import WORKDAY, Alternating, Nth, Relative, how_far

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from ircal.model.milestones import Due
    from ircal.model.program import Program
    from ircal.model.when import When

_REMEMBERED = 1024
_RUN = 3
"""As many neighbours, and more, are said as a range."""

_ORDER = ("first", "second", "third", "fourth", "fifth")
_PERIODS = {"month": "month", "block": "block", "rotation": "stretch on the rotation"}
WEEKDAYS = dict(zip(DAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True))


def rule_in_words(when: When, program: Program) -> str:
    """`every Monday to Thursday`, `each block on the first Monday`, `1 week before M&M`; an odd RRULE as it is."""
    match when:
        case Recurrence():
            return _rrule(when)
        case Alternating():
            return f"each week in turn on {' / '.join(_listed(map(WEEKDAYS.__getitem__, week)) for week in when.weeks)}"
        case Nth():
            return _nth(when, program)
        case Relative():
            return _relative(when, program)
        case _:
            assert_never(when)


@lru_cache(maxsize=_REMEMBERED)
def _rrule(when: Recurrence) -> str:
    parts = rrule_parts(when.rrule)
    days = [day for day in parts.get("BYDAY", "").split(",") if day]
    plain = not parts.keys() - {"FREQ", "INTERVAL", "BYDAY", "WKST"}
    numbered, every = any(day[:-2] for day in days), int(parts.get("INTERVAL", "1"))
    if plain and days and parts["FREQ"] == "WEEKLY" and not numbered:
        return _weekly(days, every, when.anchor)
    if plain and days and parts["FREQ"] == "MONTHLY" and every == 1 and all(day[:-2] for day in days):
        return f"each month on the {_listed(f'{ordinal(int(day[:-2]))} {WEEKDAYS[day[-2:]]}' for day in days)}"
    return f"by the rule {when.rrule}"


def _weekly(days: Sequence[str], every: int, anchor: date | None) -> str:
    if every == 1:
        return f"every {_run(days)}"
    counted = f", counted from {anchor:%a %-d %b %Y}" if anchor else ""
    return f"every {ordinal(every)} week on {_run(days)}{counted}"


def _run(days: Iterable[str]) -> str:
    """`Monday to Thursday`, `Monday and Friday`."""
    numbers = sorted(DAYS.index(day) for day in days)
    names = [WEEKDAYS[DAYS[number]] for number in numbers]
    if len(numbers) >= _RUN and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{names[0]} to {names[-1]}"
    return _listed(names)


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
    if when.conference:
        return _from(when, program.conferences[when.conference].name)
    return _from_edge(when, program)


def due_in_words(due: Due, program: Program) -> str:
    """`16 weeks before ABR: core exam`, `5 workdays after the last day of each block`."""
    if due.milestone:
        return _from(due, program.milestones[due.milestone].name)
    return _from(due, f"{due.day:%a %-d %b %Y}") if due.day else _from_edge(due, program)


def _from(when: Relative | Due, what: str) -> str:
    """So long before or after something, or on its day."""
    return f"{how_far(when.amount, when.unit)} {what}" if when.amount else f"on the day of {what}"


def _from_edge(when: Relative | Due, program: Program) -> str:
    of, _, end = (when.edge or "").partition(" ")
    if not end:
        return _from(when, of)
    period = f"{_PERIODS[of]}{_of_grid(when.grid, program)}"
    which = f"the {_listed(map(ordinal, when.blocks))} {period} of each year" if when.blocks else f"each {period}"
    day = f"the {'first' if end == 'start' else 'last'} day of {which}"
    return f"{how_far(when.amount, when.unit)} {day}"


def _listed(names: Iterable[str]) -> str:
    """`Monday, Tuesday and Thursday`."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
