"""Shapes that are gathered from several places of a ground."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ircal.rules.expand import touching
from ircal.rules.grids import blocks
from ircal.rules.levels import class_of
from ircal.web.api.shapes import (
    AgendaShape,
    BlockShape,
    CalendarShape,
    EntryShape,
    LeaveShape,
    PersonShape,
    RowShape,
    ScheduleShape,
    StretchShape,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ircal.model.people import Person
    from ircal.model.program import Calendar, Window
    from ircal.rules.grids import Block
    from ircal.views import Ground

_DAY = timedelta(days=1)


def person_shape(person: Person, ground: Ground, today: date) -> PersonShape:
    """A person, and what is true of them today; of who is not here, only who they are."""
    standing, calendar = ground.roster.standing(person.id, today), ground.calendar_of(person.id)
    return PersonShape(
        id=person.id,
        name=person.name,
        role=person.role,
        title=person.title,
        pgy=standing.pgy if standing else None,
        class_of=class_of(person, ground.program),
        rotation=standing.rotation if standing else "",
        site=standing.site if standing else "",
        away=standing.away if standing else "",
        calendar=calendar.id if calendar else "",
    )


def calendar_shape(calendar: Calendar, ground: Ground, public_root: str) -> CalendarShape:
    """A calendar; feeds of public ones are below `public_root`."""
    published = ground.published.get(calendar.id)
    return CalendarShape(
        id=calendar.id,
        name=calendar.name,
        kind=calendar.kind,
        of=calendar.of,
        public=calendar.public,
        in_google=bool(calendar.google),
        feed=f"{public_root}/{calendar.id}.ics" if calendar.public else "",
        changed=published.changed if published else None,
    )


def agenda_shape(person: Person, ground: Ground, window: Window) -> AgendaShape:
    """What is on somebody's own calendar in a window."""
    calendar = ground.calendar_of(person.id)
    published = ground.published.get(calendar.id) if calendar else None
    items = filter(touching(window, ground.zone), published.feed.occurrences) if published else ()
    return AgendaShape(
        person=person.id,
        calendar=calendar.id if calendar else "",
        first=window.start,
        last=window.end - _DAY,
        entries=[EntryShape.of(item) for item in items],
    )


def schedule_shape(ground: Ground, year: int) -> ScheduleShape:
    """An academic year, by its blocks and residents; those who do nothing in it are left out."""
    program = ground.program
    found = blocks(program.grids[program.settings.grid], year, program.settings)
    first = found[0].start if found else program.year_start(year)
    end = found[-1].end if found else program.year_start(year + 1)
    rows = (_row(person, ground, first, end) for person in program.residents)
    return ScheduleShape(
        year=year,
        first=first,
        last=end - _DAY,
        blocks=[_block(each) for each in found],
        residents=[row for row in rows if row.stretches or row.leave],
    )


def _block(block: Block) -> BlockShape:
    return BlockShape(number=block.number, first=block.start, last=block.end - _DAY)


def _row(person: Person, ground: Ground, first: date, end: date) -> RowShape:
    stretches = list(_stretches(person.id, ground, first, end))
    leave = [each for each in ground.roster.leave(person.id) if each.start < end and first < each.end]
    standing = ground.roster.standing(person.id, stretches[0].first if stretches else first)
    return RowShape(
        person=person.id,
        name=person.name,
        pgy=standing.pgy if standing else None,
        class_of=class_of(person, ground.program),
        stretches=stretches,
        leave=[LeaveShape(kind=each.kind, first=each.start, last=each.end - _DAY) for each in leave],
    )


def _stretches(person: str, ground: Ground, first: date, end: date) -> Iterator[StretchShape]:
    for each in ground.roster.stretches(person):
        if each.start < end and first < each.end:
            held, rotation = each.within(first, end), ground.program.rotations[each.rotation]
            yield StretchShape(
                rotation=rotation.id,
                name=rotation.name,
                site=rotation.site,
                color=rotation.color,
                first=held.start,
                last=held.end - _DAY,
            )
