"""Wall-clock times of the programme made into moments, per date, in its IANA zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from ircal.errors import Problem

if TYPE_CHECKING:
    from datetime import tzinfo
    from zoneinfo import ZoneInfo

    from ircal.model.place import Place
    from ircal.model.values import ClockRange

_DAY = timedelta(days=1)


def at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The moment of a wall-clock time on a day; the earlier one where the clock shows it twice."""
    return datetime.combine(day, clock, tzinfo=zone)


def span(day: date, clock: ClockRange, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Start and end of a time range that begins on that day. The end is a wall time too, on the next day overnight."""
    end_day = day + timedelta(days=1) if clock.overnight else day
    return at(day, clock.start, zone), at(end_day, clock.end, zone)


def exists(moment: datetime) -> bool:
    """Whether the clock ever shows this wall time: not so for the hour that is skipped in spring."""
    zone = moment.tzinfo
    if zone is None or _steady(moment.date(), zone):
        return True
    back = moment.astimezone(UTC).astimezone(zone)
    return back.replace(tzinfo=None) == moment.replace(tzinfo=None)


@lru_cache(maxsize=1 << 14)
def _steady(day: date, zone: tzinfo) -> bool:
    """Whether the clock is not changed on a day, nor close to it: so it is on nearly all days, and shows every time."""
    before, after = (datetime.combine(day + near, time(12), tzinfo=zone) for near in (-_DAY, _DAY))
    return before.utcoffset() == after.utcoffset()


def skipped(start: date | datetime, end: date | datetime) -> datetime | None:
    """The end of a time span that falls into the hour that the clock skips, if one does; never so for whole days."""
    if isinstance(start, datetime) and not exists(start):
        return start
    return end if isinstance(end, datetime) and not exists(end) else None


def skipped_problem(what: str, edge: datetime, zone: ZoneInfo, place: Place) -> Problem:
    """Tell that something begins or ends at a time that the clock never shows on that day."""
    return Problem(
        "time-does-not-exist",
        f"{what} is set for {edge:%a %Y-%m-%d %H:%M}, in the hour that the clock skips there ({zone})",
        place,
        "choose a time outside the hour when clocks go forward",
    )
