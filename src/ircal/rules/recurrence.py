"""The days that a Recurrence names, worked out by dateutil on bare dates.

Rules are expanded as dates, and the wall-clock time is put on afterwards in the programme's zone, so that a session at
07:30 is at 07:30 on both sides of a clock change.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from dateutil.rrule import rrulestr

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.model.recurrence import Recurrence

_WEEK = timedelta(days=7)


def days_of(recurrence: Recurrence, first: date, last: date) -> Iterator[date]:
    """The days from `first` to `last` (both included) on which the rule holds, in order.

    Intervals are counted from the recurrence's anchor, and no day before the anchor is named. A rule without an
    anchor is not counted from anywhere, so that it gives the same days whatever stretch is asked for.
    """
    begin = recurrence.anchor or _before(first)
    rule = rrulestr(recurrence.rrule, dtstart=datetime.combine(begin, time.min), ignoretz=True)
    for moment in rule.xafter(datetime.combine(first, time.min), inc=True):
        if moment.date() > last:
            return
        yield moment.date()


def _before(first: date) -> date:
    """A Monday, at least a week before: RRULEs take what they do not say (a weekday, a month day) from their start."""
    return first - timedelta(days=first.weekday()) - _WEEK
