"""The horizon: the days that the rules are worked out for, whatever window is asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, timedelta

    from ircal.model.program import Program
    from ircal.rules.days_off import DaysOff


@dataclass(frozen=True, slots=True)
class Horizon:
    """The days from `first` to `last` that the rules are worked out for, and the days off of each holiday calendar.

    It always begins with the programme's first year, whatever window is asked for, so that turns come out the same.
    """

    first: date
    last: date
    years: range
    off: dict[str, DaysOff]

    def days_off(self, program: Program, site: str | None, own: str | None = None) -> DaysOff:
        """The days off of a calendar named outright, else of the site, else of the programme."""
        known = program.sites.get(site or "")
        name = own or (known.holidays if known else None) or program.settings.holidays
        return self.off.get(name or "", {})

    def longer(self, by: timedelta) -> Horizon:
        """The same with some days more at its end."""
        return replace(self, last=self.last + by)
