"""Days, rules and lists in words."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from ircal.model.series import last_day
from ircal.rules.rule_words import rule_in_words
from ircal.rules.texts import day_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ircal.model.program import Program
    from ircal.model.when import When


def days_text(start: date | datetime, end: date | datetime) -> str:
    """`Wed 16 Sep 2026`, or `Mon 6 Jul 2026 to Sun 12 Jul 2026`: the days that `[start, end)` touches."""
    first, last = (start.date() if isinstance(start, datetime) else start), last_day(start, end)
    return day_text(first) if first == last else f"{day_text(first)} to {day_text(last)}"


def listed(names: Iterable[str], last: str = "or") -> str:
    """`one, two or three`."""
    *most, final = list(names) or [""]
    return f"{', '.join(most)} {last} {final}" if most else final


def rule_text(when: When, program: Program) -> str:
    """`every Monday to Thursday, 07:30-09:00`."""
    return rule_in_words(when, program) + (f", {when.at}" if when.at else "")
