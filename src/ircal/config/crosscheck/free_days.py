"""Holiday calendars: countries, subdivisions and names that the `holidays` library knows, and no circle of includes."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import holidays as library

from ircal.config.sections import subject
from ircal.errors import Problem
from ircal.wording import closest, quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ircal.config.draft import Draft
    from ircal.model.holidays import HolidayCalendar

_YEARS = 10
"""For how many years the names of holidays are looked up; some are not kept every year."""


def check(draft: Draft) -> Iterator[Problem]:
    """Holiday calendars that cannot be worked out."""
    calendars = draft.program.holidays
    for calendar in calendars.values():
        yield from _known_to_the_library(calendar, draft)
        circle = _circle(calendar, calendars)
        # Of a circle, the first in order of name tells it.
        if circle and calendar.id == min(circle):
            place = draft.written.place("holidays", calendar.id, "include")
            message = f"holiday calendars include one another in a circle: {' > '.join([*circle, circle[0]])}"
            yield Problem("holidays-circle", message, place, "take one `include` out")


def _circle(calendar: HolidayCalendar, calendars: Mapping[str, HolidayCalendar]) -> list[str]:
    """The ids from the calendar back to itself; none when it is not part of a circle."""
    path = [calendar.id]
    following = calendar.include
    while following is not None and following in calendars and following not in path:
        path.append(following)
        following = calendars[following].include
    return path if following == calendar.id else []


def _known_to_the_library(calendar: HolidayCalendar, draft: Draft) -> Iterator[Problem]:
    told = subject("holidays", calendar.id)

    def problem(code: str, key: str, message: str, hint: str, *path: int) -> Problem:
        return Problem(code, f"{told} {message}", draft.written.place("holidays", calendar.id, key, *path), hint)

    if not calendar.country:
        for key in ("subdivision", "names"):
            if getattr(calendar, key):
                yield problem("missing-key", key, f"has `{key}` without a `country`", "add the country, such as US")
        return
    countries = library.list_supported_countries(include_aliases=True)
    if calendar.country not in countries:
        message = f"has a country that is not known: {quote(calendar.country)}"
        yield problem("unknown-country", "country", message, closest(calendar.country, countries))
        return
    subdivisions = countries[calendar.country]
    if calendar.subdivision and calendar.subdivision not in subdivisions:
        message = f"has a subdivision that {calendar.country} has not: {quote(calendar.subdivision)}"
        yield problem("unknown-subdivision", "subdivision", message, closest(calendar.subdivision, subdivisions))
        return
    if not (calendar.names and draft.settled):  # which holidays there are depends on the years
        return
    names = _names(calendar.country, calendar.subdivision or None, draft.program.settings.first_year)
    for number, name in enumerate(calendar.names):
        if name not in names:
            message = f"names a holiday that {calendar.country} {calendar.subdivision}".rstrip()
            yield problem(
                "unknown-holiday", "names", f"{message} does not have: {quote(name)}", closest(name, names), number
            )


@lru_cache(maxsize=256)
def _names(country: str, subdivision: str | None, first_year: int) -> frozenset[str]:
    """What the library calls the holidays, in the same way as `ircal.rules.days_off` asks it."""
    years = range(first_year, first_year + _YEARS)
    found = library.country_holidays(country, subdiv=subdivision, years=years, observed=False)
    return frozenset(name for names in found.values() for name in names.split("; "))
