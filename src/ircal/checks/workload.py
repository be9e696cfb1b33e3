"""An estimate of when somebody works, for planning: no record of hours that were worked, and none for an audit.

Work is what is at an hour: duties, sessions that must be attended, and on working days of the site the `hours` of the
rotation, where they are two times ("07:00-17:00") and the rotation is not cut by leave. Work with less than three hours
in between is one shift; so a break, or the way to an evening meeting, is no rest.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ircal.model.values import ClockRange
from ircal.rules.clock import span
from ircal.rules.days_off import is_workday

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime

    from ircal.checks.ground import Ground

_DAY = timedelta(days=1)
_BREAK = 3 * 3600
"""Seconds. Whatever is longer is rest."""


class Shift(NamedTuple):
    """Work from one moment to another; `worked` are the hours of it without its breaks."""

    start: datetime
    end: datetime
    worked: float

    @property
    def hours(self) -> float:
        """How long it is, also in a night in which the clock changes."""
        return (self.end.timestamp() - self.start.timestamp()) / 3600

    def days(self) -> Iterator[date]:
        """The days on which something of it lies."""
        day, last = self.start.date(), (self.end - timedelta(microseconds=1)).date()
        while day <= last:
            yield day
            day += _DAY


def shifts(ground: Ground, person: str) -> list[Shift]:
    """A person's shifts in order of time."""
    engaged = [(each.start, each.end) for each in ground.engagements[person]]
    found: list[Shift] = []
    for start, end in _united([*engaged, *_hours(ground, person)]):
        worked = (end.timestamp() - start.timestamp()) / 3600
        if found and start.timestamp() - found[-1].end.timestamp() < _BREAK:
            last = found.pop()
            found.append(Shift(last.start, end, last.worked + worked))
        else:
            found.append(Shift(start, end, worked))
    return found


def _united(times: Iterable[tuple[datetime, datetime]]) -> Iterator[tuple[datetime, datetime]]:
    """The times in order, those that overlap made one."""
    begun: datetime | None = None
    until: datetime | None = None
    for start, end in sorted(times):
        if begun is None or until is None:
            begun, until = start, end
        elif start <= until:
            until = max(until, end)
        else:
            yield begun, until
            begun, until = start, end
    if begun is not None and until is not None:
        yield begun, until


def _hours(ground: Ground, person: str) -> Iterator[tuple[datetime, datetime]]:
    """The hours of the rotations that the person is on, on working days."""
    program = ground.program
    for spell in ground.spells(person):
        rotation = program.rotations.get(spell.standing.rotation)
        clock = _clock(rotation.hours) if rotation and not spell.standing.away else None
        if rotation and clock:
            off = ground.horizon.days_off(program, rotation.site)
            for day in spell.each_day():
                if is_workday(day, off):
                    yield span(day, clock, program.settings.zone)


@cache
def _clock(hours: str) -> ClockRange | None:
    """The two times that a rotation's hours are, if they are; `flexible` is not."""
    try:
        return ClockRange.model_validate(hours)
    except ValueError:
        return None
