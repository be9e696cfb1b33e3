"""Days on which a site does not work, and what a session does when it would fall on one."""

from __future__ import annotations

from datetime import date
from typing import Literal

from ircal.model.values import Id, Name, Value, Words

HolidayAction = Literal["skip", "keep", "previous_workday", "next_workday", "next_week", "flag"]
"""Leave the session out, hold it anyway, or move it: to the nearest working day, or by a week (or more) at a time.

`flag` holds it for the time being, and tells that somebody has to decide.
"""


class ExtraHoliday(Value):
    """A day off that no library knows."""

    on: date
    name: Name


class HolidayCalendar(Value):
    """The days on which a site does not work: from the `holidays` library, another calendar, and a list of its own.

    `observed` moves a holiday that falls on a weekend: `nearest_weekday` (Saturday to Friday, Sunday to Monday),
    `monday`, or `actual` (not at all).
    """

    id: Id
    include: Id | None = None
    country: str = ""
    subdivision: str = ""
    names: Words = ()
    observed: Literal["actual", "nearest_weekday", "monday"] = "nearest_weekday"
    add: tuple[ExtraHoliday, ...] = ()
