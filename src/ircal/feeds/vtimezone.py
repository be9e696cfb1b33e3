"""VTIMEZONE (RFC 5545 section 3.6.5): what a calendar needs to know to read our wall-clock times.

Written by ourselves, since Outlook reads clock changes an hour out when they are listed by date, as the libraries list
them, and right when an RRULE gives them. The RRULE states the zone's present rule for all years; so it is compared
with the time zone data over the years of the feed, and where they differ (Africa/Casablanca suspends its summer time
for Ramadan), or no RRULE by month can say it (Africa/Cairo), the changes of those years are listed after all.

DAYLIGHT is whatever is ahead of the other: Dublin's winter is its STANDARD, though Irish law has it the other way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

from ircal.feeds.posix_tz import parse_footer
from ircal.feeds.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ircal.feeds.posix_tz import PosixZone

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 -- onsets are local times
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Observance:
    """One STANDARD or DAYLIGHT part: from `onset` (by the clock before it, so in `before`) on, `offset` holds."""

    onset: datetime
    before: timedelta
    offset: timedelta
    name: str
    daylight: bool = False
    rrule: str = ""


def vtimezone(key: str, first_year: int, last_year: int) -> Timezone:
    """The VTIMEZONE of an IANA zone, right for every moment of those calendar years (both included)."""
    component = Timezone()
    component.add("TZID", Text(key))
    for observance in observances(key, first_year, last_year):
        component.add_component(_component(observance))
    return component


def _component(observance: Observance) -> TimezoneStandard | TimezoneDaylight:
    part = TimezoneDaylight() if observance.daylight else TimezoneStandard()
    part.add("DTSTART", observance.onset)
    part.add("TZOFFSETFROM", observance.before)
    part.add("TZOFFSETTO", observance.offset)
    part.add("TZNAME", Text(observance.name))
    if observance.rrule:
        part.add("RRULE", vRecur.from_ical(observance.rrule))
    return part


@lru_cache(maxsize=256)
def observances(key: str, first_year: int, last_year: int) -> tuple[Observance, ...]:
    """The parts of a zone's VTIMEZONE: by rule where that holds in those years, else change by change."""
    zone = ZoneInfo(key)
    rule = posix_rule(key)
    if rule is not None and _holds(rule, zone, first_year, last_year):
        return _by_rule(rule) or _listed(zone, first_year, last_year)
    return _listed(zone, first_year, last_year)


@lru_cache(maxsize=256)
def posix_rule(key: str) -> PosixZone | None:
    """The rule that the time zone data gives for the time after its last listed change; None where it gives none.

    This reads a file, which nothing else in the pure core does. It is part of the package `tzdata` that ircal is
    installed with, the same bytes on every call; `zoneinfo`, which does not tell its rules, reads such files itself.
    """
    try:
        data = files("tzdata").joinpath("zoneinfo", *key.split("/")).read_bytes()
        return parse_footer(data.rsplit(b"\n", 2)[1].decode("ascii"))
    except (OSError, IndexError, ValueError):  # a zone of this machine alone, or a file without a footer
        return None


def _by_rule(rule: PosixZone) -> tuple[Observance, ...]:
    if rule.on is None or rule.off is None:
        return (Observance(_EPOCH, rule.offset, rule.offset, rule.name),)
    ahead = rule.dst_offset > rule.offset
    parts = (
        (rule.off, rule.dst_offset, rule.offset, rule.name, not ahead),
        (rule.on, rule.offset, rule.dst_offset, rule.dst_name, ahead),
    )
    made = tuple(
        Observance(change.onset(_EPOCH.year), before, offset, name, daylight, change.rrule())
        for change, before, offset, name, daylight in parts
    )
    return made if all(part.rrule for part in made) else ()


def _holds(rule: PosixZone, zone: ZoneInfo, first_year: int, last_year: int) -> bool:
    """Whether the rule gives the zone's offset at every moment of those years, by any clock on earth."""
    opens, closes = _span(first_year, last_year)
    changes = [change for year in range(first_year - 2, last_year + 3) for change in rule.changes(year)]
    before = [offset for moment, offset in changes if moment <= opens]
    return _offset(zone, opens) == (before[-1] if before else rule.offset) and [
        change for change in changes if opens < change[0] <= closes
    ] == list(_changes(zone, opens, closes))


def _listed(zone: ZoneInfo, first_year: int, last_year: int) -> tuple[Observance, ...]:
    opens, closes = _span(first_year, last_year)
    before = _offset(zone, opens)
    parts = [Observance(_EPOCH, before, before, _name(zone, opens))]
    for moment, offset in _changes(zone, opens, closes):
        onset = moment.replace(tzinfo=None) + before
        parts.append(Observance(onset, before, offset, _name(zone, moment), daylight=offset > before))
        before = offset
    return tuple(parts)


def _span(first_year: int, last_year: int) -> tuple[datetime, datetime]:
    """The years, with the days around them that are in them on some clock."""
    return datetime(first_year, 1, 1, tzinfo=UTC) - _DAY, datetime(last_year + 1, 1, 1, tzinfo=UTC) + _DAY


def _changes(zone: ZoneInfo, opens: datetime, closes: datetime) -> Iterator[tuple[datetime, timedelta]]:
    """Each change of the offset after `opens`: the moment (in UTC), and the offset from then on."""
    day, before = opens, _offset(zone, opens)
    while day < closes:
        day += _DAY
        offset = _offset(zone, day)
        if offset != before:
            yield _turn(zone, day - _DAY, day), offset
            before = offset


def _turn(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The first second at which the offset is that of `after`, found by halving."""
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if _offset(zone, middle) == _offset(zone, after):
            after = middle
        else:
            before = middle
    return after


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta(0)


def _name(zone: ZoneInfo, moment: datetime) -> str:
    return moment.astimezone(zone).tzname() or zone.key
