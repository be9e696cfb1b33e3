"""The bytes of a feed: an iCalendar object (RFC 5545, RFC 7986) in the subset that every client reads alike.

No METHOD, no RDATE, one EXDATE a line with the TZID of DTSTART, every exception a VEVENT with RECURRENCE-ID of the
same UID, whole days as dates with an exclusive end, and a VTIMEZONE for the zone in use. The same feed and revisions
give the same bytes: DTSTAMP and LAST-MODIFIED are when the content changed, and nothing is taken from a clock.
"""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from icalendar import Calendar, vDuration

from ircal.feeds.expansion import until_of
from ircal.feeds.text import Text, clean, one_line, written
from ircal.feeds.vevent import COLOR, events
from ircal.feeds.vtimezone import vtimezone
from ircal.model.series import Revision

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from ircal.feeds.feed import Feed
    from ircal.model.program import Settings
    from ircal.model.series import Series

_REFRESH = timedelta(hours=1)
"""How often we ask clients to look again; most keep to intervals of their own."""

_END = b"END:VCALENDAR\r\n"
_REMEMBERED = 1 << 13
"""How many UIDs are kept as written for whichever calendar asks next, at about a kilobyte each: a programme's."""


class Written(NamedTuple):
    """The VEVENTs of one UID, and what they were made of."""

    series: Series
    revision: Revision
    zone: str
    dated: bool
    lines: bytes


def render(
    feed: Feed,
    settings: Settings,
    revisions: Mapping[str, Revision],
    removed: Sequence[Series] = (),
    written_before: dict[str, Written] | None = None,
) -> bytes:
    """The feed's .ics, UTF-8 with CRLF, in lines of at most 75 octets; `removed` is told with what it says.

    A UID without a revision is taken to be as it was when the programme was published (`settings.published`). What
    was `written_before` for this calendar, by UID, is not written again; it is brought up to date.
    """
    selection = feed.calendar
    head = _head(selection.name, selection.description, selection.color, settings.timezone)
    told = sorted((*feed.series, *removed), key=attrgetter("uid"))
    if not told or _has_times(told, settings):
        head += _zone(settings.timezone, *_years(feed, removed, settings))
    original = Revision(0, settings.published)
    zone, dated = settings.timezone, feed.calendar.detail == "full"
    known = {} if written_before is None else written_before
    written_now = {
        each.uid: _written(known.get(each.uid), each, revisions.get(each.uid, original), zone, dated=dated)
        for each in told
    }
    known.clear()
    known.update(written_now)
    return head + b"".join(each.lines for each in written_now.values()) + _END


def _written(known: Written | None, series: Series, revision: Revision, zone: str, *, dated: bool) -> Written:
    if known is not None and known.series is series and known[1:4] == (revision, zone, dated):
        return known
    return Written(series, revision, zone, dated, _lines(series, revision, zone, dated=dated))


@lru_cache(maxsize=_REMEMBERED)
def _lines(series: Series, revision: Revision, zone: str, *, dated: bool) -> bytes:
    """The VEVENTs of one UID. Many calendars say the same of it.

    The zone tells apart what is at the same instants in two of them, which compare as equal. In a `dated` one it is
    told when it changed last; that comes from its revision, and is no part of what a revision is counted by.
    """
    note = last_changed(revision.changed, zone) if dated else ""
    return b"".join(events(series, revision, note))


@lru_cache(maxsize=1024)
def last_changed(changed: datetime, zone: str) -> str:
    """`Last changed Tue 15 Sep 2026 04:30 EDT`."""
    return f"Last changed {changed.astimezone(ZoneInfo(zone)):%a %-d %b %Y %H:%M %Z}"


def revision_keys(feed: Feed) -> dict[str, str]:
    """A digest for each UID of the feed: it changes when, and only when, something that a reader can see does."""
    return {series.uid: series.digest for series in feed.series}


@lru_cache(maxsize=1024)
def _head(name: str, description: str, color: str, zone: str) -> bytes:
    """What stands before everything that the calendar holds."""
    calendar = Calendar()
    calendar.add("VERSION", Text("2.0"))
    calendar.add("PRODID", Text("-//ircal//ircal//EN"))
    calendar.add("CALSCALE", Text("GREGORIAN"))
    for key in ("NAME", "X-WR-CALNAME"):
        calendar.add(key, Text(one_line(name)))
    if description:
        for key in ("DESCRIPTION", "X-WR-CALDESC"):
            calendar.add(key, Text(clean(description)))
    if COLOR.fullmatch(color):
        calendar.add("COLOR", Text(color))
    calendar.add("REFRESH-INTERVAL", vDuration(_REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(_REFRESH))
    calendar.add("X-WR-TIMEZONE", Text(zone))
    return written(calendar).removesuffix(_END)


@lru_cache(maxsize=256)
def _zone(key: str, first_year: int, last_year: int) -> bytes:
    """The VTIMEZONE. Most calendars of a programme have the same."""
    return written(vtimezone(key, first_year, last_year))


def _has_times(told: Iterable[Series], settings: Settings) -> bool:
    """Whether a TZID is used: not for whole days, nor in UTC."""
    return settings.timezone != "UTC" and any(not series.all_day for series in told)


def _years(feed: Feed, removed: Iterable[Series], settings: Settings) -> tuple[int, int]:
    years = {edge.year for item in feed.occurrences for edge in (item.nominal, item.start, item.end)}
    years |= {year for series in removed for year in (series.start.year, _last_year(series))}
    years = years or {settings.first_year}
    return min(years), max(years)


def _last_year(series: Series) -> int:
    return until_of(series.rrule).year + 1 if series.rrule else series.end.year
