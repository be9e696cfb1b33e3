"""What the engine knows, gathered for one calendar and one day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, get_args

from ircal.feeds.feed import Feed, make_feed
from ircal.feeds.groups import nominal_day
from ircal.feeds.select import CONTENTS, selection
from ircal.model.program import Contents, Window
from ircal.recall import Recall
from ircal.rules.expand import horizon_within, touching
from ircal.rules.levels import class_of
from ircal.rules.roster import Roster
from ircal.rules.timetable import Timetables
from ircal.rules.whereabouts import Duties, Whereabouts

if TYPE_CHECKING:
    from collections.abc import Callable

    from ircal.model.program import Calendar, Program
    from ircal.model.schedule import Occurrence, Schedule
    from ircal.rules.horizon import Horizon

_DAY = timedelta(days=1)


class Known(NamedTuple):
    """What is worked out already: who works where, the days off, and what the calendar says around the day."""

    roster: Roster
    horizon: Horizon
    feed: Feed


@dataclass(frozen=True)
class Ground:
    """A schedule, one of its calendars, and a day; and what follows from them by the engine's own functions.

    What is `known` of that is not worked out again.
    """

    schedule: Schedule
    calendar: Calendar
    day: date
    known: Known | None = None

    @property
    def program(self) -> Program:
        """What the schedule was made of."""
        return self.schedule.program

    @cached_property
    def roster(self) -> Roster:
        """Who works where."""
        return self.known.roster if self.known else Roster(self.program)

    @cached_property
    def horizon(self) -> Horizon:
        """The days off."""
        if self.known:
            return self.known.horizon
        return horizon_within(self.program, Window(self.day, self.day + _DAY), Recall())

    @cached_property
    def whereabouts(self) -> Whereabouts:
        """Where people are at the time of a session."""
        return Whereabouts(self.roster, Duties(self.timetables))

    @cached_property
    def timetables(self) -> Timetables:
        """When the duties take place."""
        return Timetables(self.program, self.horizon)

    @cached_property
    def feed(self) -> Feed:
        """All that the calendar says in the schedule's window, with UIDs."""
        return self.known.feed if self.known else make_feed(self.schedule, self.calendar)

    @cached_property
    def people(self) -> tuple[str, ...]:
        """Those whose calendar it is: a resident, or a class; nobody's for the other kinds."""
        if self.calendar.kind == "resident":
            return (self.calendar.of,)
        if self.calendar.kind == "class":
            residents = self.program.residents
            return tuple(each.id for each in residents if str(class_of(each, self.program)) == self.calendar.of)
        return ()

    @cached_property
    def today(self) -> Callable[[Occurrence], bool]:
        """Whether an occurrence touches the day."""
        return touching(Window(self.day, self.day + _DAY), self.program.settings.zone)

    @cached_property
    def belongs(self) -> Callable[[Occurrence], bool]:
        """Whether an occurrence would be on the calendar, whatever kinds of entries it shows."""
        return selection(self.calendar.model_copy(update={"contents": get_args(Contents)}), self.program)

    def shown(self, item: Occurrence) -> bool:
        """Whether the calendar shows entries of that kind."""
        return CONTENTS[item.rule.kind] in self.calendar.contents

    def named_for_today(self, item: Occurrence) -> bool:
        """Whether its rule names the day, wherever it went."""
        return nominal_day(item, self.program.settings.zone) == self.day
