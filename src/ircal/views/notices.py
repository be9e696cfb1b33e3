"""Notices: what checks have found in the time that a page shows, numbered, so that a mark can point to each.

Checks tell together what is the same fault on many days and of many people. A mark must be exact, so it is made of the
single findings, and a notice tells those alone that are in the time shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ircal.checks.finding import told

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ircal.checks.finding import Finding
    from ircal.errors import Problem
    from ircal.views.ground import Ground


@dataclass(frozen=True, slots=True)
class Notice:
    """A fault on days that are shown; `first` is the first of those."""

    number: int
    problem: Problem
    first: date
    findings: tuple[Finding, ...]


def notices_of(ground: Ground, start: date, end: date) -> tuple[Notice, ...]:
    """What was found about days of `[start, end)`, in order of time."""
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for each in ground.findings:
        if each.days and each.days[0] < end and each.days[1] >= start:
            groups.setdefault((each.code, each.what, each.place, each.hint), []).append(each)
    found = [
        (max(min(each.days[0] for each in group if each.days), start), problem, tuple(group))
        for group in groups.values()
        for problem in told(group, ground.program.people)
    ]
    in_order = sorted(found, key=lambda each: (each[0], each[1].code, each[1].message))
    return tuple(Notice(number, problem, first, group) for number, (first, problem, group) in enumerate(in_order, 1))


def marks_of(notices: Iterable[Notice]) -> dict[str, list[tuple[date, date, int]]]:
    """By person, and under the empty name what is about nobody in particular: days with the number of the notice."""
    marks: dict[str, list[tuple[date, date, int]]] = {}
    for notice in notices:
        for each in notice.findings:
            if each.days:
                marks.setdefault(each.person, []).append((*each.days, notice.number))
    return marks
