"""The days that a Recurrence names, worked out by dateutil on bare dates.

Rules are expanded as dates, and the wall-clock time is put on afterwards in the programme's zone, so that a session at
07:30 is at 07:30 on both sides of a clock change.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from dateutil.rrule import rrulestr

from ircal.model.recurrence import DAYS, Recurrence
from ircal.model.when import Alternating

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.model.when import When

_WEEK = timedelta(days=7)
_REMEMBERED = 1 << 13
"""How many rules' days are kept, by calendar year."""


def days_of(recurrence: Recurrence, first: date, last: date) -> Iterator[date]:
    """The days from `first` to `last` (both included) on which the rule holds, in order.

    Intervals are counted from the recurrence's anchor, and no day before the anchor is named. A rule without an
    anchor is not counted from anywhere, so that it gives the same days whatever stretch is asked for.
    """
    rrule, anchor = recurrence.rrule, recurrence.anchor
    for year in range(first.year, last.year + 1):
        days = _days_of_year(rrule, anchor, year)
        inside = first.year < year < last.year
        yield from days if inside else days[bisect_left(days, first) : bisect_right(days, last)]


@lru_cache(maxsize=_REMEMBERED)
def _days_of_year(rrule: str, anchor: date | None, year: int) -> tuple[date, ...]:
    """Those of a calendar year. Many people have the same duty, and every calendar the same conference."""
    first, last = datetime(year, 1, 1), datetime(year, 12, 31)  # noqa: DTZ001  # bare dates, which have no zone
    begin = datetime.combine(anchor, time.min) if anchor else _before(first)
    rule = rrulestr(rrule, dtstart=begin, ignoretz=True)
    return tuple(moment.date() for moment in rule.between(first, last, inc=True))


def _before(first: datetime) -> datetime:
    """A Monday, at least a week before: RRULEs take what they do not say (a weekday, a month day) from their start."""
    return first - timedelta(days=first.weekday()) - _WEEK


@lru_cache(maxsize=_REMEMBERED)
def strands_of(when: When) -> tuple[Recurrence, ...]:
    """The RRULEs that together say the rule, one for each week of an alternating one; none where none can say it."""
    if isinstance(when, Recurrence):
        return (when,)
    if not isinstance(when, Alternating):
        return ()
    monday, every = when.anchor - timedelta(days=when.anchor.weekday()), len(when.weeks)
    firsts = [when.anchor] + [
        monday + number * _WEEK + timedelta(days=DAYS.index(days[0]))
        for number, days in enumerate(when.weeks)
        if number
    ]
    return tuple(
        Recurrence(rrule=f"FREQ=WEEKLY;INTERVAL={every};BYDAY={','.join(days)}", at=when.at, anchor=anchor)
        for days, anchor in zip(when.weeks, firsts, strict=True)
    )
