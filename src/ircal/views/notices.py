"""Notices: what checks have found in the time that a page shows, numbered, so that a mark can point to each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ircal.errors import Problem
    from ircal.views.ground import Ground


@dataclass(frozen=True, slots=True)
class Notice:
    """A problem whose days, or some of them, are shown; `first` is the first of those."""

    number: int
    problem: Problem
    first: date


def notices_of(ground: Ground, start: date, end: date) -> tuple[Notice, ...]:
    """The problems that are about days of `[start, end)`, in order of time."""
    found = [(first, problem) for problem in ground.problems for first in _shown(problem, start, end)]
    in_order = sorted(found, key=lambda each: (each[0], each[1].code, each[1].message))
    return tuple(Notice(number, problem, first) for number, (first, problem) in enumerate(in_order, start=1))


def _shown(problem: Problem, start: date, end: date) -> Iterator[date]:
    """The first of the days that are shown, if there is one."""
    days = problem.scope.days if problem.scope else ()
    yield from sorted(max(first, start) for first, last in days if first < end and last >= start)[:1]


def marks_of(notices: tuple[Notice, ...]) -> dict[str, list[tuple[date, date, int]]]:
    """By person, and under the empty name what is about nobody in particular: days with the number of the notice."""
    marks: dict[str, list[tuple[date, date, int]]] = {}
    for notice in notices:
        scope = notice.problem.scope
        for person in (scope.people if scope else ()) or ("",):
            days = scope.days if scope else ()
            marks.setdefault(person, []).extend((first, last, notice.number) for first, last in days)
    return marks
