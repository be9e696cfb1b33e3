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

from ircal.rules.clock import span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from ircal.model.values import ClockRange
    from ircal.rules.roster import Roster
    from ircal.rules.slot import Slot
    from ircal.rules.standings import Muster
    from ircal.rules.timetable import Timetable, Timetables

_DAY = timedelta(days=1)
_WAY = timedelta(hours=1)

Taken = tuple[tuple[str, str], ...]
"""Rotations whose people are taken elsewhere at a time, each with the site to which."""


class Elsewhere(NamedTuple):
    """Somebody whom a duty takes to another site than their rotation's."""

    person: str
    site: str
    off_site: bool


@dataclass(frozen=True)
class Whereabouts:
    """Answers for the sessions of one expansion; made once for all of them."""

    roster: Roster
    duties: Duties
    _known: dict[tuple[Muster, Taken], tuple[Elsewhere, ...]] = field(default_factory=dict)

    def elsewhere(self, slot: Slot) -> tuple[Elsewhere, ...]:
        """Those who are not at the site of their rotation at the time of the session, by person id."""
        taken = self.duties.taken(slot.day, slot.clock) if slot.clock else ()
        if not taken:
            return ()
        key = (self.roster.musters.on(slot.day), taken)
        if key not in self._known:
            self._known[key] = tuple(self._of(*key))
        return self._known[key]

    def _of(self, muster: Muster, taken: Taken) -> Iterator[Elsewhere]:
        sites = {rotation: self.roster.program.sites[site] for rotation, site in taken}
        for standing in muster.standings:
            if standing.rotation in sites and not standing.away:
                site = sites[standing.rotation]
                yield Elsewhere(standing.person, site.id, site.off_site)


class _Around(NamedTuple):
    """The duties of a day, and of the day before it: one of them may last into the day."""

    before: tuple[Timetable, ...]
    on: tuple[Timetable, ...]


@dataclass(frozen=True)
class Duties:
    """When the duties of the rotations that lead to several sites take place, whoever is on them."""

    timetables: Timetables
    _known: dict[tuple[object, ...], Taken] = field(default_factory=dict)

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

    def _taken(self, day: date, clock: ClockRange, duties: _Around) -> Iterator[tuple[str, str]]:
        start, end = span(day, clock, self.timetables.program.settings.zone)
        near = [*self._near(duties.before, day - _DAY, start, end), *self._near(duties.on, day, start, end)]
        nearest = {table.rotation.id: table for _, _, table in sorted(near, key=lambda each: each[:2], reverse=True)}
        return ((rotation, table.site) for rotation, table in nearest.items() if table.is_elsewhere)

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
        """The duties of each day that are not cancelled.

        Those that are counted in each person's own stretch are not the same for all, and not looked at.
        """
        horizon = self.timetables.horizon
        found: dict[date, tuple[Timetable, ...]] = {}
        for rotation in self.timetables.program.rotations:
            tables = self.timetables.of(rotation)
            for table in tables if any(each.is_elsewhere for each in tables) else ():
                for each in table.within(horizon.first - _DAY, horizon.last + _DAY):
                    if each.says.details.status != "CANCELLED":
                        found[each.day] = (*found.get(each.day, ()), table)
        return found
