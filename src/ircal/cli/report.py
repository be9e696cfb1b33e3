"""The report of `ircal check --report` on one screen, or as JSON."""

from __future__ import annotations

from math import floor
from typing import TYPE_CHECKING, Any

from rich import box
from rich.table import Table

from ircal.checks.requirements import weeks

if TYPE_CHECKING:
    from rich.console import Console

    from ircal.checks.report import Covered, Report
    from ircal.checks.requirements import Progress


def draw(report: Report, console: Console) -> None:
    """Holes, people and spread, one below the other."""
    console.print(
        f"Planned from {report.first} to {report.last}" if report.first else "Nothing is planned yet", style="bold"
    )
    if report.covered:
        console.print(_coverage(report))
    if report.lines:
        console.print(_people(report))
    for each in report.spreads:
        console.print(f"{each.what}: from {weeks(each.least)} to {weeks(each.most)} in the class of {each.class_of}")
    found = ", ".join(f"{number} {code}" for code, number in report.found.items())
    console.print(f"To look at: {found or 'nothing'}")


def _coverage(report: Report) -> Table:
    table = Table("Coverage", box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("wanted", "fewest", "most", "weeks", "too few", "too many"):
        table.add_column(heading, justify="right")
    for each in report.covered:
        numbers = (each.least, each.most, each.weeks, each.low or "", each.high or "")
        table.add_row(each.entry.label, _wanted(each), *map(str, numbers))
    return table


def _wanted(each: Covered) -> str:
    entry = each.entry
    return f"{entry.min}+" if entry.max is None else f"{entry.min}-{entry.max}"


def _people(report: Report) -> Table:
    """A row for each resident, a column for each requirement: weeks done and planned, of those wanted."""
    names = {each.requirement.id: each.requirement.label for one in report.lines for each in one.progress}
    table = Table("Class", box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("Resident", no_wrap=True)
    for heading in (*names.values(), "leave", "talks", "idle"):
        table.add_column(heading, justify="right", overflow="fold")
    for one in report.lines:
        towards = {each.requirement.id: _told(each) for each in one.progress}
        cells = (one.leave or "", one.presented or "", one.unassigned or "")
        table.add_row(str(one.class_of), one.person.name, *(towards.get(name, "") for name in names), *map(str, cells))
    return table


def _told(each: Progress) -> str:
    """Whole weeks, `41/96`; `!` when it cannot be met any more, `?` when the earlier years are not known."""
    mark = "!" if each.missing else "" if each.known else "?"
    return f"{floor(each.weeks)}/{weeks(each.requirement.weeks)}{mark}"


def report_json(report: Report) -> dict[str, Any]:
    """The report as machines read it. Weeks have one decimal."""
    return {
        "from": str(report.first) if report.first else None,
        "to": str(report.last) if report.last else None,
        "coverage": [
            {
                "id": each.entry.id,
                "min": each.entry.min,
                "max": each.entry.max,
                "fewest": each.least,
                "most": each.most,
                "weeks": each.weeks,
                "weeks_low": each.low,
                "weeks_high": each.high,
            }
            for each in report.covered
        ],
        "residents": [
            {
                "id": one.person.id,
                "class": one.class_of,
                "unassigned_days": one.unassigned,
                "leave_days": one.leave,
                "presented": one.presented,
                "requirements": {each.requirement.id: _progress_json(each) for each in one.progress},
            }
            for one in report.lines
        ],
        "spread": [
            {"what": each.what, "class": each.class_of, "least": round(each.least, 1), "most": round(each.most, 1)}
            for each in report.spreads
        ],
        "found": report.found,
    }


def _progress_json(each: Progress) -> dict[str, Any]:
    return {
        "weeks": round(each.weeks, 1),
        "required": each.requirement.weeks,
        "open_weeks": round(each.open_days / 7, 1),
        "missing_weeks": round(each.missing, 1),
        "met": each.is_met,
        "known": each.known,
    }
