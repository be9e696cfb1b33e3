"""How evenly the plan is spread, and how far it takes everybody: the table of `ircal check --report`, in words.

A row for each resident, a column for each requirement: weeks done and planned, of those that are wanted.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING

from ircal.checks.requirements import weeks

if TYPE_CHECKING:
    from ircal.checks.report import Covered, Line, Report
    from ircal.checks.requirements import Progress


@dataclass(frozen=True, slots=True)
class Cell:
    """Progress towards one requirement: `41/96`; `!` when it cannot be met, `?` when earlier years are not known."""

    text: str = ""
    short: bool = False
    met: bool = False


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """One resident: progress by requirement, working days of leave and without assignment, sessions presented."""

    person: str
    name: str
    class_of: int
    cells: tuple[Cell, ...]
    leave: int
    presented: int
    unassigned: int


@dataclass(frozen=True, slots=True)
class Balance:
    """Everybody, by class; `requirements` are the headings of the cells, `spreads` sentences about what is uneven."""

    requirements: tuple[str, ...]
    rows: tuple[BalanceRow, ...]
    spreads: tuple[str, ...]


def balance_of(report: Report) -> Balance:
    """That of a report."""
    names = {each.requirement.id: each.requirement.label for line in report.lines for each in line.progress}
    spreads = (
        f"{each.what}: from {weeks(each.least)} to {weeks(each.most)} in the class of {each.class_of}"
        for each in report.spreads
    )
    return Balance(tuple(names.values()), tuple(_row(line, names) for line in report.lines), tuple(spreads))


def _row(line: Line, names: dict[str, str]) -> BalanceRow:
    towards = {each.requirement.id: _cell(each) for each in line.progress}
    cells = tuple(towards.get(name, Cell()) for name in names)
    person = line.person
    return BalanceRow(person.id, person.name, line.class_of, cells, line.leave, line.presented, line.unassigned)


def _cell(each: Progress) -> Cell:
    """In whole weeks."""
    mark = "!" if each.missing else "" if each.known else "?"
    text = f"{floor(each.weeks)}/{weeks(each.requirement.weeks)}{mark}"
    return Cell(text, short=bool(each.missing), met=each.is_met)


def wanted(each: Covered) -> str:
    """How many an entry of `checks.coverage` wants: `2+`, `1-2`."""
    entry = each.entry
    return f"{entry.min}+" if entry.max is None else f"{entry.min}-{entry.max}"
