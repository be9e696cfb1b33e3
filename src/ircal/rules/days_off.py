"""Days on which a site does not work, and where a session goes that would fall on one.

Holidays come from the `holidays` library by their actual dates; the observed day is worked out here, by the policy of
the calendar, because a hospital's policy is not the law's. Own days are added as they are written.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

import holidays as library

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ircal.model.holidays import HolidayAction, HolidayCalendar

_SATURDAY, _SUNDAY = 5, 6
_SHIFTS_AT_MOST = 60
_TO_A_WORKDAY = ("previous_workday", "next_workday")

DaysOff = dict[date, str]
"""The names of the days off, by date."""


def days_off(calendar: HolidayCalendar, calendars: Mapping[str, HolidayCalendar], years: Iterable[int]) -> DaysOff:
    """All days off of a calendar in some calendar years, including those of the calendars that it includes."""
    years = sorted(set(years))
    included = days_off(calendars[calendar.include], calendars, years) if calendar.include else {}
    own = {extra.on: extra.name for extra in calendar.add}
    return {**included, **_from_library(calendar, years), **own}


def _from_library(calendar: HolidayCalendar, years: list[int]) -> DaysOff:
    if not calendar.country:
        return {}
    # One year more on each side: New Year's Day on a Saturday is observed in the year before.
    return {
        observed(day, calendar.observed): name
        for day, name in _holidays(calendar.country, calendar.subdivision, years[0] - 1, years[-1] + 1)
        if not calendar.names or name in calendar.names
    }


@lru_cache
def _holidays(country: str, subdivision: str | None, first: int, last: int) -> tuple[tuple[date, str], ...]:
    """The holidays of a country by their actual dates. Several calendars may pick from those of one."""
    asked = range(first, last + 1)
    found = library.country_holidays(country, subdiv=subdivision or None, years=asked, observed=False)
    return tuple((day, name) for day, names in sorted(found.items()) for name in names.split("; "))


def observed(day: date, policy: str) -> date:
    """The day on which a holiday is kept, by the calendar's policy for weekends."""
    weekday = day.weekday()
    if weekday < _SATURDAY or policy == "actual":
        return day
    if policy == "nearest_weekday" and weekday == _SATURDAY:
        return day - timedelta(days=1)
    return day + timedelta(days=7 - weekday)


def is_workday(day: date, off: DaysOff) -> bool:
    """Whether it is a weekday that is not a day off."""
    return day.weekday() < _SATURDAY and day not in off


def shifted(day: date, action: HolidayAction, off: DaysOff, *, weekends: bool = False) -> date | None:
    """Where a session of that day takes place when days off are `off`: the day itself, another, or None (skipped).

    With `weekends`, one of a Saturday or Sunday goes to a working day, too, where the action is to go to one.
    """
    on_weekend = weekends and action in _TO_A_WORKDAY and not is_workday(day, off)
    if not (day in off or on_weekend) or action in ("keep", "flag"):
        return day
    if action == "skip":
        return None
    step = {"previous_workday": -1, "next_workday": 1, "next_week": 7}[action]
    for count in range(1, _SHIFTS_AT_MOST):
        candidate = day + timedelta(days=step * count)
        if is_workday(candidate, off) or (action == "next_week" and candidate not in off):
            return candidate
    return None
