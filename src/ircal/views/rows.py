"""The rows of a schedule page: what each resident does, as bars that follow one another without a gap.

A bar ends where something else begins, and is cut where a block begins and around today, so that both can be drawn. In
a column of several days it has what is done on most of its working days, as on a wall plan; the page of a person has
every day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Literal, NamedTuple

from ircal.rules.levels import class_of
from ircal.views.week import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.model.people import Person
    from ircal.model.program import Program
    from ircal.views.ground import Ground
    from ircal.views.span import Column, Span
    from ircal.views.week import Lines

Mark = tuple["date", "date", int]
"""The first and the last day of what a notice is about, and its number."""

Marks = Mapping[str, Iterable[Mark]]
"""By person."""

_DAY = timedelta(days=1)
_SATURDAY = 5

Kind = Literal["rotation", "leave", "hole", "unplanned", "away"]
"""`hole` is no assignment on days that are planned, `unplanned` on others; `away` is not in the programme."""


class Held(NamedTuple):
    """What somebody does on a day; `id` is that of the rotation, or the kind of leave."""

    kind: Kind
    id: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """Some columns in which one thing is done: days `[start, end)`.

    `continues` where it is a part of the bar before; `begins` where a block does. `marks` are the numbers of the
    notices that are about this person on these days. In a week every day is a bar of its own, and has `lines`.
    """

    held: Held
    start: date
    end: date
    columns: int
    begins: bool
    is_now: bool
    continues: bool
    marks: tuple[int, ...] = ()
    lines: tuple[str, ...] = ()

    @property
    def last(self) -> date:
        """Its last day."""
        return self.end - _DAY


@dataclass(frozen=True, slots=True)
class Row:
    """A resident, at which level they are in that time (`PGY-2, 3 from 1 Sep`), and what they do."""

    person: Person
    level: str
    bars: tuple[Bar, ...]

    def has(self, rotations: frozenset[str]) -> bool:
        """Whether any of the bars is of one of these rotations."""
        return any(bar.held.kind == "rotation" and bar.held.id in rotations for bar in self.bars)


@dataclass(frozen=True, slots=True)
class Group:
    """A class, by the year in which it graduates, and those of it who are in the programme in that time."""

    class_of: int
    rows: tuple[Row, ...]


def groups_of(ground: Ground, span: Span, marks: Marks) -> tuple[Group, ...]:
    """The classes, the oldest first, each by name. `marks` are first and last days with the number of a notice."""
    rows: dict[int, list[Row]] = {}
    lines = lines_of(ground, span) if span.zoom == "week" else {}
    for person in sorted(ground.program.residents, key=lambda each: each.name):
        if _is_there(person, span, ground):
            bars = tuple(_bars(person.id, span, ground, marks.get(person.id, ()), lines))
            row = Row(person, _level(person, span, ground), bars)
            rows.setdefault(class_of(person, ground.program) or 0, []).append(row)
    return tuple(Group(year, tuple(each)) for year, each in sorted(rows.items()))


def _is_there(person: Person, span: Span, ground: Ground) -> bool:
    """Whether they are in the programme; that a year's first block begins in June is not for those who leave then."""
    year = ground.program.year_start(ground.program.academic_year(span.end - _DAY))
    first = max(span.start, year) if span.zoom != "week" else span.start
    levels = ground.facts.levels[person.id]
    return (levels.entered or date.min) < span.end and first < (levels.end or date.max)


def _level(person: Person, span: Span, ground: Ground) -> str:
    levels = ground.facts.levels[person.id]
    first = max(span.start, levels.entered or span.start)
    begun = [(start, pgy) for start, pgy in levels.pgy if start <= first][-1:]
    later = [(start, pgy) for start, pgy in levels.pgy if first < start < span.end]
    if begun and later and later[0][0] - first < timedelta(days=7) and span.zoom == "year":
        begun, later = later[:1], later[1:]  # the first block begins some days before the year does
    told = [f"PGY-{pgy}" for _, pgy in begun] + [f"{pgy} from {day.day} {day:%b}" for day, pgy in later]
    return ", ".join(told)


def _bars(person: str, span: Span, ground: Ground, marks: Iterable[Mark], lines: Lines) -> Iterator[Bar]:
    before: Held | None = None
    for (what, *_), piece in groupby(_cells(person, span, ground), key=lambda each: each[:-1]):
        columns = [column for *_, column in piece]
        start, end = columns[0].start, columns[-1].end
        yield Bar(
            what,
            start,
            end,
            len(columns),
            columns[0].begins,
            any(column.is_now for column in columns),
            what == before and span.zoom != "week",
            tuple(dict.fromkeys(number for first, last, number in marks if first < end and last >= start)),
            tuple(lines.get((person, start), ())),
        )
        before = what


def _cells(person: str, span: Span, ground: Ground) -> Iterator[tuple[Held, int, Column]]:
    """What is done in each column, with a number that changes where a bar is cut."""
    cuts = 0
    was_now = False
    for column in span.columns:
        cuts += column.begins or column.is_now or was_now or span.zoom == "week"
        was_now = column.is_now
        yield _in_column(person, column, ground), cuts, column


def _in_column(person: str, column: Column, ground: Ground) -> Held:
    """What the person does for most of the working days, or of the days, if there is none."""
    days = [column.start + _DAY * number for number in range((column.end - column.start).days)]
    working = [day for day in days if day.weekday() < _SATURDAY] or days
    held = [held_on(person, day, ground) for day in working]
    return max(held, key=held.count)


def held_on(person: str, day: date, ground: Ground) -> Held:
    """What the person does on a day."""
    standing = ground.roster.standing(person, day)
    if standing is None:
        return Held("away")
    if standing.away:
        return Held("leave", standing.away)
    if standing.rotation:
        return Held("rotation", standing.rotation)
    return Held("hole" if day in ground.facts.planned else "unplanned")


def matching(program: Program, site: str, rotation: str) -> frozenset[str]:
    """The rotations that a filter by site and rotation leaves; all of them without one."""
    every = program.rotations.values()
    return frozenset(each.id for each in every if site in {"", each.site} and rotation in {"", each.id})
