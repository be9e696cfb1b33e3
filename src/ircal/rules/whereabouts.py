"""Where people are at the time of a session: at the site of their rotation, or of a duty that takes them elsewhere.

A rotation has one site, and its duties may be at others: a day at an outpatient centre, a clinic across town. Somebody
is at the site of a duty while it lasts and for less than an hour before and after, which is taken for the way; at any
other time at the site of the rotation. What else the rotation's site decides (an audience of `site`, the calendar of a
site) is of whole days, and stays with the rotation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ircal.rules.clock import span
from ircal.rules.dates import Frame, days_named
from ircal.rules.days_off import shifted
from ircal.rules.exceptions import closure_of

if TYPE_CHECKING:
    from datetime import date

    from ircal.model.people import Standing
    from ircal.model.program import Program
    from ircal.model.rotations import Duty, Rotation
    from ircal.rules.horizon import Horizon
    from ircal.rules.roster import Roster
    from ircal.rules.slot import Slot
    from ircal.rules.standings import Muster

_DAY = timedelta(days=1)
_WAY = timedelta(hours=1)


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
    _known: dict[Muster, tuple[Standing, ...]] = field(default_factory=dict)

    def elsewhere(self, slot: Slot) -> tuple[Elsewhere, ...]:
        """Those who are not at the site of their rotation at the time of the session, by person id."""
        if slot.clock is None or not self.duties.days:
            return ()
        muster = self.roster.musters.on(slot.day)
        found = ((standing, self.duties.near(standing.rotation, slot)) for standing in self._travellers(muster))
        return tuple(
            self._at(standing, duty)
            for standing, duty in found
            if duty and (duty.site or standing.site) != standing.site
        )

    def _at(self, standing: Standing, duty: Duty) -> Elsewhere:
        site = self.roster.program.sites[duty.site or standing.site]
        return Elsewhere(standing.person, site.id, site.off_site)

    def _travellers(self, muster: Muster) -> tuple[Standing, ...]:
        if muster not in self._known:
            days = self.duties.days
            self._known[muster] = tuple(each for each in muster.standings if each.rotation in days and not each.away)
        return self._known[muster]


@dataclass(frozen=True)
class Duties:
    """When the duties of the rotations that lead to several sites take place, whoever is on them."""

    program: Program
    horizon: Horizon
    _known: dict[tuple[str, date | datetime, date | datetime], Duty | None] = field(default_factory=dict)

    @cached_property
    def days(self) -> dict[str, dict[str, frozenset[date]]]:
        """The days of each duty, by rotation and duty."""
        return {
            rotation.id: {duty.id: self._days_of(duty, rotation) for duty in rotation.duties.values()}
            for rotation in self.program.rotations.values()
            if any(duty.site not in (None, rotation.site) for duty in rotation.duties.values())
        }

    def _days_of(self, duty: Duty, rotation: Rotation) -> frozenset[date]:
        """Those of a duty that is counted in each person's own stretch are not the same for all, and not looked at."""
        off = self.horizon.days_off(self.program, duty.site or rotation.site)
        named = days_named(duty.when, self.horizon.first - _DAY, self.horizon.last, Frame(self.program, off))
        return frozenset(day for day in (shifted(each, duty.holiday, off) for each in named) if day)

    def near(self, rotation: str, slot: Slot) -> Duty | None:
        """The duty of the rotation that is nearest to the session, and no further from it than the way."""
        start, end = slot.span(self.program.settings.zone)
        known, key = self._known, (rotation, start, end)
        if key not in known:
            works = self.program.rotations[rotation]
            near = (self._near(duty, works, start, end) for duty in works.duties.values())
            known[key] = min((each for each in near if each), key=lambda each: each[:2], default=(0, "", None))[2]
        return known[key]

    def _near(
        self, duty: Duty, rotation: Rotation, start: date | datetime, end: date | datetime
    ) -> tuple[timedelta, str, Duty] | None:
        """How far the duty is from a session in time, if it is less than the way, and takes place."""
        if not isinstance(start, datetime) or not isinstance(end, datetime):
            return None
        program, zone = self.program, self.program.settings.zone
        for day in (start.date() - _DAY, start.date()):
            if day in self.days[rotation.id][duty.id]:
                begins, ends = span(day, duty.at, zone)
                far = max(begins - end, start - ends, timedelta())
                site = duty.site or rotation.site
                if far < _WAY and not closure_of(site, begins, ends, program.overrides, zone):
                    return far, duty.id, duty
        return None
