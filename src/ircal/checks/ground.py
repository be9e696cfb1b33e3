"""The ground that constraints stand on: a schedule, and what is asked of it again and again, worked out once.

Who works where is the roster's to say, who must come to a session its attendance; nothing of that is decided here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Self

from ircal.recall import Recall
from ircal.rules.days_off import is_workday
from ircal.rules.expand import horizon_within
from ircal.rules.levels import levels_of
from ircal.rules.roster import Roster
from ircal.rules.timetable import Timetables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from ircal.checks.finding import Days
    from ircal.model.people import Person, Standing
    from ircal.model.place import Place
    from ircal.model.program import Program, Window
    from ircal.model.schedule import Occurrence, Schedule
    from ircal.rules.horizon import Horizon
    from ircal.rules.levels import Levels
    from ircal.rules.standings import Muster

_DAY = timedelta(days=1)


class Spell(NamedTuple):
    """The days `[start, end)` of one person on which nothing about them changes."""

    start: date
    end: date
    standing: Standing

    @property
    def days(self) -> Days:
        """The first and the last day."""
        return self.start, self.end - _DAY

    def each_day(self) -> Iterator[date]:
        """Every day of it, in order."""
        return (self.start + _DAY * number for number in range((self.end - self.start).days))


class Engagement(NamedTuple):
    """A time at which somebody has to be somewhere: a duty, or a session that they must come to."""

    start: datetime
    end: datetime
    occurrence: Occurrence

    @property
    def day(self) -> Days:
        """The day on which it begins, as a stretch."""
        return self.start.date(), self.start.date()

    @property
    def is_duty(self) -> bool:
        """Whether it belongs to a rotation."""
        return self.occurrence.rule.kind == "duty"

    @property
    def subject(self) -> str:
        """The id of the conference, or of the rotation whose duty it is."""
        return self.occurrence.rotation or self.occurrence.rule.id

    def meets(self, other: Engagement) -> bool:
        """Whether they share a moment."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Ground:
    """A schedule with its roster and the days off; what it holds is meant to be read only."""

    schedule: Schedule
    roster: Roster
    horizon: Horizon

    @classmethod
    def of(cls, schedule: Schedule, recall: Recall | None = None) -> Self:
        """The ground of a schedule. A `recall` that it was expanded with has most of it already."""
        recall = recall or Recall()
        horizon = horizon_within(schedule.program, schedule.window, recall)
        return cls(schedule, Roster(schedule.program, recall), horizon)

    @property
    def program(self) -> Program:
        """The programme of the schedule."""
        return self.schedule.program

    @property
    def window(self) -> Window:
        """The days that are looked at."""
        return self.schedule.window

    @cached_property
    def levels(self) -> Mapping[str, Levels]:
        """The way of each resident through the programme."""
        return {person.id: levels_of(person, self.program) for person in self.program.residents}

    @cached_property
    def timetables(self) -> Timetables:
        """When the duties of the rotations take place."""
        return Timetables(self.program, self.horizon)

    @cached_property
    def days(self) -> tuple[date, ...]:
        """Every day that is looked at, in order."""
        return tuple(self.window.days())

    @cached_property
    def planned(self) -> frozenset[date]:
        """The days for which at least half of the residents who are here have an assignment.

        The others are not planned yet, or no more: that nobody is there says nothing.
        """
        known: dict[Muster, bool] = {}
        found = []
        for day in self.days:
            muster = self.roster.musters.on(day)
            if muster not in known:
                here = [each.rotation != "" for each in muster.standings if each.role == "resident"]
                known[muster] = bool(here) and sum(here) * 2 >= len(here)
            if known[muster]:
                found.append(day)
        return frozenset(found)

    @cached_property
    def workdays(self) -> frozenset[date]:
        """The weekdays that are no holiday of the programme."""
        off = self.horizon.days_off(self.program, None)
        return frozenset(day for day in self.days if is_workday(day, off))

    def spells(self, person: str, window: Window | None = None) -> Iterator[Spell]:
        """The person's time in the programme, within a window (that of the schedule), in order."""
        course, within = self.roster.musters.courses[person], window or self.window
        edges = (*course.starts[1:], within.end)
        for begins, ends, standing in zip(course.starts, edges, course.standings, strict=True):
            start, end = max(begins, within.start), min(ends, within.end)
            if standing is not None and start < end:
                yield Spell(start, end, standing)

    def place_of(self, person: str, day: date) -> Place:
        """Where it is written what the person does on that day: the cell or line, else the person."""
        stretch = self.roster.stretch_on(person, day)
        return stretch.steps[0].place if stretch and stretch.steps else self.program.people[person].place

    @cached_property
    def engagements(self) -> Mapping[str, tuple[Engagement, ...]]:
        """By person, every duty and required session that takes place at an hour, in order of time."""
        found: dict[str, list[Engagement]] = {name: [] for name in self.program.people}
        for occurrence in self.schedule.occurrences:
            start, end = occurrence.start, occurrence.end
            if occurrence.cancelled or not (isinstance(start, datetime) and isinstance(end, datetime)):
                continue
            for name in _bound(occurrence):
                found[name].append(Engagement(start, end, occurrence))
        return {name: tuple(sorted(each, key=lambda one: one[:2])) for name, each in found.items()}

    def people_with_engagements(self) -> Iterator[tuple[Person, tuple[Engagement, ...]]]:
        """Everybody who has to be anywhere."""
        return ((self.program.people[name], each) for name, each in self.engagements.items() if each)


def _bound(occurrence: Occurrence) -> Iterator[str]:
    """Those who have no choice but to be there."""
    if occurrence.person:
        yield occurrence.person
    yield from (entry.person for entry in occurrence.attendance if entry.level == "required")


def runs(days: Iterable[date]) -> Iterator[Days]:
    """Days in order as stretches without a hole, each with its first and last day."""
    first: date | None = None
    last: date | None = None
    for day in days:
        if first is None or last is None:
            first = day
        elif day != last + _DAY:
            yield first, last
            first = day
        last = day
    if first is not None and last is not None:
        yield first, last
