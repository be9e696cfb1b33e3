"""Closures: which one, if any, keeps something from taking place at a site.

A closure is written in the programme's wall-clock time, as sessions and duties are, and is compared by that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ircal.model.overrides import Override
    from ircal.model.program import Program

_Closed = tuple[datetime, datetime, "Override"]
"""From one wall-clock time to another, both without a zone, and by which override."""


@dataclass(frozen=True, slots=True)
class Closures:
    """The closures of a programme by site, each site's in the order in which they are written."""

    _of_sites: Mapping[str, tuple[_Closed, ...]]

    @classmethod
    def of(cls, program: Program) -> Closures:
        """Those of a programme."""
        found: dict[str, tuple[_Closed, ...]] = {}
        for override in program.overrides:
            if closed := override.close:
                for site in dict.fromkeys(closed.sites):
                    found[site] = (*found.get(site, ()), (closed.start, closed.end, override))
        return cls(found)

    def __contains__(self, site: object) -> bool:
        """Whether the site is ever closed."""
        return site in self._of_sites

    def over(self, site: str, start: date | datetime, end: date | datetime) -> Override | None:
        """The closure of the site that overlaps `[start, end)`, if there is one. All-day entries are not touched."""
        closures = self._of_sites.get(site)
        if not closures or not isinstance(start, datetime) or not isinstance(end, datetime):
            return None
        begins, ends = start.replace(tzinfo=None), end.replace(tzinfo=None)
        return next((closure for closes, opens, closure in closures if begins < opens and closes < ends), None)
