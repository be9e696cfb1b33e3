"""Timetables: what a rotation is to all who are on it: when its duties take place, and what its banner says.

A duty is on the same days, at the same times and in the same words for all who have it. So its days are worked out once
for each calendar year, and what somebody has of them is the part that lies in their stretch on the rotation. Nothing is
shared of a duty that is counted in each person's own stretch ("the second Monday of the rotation").
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ircal.model.schedule import Details, Rule, Step
from ircal.model.when import Relative, of_rotation
from ircal.rules.clock import skipped, span
from ircal.rules.closures import Closures
from ircal.rules.dates import Frame, days_named
from ircal.rules.days_off import shifted
from ircal.rules.deeds import closing
from ircal.rules.rule_words import rule_in_words
from ircal.rules.texts import Says, bare, duty_texts, place_text, rotation_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from zoneinfo import ZoneInfo

    from ircal.model.program import Program
    from ircal.model.rotations import Duty, Rotation
    from ircal.model.schedule import Status
    from ircal.rules.dates import Days
    from ircal.rules.days_off import DaysOff
    from ircal.rules.horizon import Horizon

_DAY = timedelta(days=1)


class DutyDay(NamedTuple):
    """A duty on one day: the day that its rule names, and when it takes place. Moments are in the programme's zone.

    `steps` are what moved, kept or cancelled it; `skipped` is an end of it in an hour that the clock skips.
    """

    named: date
    day: date
    nominal: datetime
    start: datetime
    end: datetime
    says: Says
    steps: tuple[Step, ...]
    skipped: datetime | None

    @property
    def closed(self) -> bool:
        """Whether its site is closed then."""
        return self.says.details.status == "CANCELLED"


@dataclass(frozen=True, eq=False)
class Timetable:
    """The days of one duty of a rotation; `off` are those on which its site does not work."""

    duty: Duty
    rotation: Rotation
    program: Program
    off: DaysOff
    closures: Closures
    _years: dict[int, tuple[list[date], list[DutyDay]]] = field(default_factory=dict, repr=False)

    @cached_property
    def rule(self) -> Rule:
        """What makes its occurrences."""
        return Rule("duty", f"{self.rotation.id}/{self.duty.id}")

    @cached_property
    def step(self) -> Step:
        """That the rule gives its days."""
        duty = self.duty
        return Step(f"{duty.name}: {duty.when}", duty.place, rule_in_words(duty.when, self.program))

    @cached_property
    def site(self) -> str:
        """Where it is."""
        return self.duty.site or self.rotation.site

    @property
    def zone(self) -> ZoneInfo:
        """The zone of its times."""
        return self.program.settings.zone

    @property
    def is_elsewhere(self) -> bool:
        """Whether it is at another site than the rotation."""
        return self.site != self.rotation.site

    def within(self, start: date, end: date, whole: Days | None = None) -> list[DutyDay]:
        """What takes place on the days `[start, end)`, by the days that the rule names, if these are in there as well.

        `whole` is the stretch on the rotation that those days are part of.
        """
        return [each for each in self._named_in(start, end, whole) if start <= each.day < end]

    def beyond(self, start: date, end: date, whole: Days | None = None) -> list[DutyDay]:
        """What a holiday moves out of the days `[start, end)`, and is left out because others are there then."""
        return [each for each in self._named_in(start, end, whole) if not start <= each.day < end]

    def _named_in(self, start: date, end: date, whole: Days | None) -> Iterator[DutyDay]:
        return self._made(self.named(start, end, whole)) if of_rotation(self.duty.when) else self._shared(start, end)

    def days(self, start: date, end: date) -> Iterator[date]:
        """The days in `[start, end)` on which it takes place and is not cancelled, if they are the same for all."""
        for named in self.named(start, end):
            day = shifted(named, self.duty.holiday, self.off)
            if day and not (self.closures.near(self.site, day) and self.on(named, day).closed):
                yield day

    def named(self, start: date, end: date, whole: Days | None = None) -> Iterator[date]:
        """The days in `[start, end)` that the rule names, whether it takes place then or not."""
        return days_named(self.duty.when, start, end - _DAY, Frame(self.program, self.off, whole))

    def _shared(self, start: date, end: date) -> Iterator[DutyDay]:
        for year in range(start.year, end.year + 1):
            named, made = self._in_year(year)
            yield from made[bisect_left(named, start) : bisect_left(named, end)]

    def _in_year(self, year: int) -> tuple[list[date], list[DutyDay]]:
        """The days that the rule names in a calendar year and on which it does take place."""
        if year not in self._years:
            frame = Frame(self.program, self.off)
            made = list(self._made(days_named(self.duty.when, date(year, 1, 1), date(year, 12, 31), frame)))
            self._years[year] = [each.named for each in made], made
        return self._years[year]

    def _made(self, named: Iterable[date]) -> Iterator[DutyDay]:
        for each in named:
            day = self._held_on(each)
            if day is not None:
                made = self.on(each, day)
                as_named = day == each and each not in self.off
                yield made if as_named else made._replace(steps=(*made.steps, self._despite(each, day)))

    def _held_on(self, named: date) -> date | None:
        """The day after holidays; what is counted from something may well be on a weekend."""
        return shifted(named, self.duty.holiday, self.off, weekends=isinstance(self.duty.when, Relative))

    def _despite(self, named: date, day: date) -> Step:
        holiday = self._what_it_is(named)
        return Step(f"held although {holiday}" if day == named else f"{holiday}: moved to {day}", self.duty.place)

    def _what_it_is(self, day: date) -> str:
        return f"{day} is {self.off.get(day, f'a {day:%A}')}"

    def left_out(self, named: date) -> Step:
        """Why it does not take place although the rule names the day."""
        day, what = self._held_on(named), self._what_it_is(named)
        moved = f", and on {day}, to which it would be moved, others are on the rotation" if day else ""
        return Step(f"left out: {what}{moved}", self.duty.place)

    def on(self, named: date, day: date) -> DutyDay:
        """The duty of a day that the rule names, on the day on which it takes place, closed or not."""
        start, end = span(day, self.duty.at, self.zone)
        closure = self.closures.over(self.site, start, end)
        steps = (closing(self.site, closure, self.program),) if closure else ()
        says = self._cancelled if closure else self._held
        nominal = start if day == named else span(named, self.duty.at, self.zone)[0]
        return DutyDay(named, day, nominal, start, end, says, steps, skipped(start, end))

    @cached_property
    def _held(self) -> Says:
        return self._saying("CONFIRMED")

    @cached_property
    def _cancelled(self) -> Says:
        return self._saying("CANCELLED")

    def _saying(self, status: Status) -> Says:
        duty, rotation, site, program = self.duty, self.rotation, self.site, self.program
        title, description = duty_texts(duty, rotation, site, program)
        details = Details(
            summary=title,
            description=description,
            location=place_text(site, duty.room, program),
            geo=program.sites[site].geo,
            categories=("Duty",),
            color=rotation.color,
            status=status,
        )
        return Says(details, bare(details, duty.name, site, program))


@dataclass(frozen=True)
class Timetables:
    """Those of all rotations; made once for all who are on them."""

    program: Program
    horizon: Horizon

    def of(self, rotation: str) -> tuple[Timetable, ...]:
        """Those of the duties of a rotation, in the order in which they are written."""
        return self._of_rotations[rotation]

    def banner(self, rotation: str) -> Says:
        """What the banner of a rotation says."""
        return self._banners[rotation]

    @cached_property
    def _banners(self) -> dict[str, Says]:
        return {rotation.id: _banner(rotation, self.program) for rotation in self.program.rotations.values()}

    @cached_property
    def _of_rotations(self) -> dict[str, tuple[Timetable, ...]]:
        program, closures = self.program, Closures.of(self.program)
        return {
            rotation.id: tuple(
                Timetable(duty, rotation, program, self.horizon.days_off(program, duty.site or rotation.site), closures)
                for duty in rotation.duties.values()
            )
            for rotation in program.rotations.values()
        }


def _banner(rotation: Rotation, program: Program) -> Says:
    title, description = rotation_texts(rotation, program)
    details = Details(
        summary=title,
        description=description,
        location=place_text(rotation.site, "", program),
        geo=program.sites[rotation.site].geo,
        categories=("Rotation",),
        color=rotation.color,
        transparent=True,
    )
    return Says(details, bare(details, rotation.name, rotation.site, program))
