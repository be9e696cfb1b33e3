"""What a Series stands for, worked out by RFC 5545's rules and nothing else.

This is the reader's side, kept apart from the translation in `to_series` so that one can check the other: it knows the
RRULE's text, the EXDATEs and the overrides, and not the rule engine. Slots are counted on the wall clock of DTSTART's
zone (section 3.3.10); those at a time that the clock skips do not count; all last exactly as long as the first, for
that is what DTEND means (section 3.8.5.3); an override takes the place of the slot that its RECURRENCE-ID names.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING

from dateutil.rrule import rrulestr

from ircal.rules.clock import exists

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.model.schedule import Details
    from ircal.model.series import Series

_DAY = timedelta(days=1)
_REMEMBERED = 1 << 12
"""How many rules' dates are kept: those of a year of conferences of some programmes."""


@dataclass(frozen=True, slots=True)
class Instance:
    """One dated event of a Series: dates with an exclusive end, or zone-aware moments in the Series' zone."""

    uid: str
    start: date | datetime
    end: date | datetime
    details: Details


def expand_series(series: Series) -> tuple[Instance, ...]:
    """Every event that the Series stands for, in order of time. Raises ValueError when its rule has no end (UNTIL)."""
    if not series.rrule:
        return (Instance(series.uid, series.start, series.end, series.details),)
    excluded = {instant(value) for value in series.exdates}
    overrides = {instant(override.recurrence_id): override for override in series.overrides}
    length = instant(series.end) - instant(series.start)
    found: list[tuple[datetime, Instance]] = []
    for slot, moment in _slots(series):
        if override := overrides.get(moment):
            instance = Instance(series.uid, override.start, override.end, override.details)
            found.append((instant(override.start), instance))
        elif moment not in excluded:
            found.append((moment, Instance(series.uid, slot, _end(slot, moment, length), series.details)))
    return tuple(instance for _, instance in sorted(found, key=itemgetter(0)))


def instant(value: date | datetime) -> datetime:
    """A moment in UTC, in which all can be compared; a date is taken as its midnight there."""
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return datetime.combine(value, time.min, UTC)


def shown_once(moment: datetime) -> bool:
    """Whether the zone's clock shows this time exactly once that day: not skipped in spring, nor repeated in autumn.

    Python gives such a time either of two offsets, by `fold` (PEP 495).
    """
    return moment.replace(fold=0).utcoffset() == moment.replace(fold=1).utcoffset()


def _slots(series: Series) -> Iterator[tuple[date | datetime, datetime]]:
    """The slots of the rule, each with its instant."""
    text, until = _without_until(series.rrule)
    start = series.start
    if not isinstance(start, datetime):
        midnight = datetime.combine(start, time.min)
        days = (wall.date() for wall in _walls(text, midnight, datetime.combine(until.date(), time.min)))
        yield from ((day, instant(day)) for day in days)
        return
    beyond = until.astimezone(start.tzinfo).replace(tzinfo=None) + _DAY  # the wall clock may repeat an hour
    for wall in _walls(text, start.replace(tzinfo=None), beyond):
        slot = wall.replace(tzinfo=start.tzinfo)
        moment = instant(slot)
        if exists(slot) and moment <= until:
            yield slot, moment


@lru_cache(maxsize=_REMEMBERED)
def _walls(text: str, first: datetime, last: datetime) -> tuple[datetime, ...]:
    """The wall-clock times of a rule from the first to the last. A session is on many calendars, by one rule."""
    return tuple(rrulestr(text, dtstart=first).between(first, last, inc=True))


def until_of(rrule: str) -> datetime:
    """When the last slot of a rule begins, in UTC; ValueError when it has no end."""
    return _without_until(rrule)[1]


def _without_until(rrule: str) -> tuple[str, datetime]:
    """The rule without its UNTIL, and that in UTC."""
    parts = dict(part.split("=", 1) for part in rrule.split(";"))
    until = parts.pop("UNTIL", "")
    if not until:
        msg = f"the rule {rrule} has no UNTIL, and so no end"
        raise ValueError(msg)
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    layout = "%Y%m%dT%H%M%SZ" if "T" in until else "%Y%m%d"
    return text, datetime.strptime(until, layout).replace(tzinfo=UTC)


def _end(slot: date | datetime, moment: datetime, length: timedelta) -> date | datetime:
    return (moment + length).astimezone(slot.tzinfo) if isinstance(slot, datetime) else slot + length
