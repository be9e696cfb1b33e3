"""Who presents by turn and has not been made known, and the file that makes it known."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from ircal.feeds.groups import nominal_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from ircal.model.conferences import Conference
    from ircal.model.program import Program
    from ircal.model.schedule import Occurrence, Schedule

_COLUMNS = ("date", "person")


class Row(NamedTuple):
    """Who presents on the date that the rule gives a session."""

    day: date
    person: str


def unannounced(schedule: Schedule, until: date) -> Mapping[str, tuple[Row, ...]]:
    """By conference, who has a session by turn up to a day (included), in order of time; none without any.

    Left out is what is fixed anyhow: by the list, or by an override. Of a session that is swapped it is the one who
    gives it, for the swap is written beside the list. Of a date with several sessions no list can say which it means.
    """
    conferences = (each for each in schedule.program.conferences.values() if each.presenter)
    found = {each.id: tuple(sorted(_rows(each, schedule, until))) for each in conferences}
    return {name: rows for name, rows in found.items() if rows}


def _rows(conference: Conference, schedule: Schedule, until: date) -> Iterator[Row]:
    program = schedule.program
    part = schedule.parts.get(f"conference:{conference.id}", ())
    sessions = [(nominal_day(item, program.settings.zone), item) for item in part if item.rule.kind == "conference"]
    numbers = Counter(day for day, _ in sessions)
    fixed, given = _fixed(conference.id, program), _given(conference.id, program)
    for day, item in sessions:
        person = given.get(day) or _presenting(item)
        if person and day <= until and numbers[day] == 1 and not {day, item.first_day} & fixed and not item.cancelled:
            yield Row(day, person)


def _presenting(session: Occurrence) -> str:
    return next((entry.person for entry in session.attendance if entry.reason == "presenting"), "")


def _fixed(conference: str, program: Program) -> set[date]:
    """The dates of which the list or an override says who presents."""
    listed = {row.date for row in program.presenters.get(conference, ())}
    mine = (item for item in program.overrides if item.conference == conference and item.date)
    named = {item.date for item in mine if item.replace or (item.change and item.change.presenter)}
    return listed | {day for day in named if day}


def _given(conference: str, program: Program) -> Mapping[date, str]:
    """Who gives each session that is swapped."""
    swaps = (swap for swap in program.presenter_swaps if swap.conference == conference)
    return {day: person for swap in swaps for day, person in zip(swap.dates, swap.people, strict=True)}


def file_of(conference: str) -> str:
    """The file of the configuration that holds who presents."""
    return f"presenters/{conference}.csv"


def file_after(before: str | None, rows: Iterable[Row]) -> str:
    """The text of the file with these rows at its end; None is a file that is not there. All else stays as written."""
    text = before if before and before.strip() else ",".join(_COLUMNS) + "\n"
    newline = "\r\n" if "\r\n" in text else "\n"
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=newline)
    for row in rows:
        told = {"date": row.day.isoformat(), "person": row.person}
        writer.writerow([told.get(column, "") for column in _columns(text)])
    return (text if text.endswith(("\n", "\r")) else text + newline) + out.getvalue()


def _columns(text: str) -> list[str]:
    """The headings, in their order: the first line that is neither blank nor a comment."""
    lines = (line for line in text.removeprefix("\ufeff").splitlines() if line.strip() and not line.startswith("#"))
    return [name.strip() for name in next(csv.reader(lines), list(_COLUMNS))]
