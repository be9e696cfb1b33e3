"""The report of `ircal check --report` on one screen, or as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich import box
from rich.table import Table

from ircal.views.balance import balance_of, wanted

if TYPE_CHECKING:
    from rich.console import Console

    from ircal.checks.report import Report
    from ircal.checks.requirements import Progress
    from ircal.views.balance import Balance


def draw(report: Report, console: Console) -> None:
    """Holes, people and spread, one below the other."""
    console.print(
        f"Planned from {report.first} to {report.last}" if report.first else "Nothing is planned yet", style="bold"
    )
    if report.covered:
        console.print(_coverage(report))
    balance = balance_of(report)
    if balance.rows:
        console.print(_people(balance))
    for each in balance.spreads:
        console.print(each)
    found = ", ".join(f"{number} {code}" for code, number in report.found.items())
    console.print(f"To look at: {found or 'nothing'}")


def _coverage(report: Report) -> Table:
    table = Table("Coverage", box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("wanted", "fewest", "most", "weeks", "too few", "too many"):
        table.add_column(heading, justify="right")
    for each in report.covered:
        numbers = (each.least, each.most, each.weeks, each.low or "", each.high or "")
        table.add_row(each.entry.label, wanted(each), *map(str, numbers))
    return table


def _people(balance: Balance) -> Table:
    """A row for each resident, a column for each requirement."""
    table = Table("Class", box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("Resident", no_wrap=True)
    for heading in (*balance.requirements, "leave", "talks", "idle"):
        table.add_column(heading, justify="right", overflow="fold")
    for row in balance.rows:
        numbers = (row.leave or "", row.presented or "", row.unassigned or "")
        table.add_row(str(row.class_of), row.name, *(cell.text for cell in row.cells), *map(str, numbers))
    return table


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
