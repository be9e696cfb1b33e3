"""Days, rules and lists in words."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from ircal.model.recurrence import DAYS, Recurrence, rrule_parts
from ircal.model.series import last_day
from ircal.rules.rule_words import WEEKDAYS, rule_in_words
from ircal.rules.texts import day_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ircal.model.program import Program
    from ircal.model.when import When

_NUMBERS = {"1": "first", "2": "second", "3": "third", "4": "fourth", "5": "fifth", "-1": "last"}
_RUN = 3
"""As many neighbours, and more, are said as a range."""


def days_text(start: date | datetime, end: date | datetime) -> str:
    """`Wed 16 Sep 2026`, or `Mon 6 Jul 2026 to Sun 12 Jul 2026`: the days that `[start, end)` touches."""
    first, last = (start.date() if isinstance(start, datetime) else start), last_day(start, end)
    return day_text(first) if first == last else f"{day_text(first)} to {day_text(last)}"


def listed(names: Iterable[str], last: str = "or") -> str:
    """`one, two or three`."""
    *most, final = list(names) or [""]
    return f"{', '.join(most)} {last} {final}" if most else final


def rule_text(when: When, program: Program) -> str:
    """`every Monday to Thursday, 07:30-09:00`; the RRULE itself where it says more than days of week or month."""
    if not isinstance(when, Recurrence):
        return rule_in_words(when, program) + (f", {when.at}" if when.at else "")
    parts = rrule_parts(when.rrule)
    known = parts.keys() <= {"FREQ", "INTERVAL", "BYDAY", "WKST"} and "BYDAY" in parts
    by_day = parts.get("BYDAY", "").split(",")
    nth = [(day[:-2].removeprefix("+"), day[-2:]) for day in by_day]
    every = parts.get("INTERVAL", "1")
    if known and parts["FREQ"] == "WEEKLY" and not any(number for number, _ in nth):
        return f"{_weekly(by_day, every, when.anchor)}, {when.at}"
    if known and parts["FREQ"] == "MONTHLY" and every == "1" and all(number in _NUMBERS for number, _ in nth):
        days = listed((f"{_NUMBERS[number]} {WEEKDAYS[day]}" for number, day in nth), "and")
        return f"the {days} of each month, {when.at}"
    return f"by the rule {when.rrule}, {when.at}"


def _weekly(days: Sequence[str], every: str, anchor: date | None) -> str:
    if every == "1":
        return f"every {_run(days)}"
    counted = f", counted from {day_text(anchor)}" if anchor else ""
    number = _NUMBERS.get(every, f"{every}th")
    return f"every {number} week on {_run(days)}{counted}"


def _run(days: Sequence[str]) -> str:
    numbers = sorted(DAYS.index(day) for day in days)
    if len(numbers) >= _RUN and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{WEEKDAYS[DAYS[numbers[0]]]} to {WEEKDAYS[DAYS[numbers[-1]]]}"
    return listed((WEEKDAYS[DAYS[number]] for number in numbers), "and")
