"""Where people are at the time of a session: at the site of their rotation, or of a duty that takes them elsewhere.

A rotation has one site, and its duties may be at others: a day at an outpatient centre, a clinic across town. Somebody
is at the site of a duty while it lasts and for less than an hour before and after, which is taken for the way; at any
other time at the site of the rotation. What else the rotation's site decides (an audience of `site`, the calendar of a
site) is of whole days, and stays with the rotation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ircal.model.when import of_rotation
from ircal.rules.clock import span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from ircal.model.people import Standing
    from ircal.model.schedule import Rule
    from ircal.model.values import ClockRange
    from ircal.rules.dates import Days
    from ircal.rules.roster import Roster
    from ircal.rules.timetable import DutyDay, Timetable, Timetables

_DAY = timedelta(days=1)
_WAY = timedelta(hours=1)


class Elsewhere(NamedTuple):
    """Where a duty takes people who are not at the site of their rotation."""

    site: str
    off_site: bool


Taken = tuple[tuple[str, Elsewhere], ...]
"""Rotations whose people are taken elsewhere at a time, all but those on leave, and to where."""

Own = tuple[tuple[str, Elsewhere], ...]
"""People whom a duty of their own takes elsewhere at a time."""


@dataclass(frozen=True)
class Whereabouts:
    """Who is where, for the sessions of one expansion; made once for all of them."""

    roster: Roster
    duties: Duties

    def own(self, day: date, clock: ClockRange) -> Own:
        """Whom a duty takes elsewhere that is counted in each person's own stretch on a rotation."""
        if not self.duties.own:
            return ()
        start, end = span(day, clock, self.roster.program.settings.zone)
        return tuple(
            (standing.person, there)
            for standing in self.roster.musters.on(day).standings
            for there in [self._own_of(standing, day, (start, end))]
            if there
        )

    def _own_of(self, standing: Standing, day: date, at: tuple[datetime, datetime]) -> Elsewhere | None:
        tables = self.duties.own.get(standing.rotation, ())
        stretch = self.roster.stretch_on(standing.person, day) if tables and not standing.away else None
        if stretch is None:
            return None
        near = (table for table in tables if self.duties.in_stretch(table, (stretch.start, stretch.end), *at))
        table = next(near, None)
        return Elsewhere(table.site, self.roster.program.sites[table.site].off_site) if table else None


class _Around(NamedTuple):
    """The duties of a day, and of the day before it: one of them may last into the day."""

    before: tuple[Timetable, ...]
    on: tuple[Timetable, ...]


@dataclass(frozen=True)
class Duties:
    """When the duties of the rotations that lead to several sites take place, whoever is on them."""

    timetables: Timetables
    _known: dict[tuple[object, ...], Taken] = field(default_factory=dict)
    _stretches: dict[tuple[Rule, Days], list[DutyDay]] = field(default_factory=dict)

    @cached_property
    def own(self) -> dict[str, tuple[Timetable, ...]]:
        """Those that lead elsewhere and are counted in each person's own stretch, by rotation."""
        tables = {rotation: self.timetables.of(rotation) for rotation in self.timetables.program.rotations}
        own = {
            rotation: tuple(table for table in each if table.is_elsewhere and of_rotation(table.duty.when))
            for rotation, each in tables.items()
        }
        return {rotation: each for rotation, each in own.items() if each}

    def in_stretch(self, table: Timetable, stretch: Days, start: datetime, end: datetime) -> bool:
        """Whether somebody has such a duty in a stretch no further than the way from `[start, end)`."""
        key = (table.rule, stretch)
        if key not in self._stretches:
            self._stretches[key] = table.within(*stretch, stretch)
        held = (each for each in self._stretches[key] if each.says.details.status != "CANCELLED")
        return any(max(each.start - end, start - each.end, timedelta()) < _WAY for each in held)

    def taken(self, day: date, clock: ClockRange) -> Taken:
        """Whom a duty takes elsewhere that is nearest to a time that begins that day, and no further than the way.

        That is the same at the same time of all days that have the same duties, and so do the days before them.
        """
        duties = self._around.get(day)
        if duties is None:
            return ()
        key = (clock.start, clock.end, duties)
        if key not in self._known:
            self._known[key] = tuple(sorted(self._taken(day, clock, duties)))
        return self._known[key]

    def _taken(self, day: date, clock: ClockRange, duties: _Around) -> Iterator[tuple[str, Elsewhere]]:
        start, end = span(day, clock, self.timetables.program.settings.zone)
        near = [*self._near(duties.before, day - _DAY, start, end), *self._near(duties.on, day, start, end)]
        nearest = {table.rotation.id: table for _, _, table in sorted(near, key=lambda each: each[:2], reverse=True)}
        for rotation, table in nearest.items():
            if table.is_elsewhere:
                yield rotation, Elsewhere(table.site, self.timetables.program.sites[table.site].off_site)

    def _near(
        self, tables: tuple[Timetable, ...], day: date, start: datetime, end: datetime
    ) -> Iterator[tuple[timedelta, str, Timetable]]:
        """How far those of the duties of a day are in time from `[start, end)` that are less than the way from it."""
        for table in tables:
            begins, ends = span(day, table.duty.at, table.zone)
            far = max(begins - end, start - ends, timedelta())
            if far < _WAY:
                yield far, table.duty.id, table

    @cached_property
    def _around(self) -> dict[date, _Around]:
        """The duties of each day that has any, or the day before it."""
        found = self._of_days
        days = found.keys() | {day + _DAY for day in found}
        return {day: _Around(found.get(day - _DAY, ()), found.get(day, ())) for day in days}

    @property
    def _of_days(self) -> dict[date, tuple[Timetable, ...]]:
        """The duties of each day that are not cancelled, but for those counted in each person's own stretch."""
        horizon = self.timetables.horizon
        found: dict[date, tuple[Timetable, ...]] = {}
        for rotation in self.timetables.program.rotations:
            tables = self.timetables.of(rotation)
            for table in tables if any(each.is_elsewhere for each in tables) else ():
                for day in table.days(horizon.first - _DAY, horizon.last + _DAY):
                    found[day] = (*found.get(day, ()), table)
        return found
