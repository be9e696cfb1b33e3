"""What the rows of each kind of CSV file mean, but for the block schedule (`blocks`).

A model of one row names its columns: those that it demands, and those that may be left out. People write the last day
(`to`); the values are half-open, so that the end is the day after.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Protocol, TypeVar

from pydantic import Field, model_validator

from ircal.config.csv_reader import check_headings, read_csv, without_repeats
from ircal.config.placed import Entry
from ircal.config.sections import value_of
from ircal.model.conferences import PublishedPresenter, Session, Topic
from ircal.model.place import PlacedDict
from ircal.model.rotations import Assignment, Leave
from ircal.model.values import Id, Name, Value

if TYPE_CHECKING:
    from ircal.config.called import Called
    from ircal.config.csv_reader import Row, Table
    from ircal.errors import Problem

_DAY = timedelta(days=1)

T = TypeVar("T", bound=Value)


class _Days(Protocol):
    """From one day to another, both included."""

    @property
    def start(self) -> date: ...

    @property
    def last(self) -> date: ...


Days = TypeVar("Days", bound=_Days)


def _in_order(row: Days) -> Days:
    if row.last < row.start:
        msg = f"ends on {row.last}, before it starts on {row.start}"
        raise ValueError(msg)
    return row


class AssignmentRow(Value):
    """A line of `assignments/*.csv`."""

    person: Id
    rotation: Id
    start: date = Field(alias="from")
    last: date = Field(alias="to")
    note: str = ""

    _order = model_validator(mode="after")(_in_order)


class LeaveRow(Value):
    """A line of `leave/*.csv`."""

    person: Id
    kind: Name
    start: date = Field(alias="from")
    last: date = Field(alias="to")
    note: str = ""

    _order = model_validator(mode="after")(_in_order)


def read_assignments(text: str, file: str, called: Called) -> tuple[list[Assignment], list[Problem]]:
    """The dated assignments of one file."""
    rows, problems = read_rows(text, file, called, AssignmentRow)
    return [
        Assignment(
            person=row.person,
            rotation=row.rotation,
            start=row.start,
            end=row.last + _DAY,
            note=row.note,
            place=row.place,
        )
        for row in rows
    ], problems


def read_leave(text: str, file: str, called: Called) -> tuple[list[Leave], list[Problem]]:
    """The absences of one file."""
    rows, problems = read_rows(text, file, called, LeaveRow)
    return [
        Leave(person=row.person, kind=row.kind, start=row.start, end=row.last + _DAY, note=row.note, place=row.place)
        for row in rows
    ], problems


def read_topics(text: str, file: str, called: Called) -> tuple[list[Topic], list[Problem]]:
    """One list of topics, in its order. A topic may come up again."""
    return read_rows(text, file, called, Topic, may_repeat=True)


def read_sessions(text: str, file: str, called: Called) -> tuple[list[Session], list[Problem]]:
    """One list of sessions, in order of time."""
    rows, problems = read_rows(text, file, called, Session)
    return sorted(rows, key=lambda row: (row.date, str(row.start or ""), row.name, row.topic)), problems


def read_presenters(text: str, file: str, called: Called) -> tuple[list[PublishedPresenter], list[Problem]]:
    """The published presenters of one conference, in order of time."""
    rows, problems = read_rows(text, file, called, PublishedPresenter)
    return sorted(rows, key=lambda row: (row.date, row.person)), problems


def read_rows(
    text: str, file: str, called: Called, shape: type[T], *, may_repeat: bool = False
) -> tuple[list[T], list[Problem]]:
    """The values of the rows, in the order of the file, leaving out those that are wrong."""
    table = read_csv(text, file)
    problems = [*table.problems, *check_headings(table, *columns(shape))]
    if any(problem.code == "csv-heading" for problem in problems):
        return [], problems
    rows, repeats = (list(table.rows), []) if may_repeat else without_repeats(table.rows)
    problems += repeats
    found: list[T] = []
    for row in rows:
        value, wrong = value_of(_entry(row, table), shape, "this row", called)
        problems += wrong
        if value is not None:
            found.append(value)
    return found, problems


def columns(shape: type[Value]) -> tuple[list[str], list[str]]:
    """The headings that a row model demands, and those that may be left out."""
    fields = [(field.alias or name, field) for name, field in shape.model_fields.items() if name != "place"]
    return [name for name, field in fields if field.is_required()], [
        name for name, field in fields if not field.is_required()
    ]


def _entry(row: Row, table: Table) -> Entry:
    """The row as a mapping without its empty cells; every heading keeps its place."""
    cells: dict[str, object] = {name: cell for name, cell in row.cells.items() if cell}
    places = {name: row.place(name) for name in table.headings}
    return Entry(PlacedDict(cells, row.place(), places), row.place())
