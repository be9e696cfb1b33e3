"""Closures: which one, if any, keeps something from taking place at a site.

A closure is written in the programme's wall-clock time, as sessions and duties are, and is compared by that.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ircal.model.overrides import Override
    from ircal.model.program import Program

_DAY = timedelta(days=1)

_Closed = tuple[datetime, datetime, "Override"]
"""From one wall-clock time to another, both without a zone, and by which override."""


@dataclass(frozen=True, slots=True)
class Closures:
    """The closures of a programme by site, each site's in the order in which they are written.

    `_days` are those on which something may begin that one of them overlaps: a closure's own days and the one before.
    """

    _of_sites: Mapping[str, list[_Closed]]
    _days: Mapping[str, set[date]]

    @classmethod
    def of(cls, program: Program) -> Closures:
        """Those of a programme."""
        found: dict[str, list[_Closed]] = defaultdict(list)
        days: dict[str, set[date]] = defaultdict(set)
        for override in program.overrides:
            if closed := override.close:
                first, last = closed.start.date() - _DAY, closed.last_day
                for site in dict.fromkeys(closed.sites):
                    found[site].append((closed.start, closed.end, override))
                    days[site].update(first + _DAY * number for number in range((last - first).days + 1))
        return cls(found, days)

    def near(self, site: str, day: date) -> bool:
        """Whether a closure of the site may overlap what begins there that day, which is over by the next day's end."""
        return day in self._days.get(site, ())

    def over(self, site: str, start: date | datetime, end: date | datetime) -> Override | None:
        """The closure of the site that overlaps `[start, end)`, if there is one. All-day entries are not touched."""
        if not isinstance(start, datetime) or not isinstance(end, datetime) or not self.near(site, start.date()):
            return None
        begins, ends = start.replace(tzinfo=None), end.replace(tzinfo=None)
        return next(
            (closure for closes, opens, closure in self._of_sites[site] if begins < opens and closes < ends), None
        )
