"""Rules that never happen: a 31 February, a season without the weekday, an end before the first session."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from ircal.config.sections import subject
from ircal.errors import Problem
from ircal.model.recurrence import rrule_parts
from ircal.rules.recurrence import days_of
from ircal.rules.slots import in_season

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ircal.config.draft import Draft
    from ircal.model.conferences import Conference
    from ircal.model.recurrence import Recurrence

_YEARS = 5
_MONTHS = 12


def check(draft: Draft) -> Iterator[Problem]:
    """Conferences and duties without a single day in the programme's first five academic years."""
    program = draft.program
    first, end = (program.year_start(program.settings.first_year + years) for years in (0, _YEARS))
    last = end - timedelta(days=1)
    for conference in program.conferences.values():
        if conference.when and not _happens(conference, conference.when, first, last):
            yield _never(draft, "conferences", conference.id, "when")
    for rotation in program.rotations.values():
        for duty in rotation.duties.values():
            if next(_days_of(duty.when, first, last), None) is None:
                yield _never(draft, "rotations", rotation.id, "duties", duty.id, "when")


def _happens(conference: Conference, rule: Recurrence, first: date, last: date) -> bool:
    begin, end = max(first, conference.start or first), min(last, conference.until or last)
    return any(in_season(conference, day) for day in _days_of(rule, begin, end))


def _days_of(recurrence: Recurrence, first: date, last: date) -> Iterator[date]:
    """The days of the rule, without asking for them where no day can fit: that search ends in the year 9999."""
    parts = rrule_parts(recurrence.rrule)
    stretch = range((last - first).days + 1)
    if any(_fits(parts, first + timedelta(days=number)) for number in stretch):
        yield from days_of(recurrence, first, last)


def _fits(parts: Mapping[str, str], day: date) -> bool:
    """Whether month, day of the month and day of the year (also counted from the end) are among those of the rule."""
    first_of_next = date(day.year + day.month // _MONTHS, day.month % _MONTHS + 1, 1)
    from_month_end = (day - first_of_next).days
    from_year_end = (day - date(day.year + 1, 1, 1)).days
    numbers = {
        "BYMONTH": {day.month},
        "BYMONTHDAY": {day.day, from_month_end},
        "BYYEARDAY": {day.timetuple().tm_yday, from_year_end},
    }
    return all(
        found & {int(text) for text in parts[name].split(",")} for name, found in numbers.items() if name in parts
    )


def _never(draft: Draft, section: str, name: str, *path: str) -> Problem:
    inside = f"`{'.'.join(path[:-1])}` of " if len(path) > 1 else ""
    first = draft.program.settings.first_year
    message = f"{inside}{subject(section, name)} never takes place in the {_YEARS} years from {first}"
    hint = "look at the rule, and at `season`, `from` and `until`"
    return Problem("never-happens", message, draft.written.place(section, name, *path), hint)
