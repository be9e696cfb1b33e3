"""The ground that views stand on: one edition of the programme, with everything that follows from it, worked out once.

It is made when the programme has changed, and asked at every request after that, so it holds what takes time: the
schedule of all years, the problems that checks have found, the report, the feeds as phones have them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Self

from ircal import checks
from ircal.checks import examine, report_of
from ircal.rules.expand import expand

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from ircal.checks import Report
    from ircal.checks.finding import Finding
    from ircal.errors import Problem
    from ircal.feeds import Feed
    from ircal.model.program import Calendar, Program, Window
    from ircal.model.schedule import Occurrence, Schedule
    from ircal.recall import Recall
    from ircal.rules.roster import Roster


@dataclass(frozen=True, slots=True)
class Published:
    """A calendar as phones have it, and the instant since when it says what it says (UTC)."""

    feed: Feed
    changed: datetime


@dataclass(frozen=True)
class Ground:
    """A programme as people may see it, and what follows from it; meant to be read only.

    `schedule` holds all years that the programme is kept for; `published` is by calendar id, and holds the years that
    calendars show. `findings` are what problems tell together, one by one.
    """

    schedule: Schedule
    problems: tuple[Problem, ...]
    findings: tuple[Finding, ...]
    report: Report
    published: Mapping[str, Published]
    facts: checks.Ground

    @classmethod
    def of(
        cls, program: Program, window: Window, published: Mapping[str, Published], today: date, recall: Recall
    ) -> Self:
        """That of a programme, whose years are in the window. The `recall` of an earlier edition saves most of it."""
        schedule = expand(program, window, recall)
        examined = examine(schedule, recall, today)
        facts = checks.Ground.of(schedule, recall)
        report = report_of(schedule, examined.problems, recall)
        return cls(schedule, examined.problems, examined.findings, report, published, facts)

    @property
    def program(self) -> Program:
        """What all of it follows from."""
        return self.schedule.program

    @property
    def zone(self) -> ZoneInfo:
        """The programme's time zone."""
        return self.program.settings.zone

    @property
    def roster(self) -> Roster:
        """Who works where on which day."""
        return self.facts.roster

    @cached_property
    def public_calendars(self) -> tuple[Calendar, ...]:
        """Those that anybody may have, by name."""
        return tuple(
            sorted((each for each in self.program.calendars.values() if each.public), key=lambda each: each.name)
        )

    @cached_property
    def _occurrences(self) -> tuple[Occurrence, ...]:
        return self.schedule.occurrences

    def concerning(self, person: str) -> tuple[Occurrence, ...]:
        """What concerns somebody, in order of time, in the words of the programme."""
        return tuple(each for each in self._occurrences if each.concerns(person))

    def calendar_of(self, person: str) -> Calendar | None:
        """The person's own calendar; None where the programme gives them none."""
        own = (each for each in self.program.calendars.values() if each.kind == "resident" and each.of == person)
        return next(own, None)
