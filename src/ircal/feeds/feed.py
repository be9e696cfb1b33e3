"""The Feed: everything that one calendar says, as dated occurrences and as the Series that carry them.

Both say the same: `expand_series` over `series` gives `occurrences` again. The occurrences are for people (pages,
`ircal show`), the series for calendars (the .ics, Google).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ircal.feeds.select import select
from ircal.feeds.to_series import to_series

if TYPE_CHECKING:
    from ircal.model.program import Calendar, Window
    from ircal.model.schedule import Occurrence, Schedule
    from ircal.model.series import Series


@dataclass(frozen=True, slots=True)
class Feed:
    """What a calendar says.

    `occurrences` are in order of time, then UID, each with the UID of the event that carries it; `series` in order of
    UID. `warnings` tell of rules that could not be said as an RRULE, and whose sessions went out as single events:
    correct, only larger.
    """

    calendar: Calendar
    occurrences: tuple[Occurrence, ...]
    series: tuple[Series, ...]
    warnings: tuple[str, ...] = ()


def make_feed(schedule: Schedule, calendar: Calendar, window: Window | None = None) -> Feed:
    """The feed of one calendar, cut to a window if one is given.

    What is left after the cut has the UIDs that it has in the whole schedule, which should hold whole academic years.
    Raises ProgramError when two sessions of a rule have the same nominal time, and so the same identity.
    """
    carried = to_series(select(schedule, calendar), schedule.program, calendar, window)
    return Feed(calendar, carried.occurrences, carried.series, carried.warnings)
